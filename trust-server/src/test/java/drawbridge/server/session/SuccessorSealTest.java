package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.server.crypto.Sealer;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class SuccessorSealTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void isOpenedByTheSameSecretForTheSamePurposeAndPlaceOnly() {
        byte[] sealed =
                Sealer.underSecret(bytes("old id"), "purpose").seal(bytes("new id"), bytes("here"));

        assertThat(Sealer.underSecret(bytes("old id"), "purpose").open(sealed, bytes("here")))
                .isEqualTo(bytes("new id"));
        assertThatThrownBy(() ->
                        Sealer.underSecret(bytes("old ie"), "purpose").open(sealed, bytes("here")))
                .isInstanceOf(Sealer.BrokenSealException.class);
        assertThatThrownBy(() ->
                        Sealer.underSecret(bytes("old id"), "other").open(sealed, bytes("here")))
                .isInstanceOf(Sealer.BrokenSealException.class);
        assertThatThrownBy(() ->
                        Sealer.underSecret(bytes("old id"), "purpose").open(sealed, bytes("there")))
                .isInstanceOf(Sealer.BrokenSealException.class);
    }
}
