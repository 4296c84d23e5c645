package drawbridge.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.account.PasswordPolicy.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordPolicyTest {
    private static final CommonPasswords COMMON = CommonPasswords.bundled();
    private static final String EMAIL = "Ada.Lovelace@example.test";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery staple",
                "Kühlschrank-mit-Aussicht",
                "a-long-enough-password",
                "this is my kitchen table",
                "7Qv!xR2#pLm9$kT",
                "пятнадцать букв и больше",
                "sunshine over the harbour"
            })
    void acceptsLongUnexpectedPasswords(String text) {
        assertThat(judge(15, text)).isEqualTo(new Outcome.Accepted());
    }

    @Test
    void countsCharactersAndNotBytesOrUnits() {
        assertThat(judge(15, "🚀🛸🌍🌙⭐☀🪐🌌🌠🎇🎆🌋🗻🏔⛰"))
                .as("15 characters")
                .isEqualTo(new Outcome.Accepted());
        assertThat(judge(15, "🚀🛸🌍🌙⭐☀🪐🌌🌠🎇🎆🌋🗻🏔")).isEqualTo(new Outcome.TooShort(15, 14));
    }

    @Test
    void acceptsSixtyFourAndTwoHundredAndFiftySixCharactersAndNoMore() {
        String text = "every word of this sentence adds to the length of it, ".repeat(9);

        assertThat(judge(15, text.substring(0, 64))).isEqualTo(new Outcome.Accepted());
        assertThat(judge(15, text.substring(0, 256))).isEqualTo(new Outcome.Accepted());
        assertThat(judge(15, text.substring(0, 257))).isEqualTo(new Outcome.TooLong(256, 257));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PassWord1",
                "p@ssw0rd123",
                "iloveyou",
                "Summer2026!",
                "passwordpassword1",
                "password1234567",
                "liverpool2024!!!",
                "qwerty-dragon",
                "drawbridge2026",
                "administrator123456789",
                "M1ch43l1234567",
                "lordoftherings!"
            })
    void refusesWhatIsTriedFirst(String text) {
        assertThat(judge(8, text)).isEqualTo(new Outcome.Common());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aaaaaaaaaaaaaaaa",
                "123456789012345",
                "987654321098765",
                "abcdefghijklmno",
                "zyxwvutsrqponml",
                "qwertyuiopasdfg",
                "1qaz2wsx3edc4rfv",
                "abcabcabcabcabc",
                "hunter2hunter2hunter2",
                "1111222233334444",
                "qwerty1234567890",
                "2024202520262027"
            })
    void refusesSequencesWalksAndRepetitions(String text) {
        assertThat(judge(8, text))
                .isIn(new Outcome.Predictable(), new Outcome.Common())
                .isNotEqualTo(new Outcome.Accepted());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada.lovelace",
                "ADA.LOVELACE",
                "ada.lovelace@example.test",
                "ada.lovelace1234",
                "ada.lovelace2026",
                "ada.lovelaceada.lovelace",
                "1ada.lovelace!"
            })
    void refusesTheAccountsOwnName(String text) {
        assertThat(judge(8, text)).isEqualTo(new Outcome.AccountName());
    }

    @Test
    void acceptsTheNameInsideASentence() {
        assertThat(judge(8, "ada.lovelace wrote the first program"))
                .isEqualTo(new Outcome.Accepted());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tiny | The password has 4 characters; use 15 or more.",
                "password1234567 | The password is one of those that are tried first; use words nobody would expect together.",
                "aaaaaaaaaaaaaaaa | The password is a sequence or a repetition; use words nobody would expect together.",
                "ada.lovelace2026 | The password is made of the e-mail address; use words nobody would expect together."
            })
    void saysWhatIsWrong(String text, String sentence) {
        assertThat(judge(15, text).objection()).contains(sentence);
    }

    @Test
    void hasAListWorthItsName() {
        assertThat(COMMON.size()).isGreaterThan(5000);
    }

    private static Outcome judge(int least, String text) {
        try (Password password = Password.takeOwnership(text.toCharArray()).orElseThrow()) {
            return new PasswordPolicy(least, COMMON).judge(password, EMAIL);
        }
    }
}
