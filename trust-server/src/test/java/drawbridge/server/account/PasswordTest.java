package drawbridge.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class PasswordTest {
    @Test
    void isTheSameHoweverItsLettersWereComposed() {
        Password composed = of("caf\u00e9 au lait");
        Password decomposed = of("cafe\u0301 au lait");

        assertThat(bytes(decomposed)).isEqualTo(bytes(composed));
        assertThat(decomposed.codePoints()).isEqualTo(composed.codePoints()).isEqualTo(12);
    }

    @Test
    void keepsCharactersApartThatOnlyLookAlike() {
        assertThat(bytes(of("\ufb01ne"))).isNotEqualTo(bytes(of("fine")));
    }

    @Test
    void countsCodePointsAndNotUnits() {
        assertThat(of("\ud83d\ude80\ud83d\ude80").codePoints()).isEqualTo(2);
    }

    @Test
    void isTheUtf8OfItsText() {
        assertThat(bytes(of("пароль\u0000🚀")))
                .isEqualTo("пароль\u0000🚀".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isEmptyForHalfACharacter() {
        assertThat(Password.takeOwnership("half \ud83d alone".toCharArray())).isEmpty();
    }

    @Test
    void wipesWhatItWasGivenAndItself() {
        char[] typed = "top secret words".toCharArray();

        Password password = Password.takeOwnership(typed).orElseThrow();
        password.close();

        assertThat(typed).containsOnly('\0');
        assertThatIllegalStateException().isThrownBy(() -> bytes(password));
        assertThat(password).hasToString("Password[redacted]");
    }

    private static Password of(String text) {
        return Password.takeOwnership(text.toCharArray()).orElseThrow();
    }

    private static byte[] bytes(Password password) {
        return password.useBytes(byte[]::clone);
    }
}
