package drawbridge.console.remote;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.AdminToken;
import drawbridge.console.remote.TokenSeal.Opened;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class TokenSealTest {
    private static final char[] PASSPHRASE = "calm water under a bridge".toCharArray();
    private static final String BOUND = "server one";

    private final TokenSeal seal = new TokenSeal();
    private final AdminToken token =
            AdminToken.of("the-admin-token-of-the-server".getBytes(StandardCharsets.US_ASCII));

    @Test
    void opensWhatItSealedAndNothingElseDoes() {
        SealedToken sealed = seal.seal(token, PASSPHRASE, BOUND);

        assertThat(seal.open(sealed, PASSPHRASE, BOUND)).isEqualTo(new Opened.Token(token));
        assertThat(seal.open(sealed, "calm water under a bridgE".toCharArray(), BOUND))
                .isEqualTo(new Opened.WrongPassphrase());
        assertThat(seal.open(sealed, PASSPHRASE, "another server"))
                .as("it belongs to one server")
                .isEqualTo(new Opened.WrongPassphrase());
        assertThat(seal.seal(token, PASSPHRASE, BOUND)).isNotEqualTo(sealed);
    }

    @Test
    void aPassphraseIsTheSameHoweverItsLettersAreComposed() {
        SealedToken sealed = seal.seal(token, "Brücke über Wasser".toCharArray(), BOUND);

        assertThat(seal.open(sealed, "Bru\u0308cke u\u0308ber Wasser".toCharArray(), BOUND))
                .isInstanceOf(Opened.Token.class);
    }

    @Test
    void printsNothingOfTheToken() {
        SealedToken sealed = seal.seal(token, PASSPHRASE, BOUND);

        assertThat(sealed.toString()).doesNotContain(sealed.sealed(), sealed.salt());
        assertThat(seal.open(sealed, PASSPHRASE, BOUND).toString()).contains("redacted");
    }

    @Test
    void doesNotTakeMemoryThatAFileAsksFor() {
        SealedToken sealed = seal.seal(token, PASSPHRASE, BOUND);
        SealedToken greedy =
                new SealedToken(
                        sealed.kdf(),
                        Integer.MAX_VALUE,
                        sealed.iterations(),
                        sealed.lanes(),
                        sealed.salt(),
                        sealed.cipher(),
                        sealed.nonce(),
                        sealed.sealed());

        assertThat(seal.open(greedy, PASSPHRASE, BOUND)).isInstanceOf(Opened.Unusable.class);
        assertThat(seal.open(damaged(sealed), PASSPHRASE, BOUND))
                .isInstanceOf(Opened.Unusable.class);
    }

    private static SealedToken damaged(SealedToken sealed) {
        return new SealedToken(
                sealed.kdf(),
                sealed.memoryKib(),
                sealed.iterations(),
                sealed.lanes(),
                sealed.salt(),
                sealed.cipher(),
                "no base64!",
                sealed.sealed());
    }
}
