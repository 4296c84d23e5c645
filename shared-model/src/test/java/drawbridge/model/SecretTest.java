package drawbridge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class SecretTest {
    @Test
    void isEqualByItsBytes() {
        assertThat(Secret.ofText("Zoë 🚀"))
                .isEqualTo(Secret.copyOf("Zoë 🚀".getBytes(StandardCharsets.UTF_8)))
                .isNotEqualTo(Secret.ofText("Zoe 🚀"))
                .isNotEqualTo("Zoë 🚀");
    }

    @Test
    void tellsNothing() {
        Secret secret = Secret.ofText("hunter2");

        assertThat(secret).hasToString("Secret[redacted]");
        assertThat(secret.hashCode()).isEqualTo(Secret.ofText("another").hashCode());
    }

    @Test
    void wipesTheBytesItOwns() {
        byte[] bytes = {1, 2, 3};
        Secret secret = Secret.takeOwnership(bytes);

        secret.close();

        assertThat(bytes).containsOnly(0);
        assertThatIllegalStateException().isThrownBy(() -> secret.use(lent -> lent.length));
    }

    @Test
    void leavesACopiedArrayAlone() {
        byte[] bytes = {1, 2, 3};

        Secret.copyOf(bytes).close();

        assertThat(bytes).containsExactly(1, 2, 3);
    }
}
