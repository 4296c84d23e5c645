package drawbridge.server.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** The official PASETO v4 vectors in both directions, and what a token must not be. */
final class PasetoV4Test {
    private static final int MOST = 4096;
    private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
    private static final byte[] NONE = {};

    static List<JsonNode> publicCases() {
        return cases(".public.");
    }

    static List<JsonNode> localCases() {
        return cases(".local.");
    }

    private static List<JsonNode> cases(String purpose) {
        return Vectors.tests("paseto/v4-accept.json").stream()
                .filter(test -> test.get("token").asString().contains(purpose))
                .toList();
    }

    @Test
    void theFileHasTheCasesWeThinkItHas() {
        assertThat(publicCases()).hasSize(3);
        assertThat(localCases()).hasSize(9);
    }

    @ParameterizedTest
    @MethodSource("publicCases")
    void signsAndOpensThePublishedTokens(JsonNode test) {
        String token = test.get("token").asString();
        byte[] payload = Vectors.utf8(test, "payload");
        byte[] footer = Vectors.utf8(test, "footer");
        byte[] implicit = Vectors.utf8(test, "implicit-assertion");
        SigningKey key = SigningKey.ofSeed(Vectors.hex(test, "secret-key-seed"));
        VerifyingKey published =
                VerifyingKey.ofBytes(Vectors.hex(test, "public-key")).orElseThrow();

        PasetoV4Public parsed = PasetoV4Public.parse(token, MOST).orElseThrow();

        assertThat(PasetoV4Public.sign(key, payload, footer, implicit)).isEqualTo(token);
        assertThat(key.verifying()).isEqualTo(published);
        assertThat(parsed.unverifiedFooter()).isEqualTo(footer);
        assertThat(parsed.open(published, implicit)).hasValue(payload);
        assertThat(parsed.open(published, "another".getBytes(UTF_8))).isEmpty();
        assertThat(parsed.open(KEY.verifying(), implicit)).isEmpty();
    }

    /** The server issues no v4.local token and takes none; the reference here is of the tests. */
    @ParameterizedTest
    @MethodSource("localCases")
    void encryptsAndDecryptsThePublishedLocalTokensAndTakesNone(JsonNode test) {
        String token = test.get("token").asString();
        byte[] payload = Vectors.utf8(test, "payload");
        byte[] footer = Vectors.utf8(test, "footer");
        byte[] implicit = Vectors.utf8(test, "implicit-assertion");
        byte[] key = Vectors.hex(test, "key");

        assertThat(
                        PasetoV4Local.encrypt(
                                key, Vectors.hex(test, "nonce"), payload, footer, implicit))
                .isEqualTo(token);
        assertThat(PasetoV4Local.decrypt(key, token, implicit)).hasValue(payload);
        assertThat(PasetoV4Public.parse(token, MOST)).isEmpty();
    }

    @Test
    void refusesATokenWithAnyBitFlipped() {
        byte[] implicit = "purpose".getBytes(UTF_8);
        String token =
                PasetoV4Public.sign(
                        KEY, "{\"a\":1}".getBytes(UTF_8), "{\"k\":2}".getBytes(UTF_8), implicit);
        int start = "v4.public.".length();

        for (int at = start; at < token.length(); at++) {
            for (char other : new char[] {'A', 'Q', '_', 'z', '='}) {
                String changed = token.substring(0, at) + other + token.substring(at + 1);
                if (!changed.equals(token)) {
                    assertThat(
                                    PasetoV4Public.parse(changed, MOST)
                                            .flatMap(t -> t.open(KEY.verifying(), implicit)))
                            .as(changed)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void readsNoSecondSpellingOfAToken() {
        // 64 bytes of signature leave two bits over in the last character.
        String token = PasetoV4Public.sign(KEY, NONE, NONE, NONE);
        char last = token.charAt(token.length() - 1);
        String body = token.substring(0, token.length() - 1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        for (int i = 0; i < alphabet.length(); i++) {
            char other = alphabet.charAt(i);
            if (alphabet.indexOf(other) / 16 == alphabet.indexOf(last) / 16 && other != last) {
                assertThat(PasetoV4Public.parse(body + other, MOST)).isEmpty();
            }
        }
        assertThat(PasetoV4Public.parse(token + "=", MOST)).isEmpty();
        assertThat(PasetoV4Public.parse(token + "==", MOST)).isEmpty();
        assertThat(PasetoV4Public.parse(token + ".", MOST)).isEmpty();
        assertThat(PasetoV4Public.parse(token + "\n", MOST)).isEmpty();
        assertThat(PasetoV4Public.parse(" " + token, MOST)).isEmpty();
        assertThat(PasetoV4Public.parse(token, MOST)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v4.public",
                "v4.public.",
                "v4.public.AAAA",
                "V4.public.AAAA",
                "v3.public.AAAA",
                "v4.local.AAAA",
                "v4.public.AAAA.BBBB.CCCC",
                "v4.public.AAAA+AAA",
                "v4.public.AAAA/AAA",
            })
    void takesNothingElseForAToken(String text) {
        assertThat(PasetoV4Public.parse(text, MOST)).isEmpty();
    }

    @Test
    void looksAtTheSizeFirst() {
        String token = PasetoV4Public.sign(KEY, new byte[3000], NONE, NONE);

        assertThat(PasetoV4Public.parse(token, token.length())).isPresent();
        assertThat(PasetoV4Public.parse(token, token.length() - 1)).isEmpty();
    }

    @Test
    void encodesNoTwoListsAlike() {
        assertThat(PasetoV4Public.pae(bytes("a"), bytes("b")))
                .isNotEqualTo(PasetoV4Public.pae(bytes("ab")))
                .isNotEqualTo(PasetoV4Public.pae(bytes("ab"), NONE))
                .isNotEqualTo(PasetoV4Public.pae(NONE, bytes("ab")));
        assertThat(PasetoV4Public.pae()).isEqualTo(new byte[8]);
        assertThat(PasetoV4Public.pae(bytes("test")))
                .isEqualTo(bytes("\1\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0test"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
