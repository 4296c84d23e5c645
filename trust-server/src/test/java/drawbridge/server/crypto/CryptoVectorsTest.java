package drawbridge.server.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import drawbridge.server.crypto.Sealer.BrokenSealException;
import drawbridge.server.crypto.Vectors.Case;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Project Wycheproof, RFC 4231 and RFC 9421 against what the server signs, hashes and seals by. */
final class CryptoVectorsTest {
    static List<Case> ed25519() {
        return Vectors.wycheproof("wycheproof/ed25519_half.json");
    }

    @ParameterizedTest
    @MethodSource("ed25519")
    void verifiesExactlyTheValidSignatures(Case test) {
        byte[] key = Vectors.hex(test.group().get("publicKey"), "pk");

        assertThat(
                        VerifyingKey.ofBytes(key)
                                .filter(k -> k.verifies(test.hex("msg"), test.hex("sig"))))
                .matches(verified -> verified.isPresent() == test.isValid());
    }

    @Test
    void makesTheSignatureOfRfc9421() {
        JsonNode test = Vectors.read("rfc9421/b26-ed25519.json");
        byte[] message = Vectors.utf8(test, "signature_base");
        SigningKey key =
                SigningKey.ofSeed(
                        Base64Url.decode(test.get("private_seed_b64url").asString()).orElseThrow());

        byte[] signature = key.sign(message);

        assertThat(Base64Url.encode(key.verifying().bytes()))
                .isEqualTo(test.get("public_b64url").asString());
        assertThat(Base64.getEncoder().encodeToString(signature))
                .isEqualTo(test.get("signature_b64").asString());
        assertThat(key.verifying().verifies(message, signature)).isTrue();
    }

    static List<JsonNode> rfc4231() {
        return Vectors.tests("hmac/rfc4231.json");
    }

    @ParameterizedTest
    @MethodSource("rfc4231")
    void computesTheHmacsOfRfc4231(JsonNode test) {
        assertThat(new KeyedHash(Vectors.hex(test, "key_hex")).of(Vectors.hex(test, "data_hex")))
                .isEqualTo(Vectors.hex(test, "hmac_sha256"));
    }

    static List<Case> hmac() {
        return Vectors.wycheproof("wycheproof/hmac_sha256_half.json");
    }

    @ParameterizedTest
    @MethodSource("hmac")
    void computesTheHmacsOfWycheproof(Case test) {
        byte[] tag = test.hex("tag");

        byte[] computed = new KeyedHash(test.hex("key")).of(test.hex("msg"));

        assertThat(Arrays.equals(Arrays.copyOf(computed, tag.length), tag))
                .isEqualTo(test.isValid());
    }

    static List<Case> hkdf() {
        return Vectors.wycheproof("wycheproof/hkdf_sha256_half.json");
    }

    @ParameterizedTest
    @MethodSource("hkdf")
    void derivesTheKeysOfWycheproof(Case test) {
        int size = test.test().get("size").asInt();

        if (test.isValid()) {
            assertThat(Keys.hkdf(test.hex("ikm"), test.hex("salt"), test.hex("info"), size))
                    .isEqualTo(test.hex("okm"));
        } else {
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() ->
                            Keys.hkdf(test.hex("ikm"), test.hex("salt"), test.hex("info"), size));
        }
    }

    static List<Case> aesGcm() {
        return Vectors.wycheproof("wycheproof/aes_gcm_half.json");
    }

    @ParameterizedTest
    @MethodSource("aesGcm")
    void opensExactlyTheValidSeals(Case test) {
        boolean ourNonce = test.group().get("ivSize").asInt() == 96;

        if (ourNonce) {
            opensBySealer(test);
        } else {
            opensByEngine(test); // the format of a seal has room for 96 bits of nonce only
        }
    }

    private static void opensBySealer(Case test) {
        byte[] fingerprint = {1, 2, 3, 4};
        Sealer sealer = new Sealer(test.hex("key"), fingerprint);
        byte[] text = test.hex("ct");
        byte[] tag = test.hex("tag");
        byte[] sealed =
                ByteBuffer.allocate(17 + text.length + tag.length)
                        .put((byte) 1)
                        .put(fingerprint)
                        .put(test.hex("iv"))
                        .put(text)
                        .put(tag)
                        .array();

        if (test.isValid()) {
            assertThat(sealer.open(sealed, test.hex("aad"))).isEqualTo(test.hex("msg"));
        } else {
            assertThatExceptionOfType(BrokenSealException.class)
                    .isThrownBy(() -> sealer.open(sealed, test.hex("aad")));
        }
    }

    private static void opensByEngine(Case test) {
        byte[] text = test.hex("ct");
        byte[] tag = test.hex("tag");
        byte[] both = ByteBuffer.allocate(text.length + tag.length).put(text).put(tag).array();

        if (test.isValid()) {
            assertThat(openByEngine(test, both)).isEqualTo(test.hex("msg"));
        } else {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> openByEngine(test, both));
        }
    }

    private static byte[] openByEngine(Case test, byte[] both) {
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(
                false,
                new AEADParameters(
                        new KeyParameter(test.hex("key")), 128, test.hex("iv"), test.hex("aad")));
        byte[] plain = new byte[cipher.getOutputSize(both.length)];
        int done = cipher.processBytes(both, 0, both.length, plain, 0);
        try {
            cipher.doFinal(plain, done);
        } catch (InvalidCipherTextException e) {
            throw new IllegalArgumentException(e);
        }
        return plain;
    }

    @Test
    void sealsForOnePlaceAndOneKey() {
        Keys keys = new Keys(new byte[32]);
        byte[] here = "here".getBytes(StandardCharsets.UTF_8);
        byte[] there = "there".getBytes(StandardCharsets.UTF_8);
        byte[] sealed = keys.sealerFor("one").seal(here, here);

        assertThat(keys.sealerFor("one").open(sealed, here)).isEqualTo(here);
        assertThatExceptionOfType(BrokenSealException.class)
                .isThrownBy(() -> keys.sealerFor("one").open(sealed, there));
        assertThatExceptionOfType(BrokenSealException.class)
                .isThrownBy(() -> keys.sealerFor("two").open(sealed, here));
    }
}
