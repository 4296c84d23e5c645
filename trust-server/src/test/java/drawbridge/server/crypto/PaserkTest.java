package drawbridge.server.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Version;

import drawbridge.model.Secret;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/** The official PASERK vectors of version 4, encoded and decoded. */
final class PaserkTest {
    static List<JsonNode> publicKeys() {
        return Vectors.tests("paserk/k4.public-accept.json");
    }

    static List<JsonNode> publicIds() {
        return Vectors.tests("paserk/k4.pid-accept.json");
    }

    static List<JsonNode> secretKeys() {
        return Vectors.tests("paserk/k4.secret-accept.json");
    }

    static List<JsonNode> secretIds() {
        return Vectors.tests("paserk/k4.sid-accept.json");
    }

    static List<JsonNode> localKeys() {
        return Vectors.tests("paserk/k4.local-accept.json");
    }

    static List<JsonNode> localIds() {
        return Vectors.tests("paserk/k4.lid-accept.json");
    }

    static List<JsonNode> wrappedKeys() {
        return Vectors.tests("paserk/k4.secret-pw-accept.json");
    }

    @ParameterizedTest
    @MethodSource("publicKeys")
    void writesAndReadsPublicKeys(JsonNode test) {
        byte[] key = Vectors.hex(test, "key");
        String paserk = test.get("paserk").asString();

        assertThat(Paserk.ofPublic(key)).isEqualTo(paserk);
        assertThat(Paserk.publicBytes(paserk)).hasValue(key);
    }

    @ParameterizedTest
    @MethodSource("publicIds")
    void namesPublicKeysByTheirIds(JsonNode test) {
        String paserk = test.get("paserk").asString();

        assertThat(Paserk.id("k4.pid.", Paserk.ofPublic(Vectors.hex(test, "key"))))
                .isEqualTo(paserk)
                .matches(Paserk.ID);
        assertThat(Paserk.readPublic(paserk)).as("an id is no key").isEmpty();
        assertThat(Paserk.readSecret(Secret.ofText(paserk))).as("an id is no key").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("secretKeys")
    void writesAndReadsSecretKeys(JsonNode test) {
        String paserk = test.get("paserk").asString();

        SigningKey key = Paserk.readSecret(Secret.ofText(paserk)).orElseThrow();

        assertThat(key.seed()).isEqualTo(Vectors.hex(test, "secret-key-seed"));
        assertThat(key.verifying().bytes()).isEqualTo(Vectors.hex(test, "public-key"));
        assertThat(Paserk.ofSecret(key)).isEqualTo(paserk);
        assertThat(key).hasToString("SigningKey[redacted]");
    }

    @ParameterizedTest
    @MethodSource("secretIds")
    void namesSecretKeysByTheirIds(JsonNode test) {
        SigningKey key = SigningKey.ofSeed(Vectors.hex(test, "seed"));

        assertThat(Paserk.id("k4.sid.", Paserk.ofSecret(key)))
                .isEqualTo(test.get("paserk").asString());
    }

    @ParameterizedTest
    @MethodSource("localKeys")
    void writesLocalKeysAndTakesNoneOfThem(JsonNode test) {
        String paserk = test.get("paserk").asString();

        assertThat("k4.local." + Base64Url.encode(Vectors.hex(test, "key"))).isEqualTo(paserk);
        assertThat(Base64Url.decode(paserk.substring("k4.local.".length())))
                .hasValue(Vectors.hex(test, "key"));
        assertThat(Paserk.readPublic(paserk)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("localIds")
    void namesLocalKeysByTheirIds(JsonNode test) {
        String key = "k4.local." + Base64Url.encode(Vectors.hex(test, "key"));

        assertThat(Paserk.id("k4.lid.", key)).isEqualTo(test.get("paserk").asString());
    }

    /** The server wraps keys under its master key instead; the reference here is of the tests. */
    @ParameterizedTest
    @MethodSource("wrappedKeys")
    void unwrapsKeysWrappedWithAPassword(JsonNode test) {
        String header = "k4.secret-pw.";
        byte[] body =
                Base64Url.decode(test.get("paserk").asString().substring(header.length()))
                        .orElseThrow();
        ByteBuffer in = ByteBuffer.wrap(body);
        byte[] salt = take(in, 16);
        long memory = in.getLong();
        int passes = in.getInt();
        int lanes = in.getInt();
        byte[] nonce = take(in, 24);
        byte[] sealed = take(in, in.remaining() - 32);
        byte[] tag = take(in, 32);
        Argon2Advanced argon2 = Argon2Factory.createAdvanced(Argon2Factory.Argon2Types.ARGON2id);
        byte[] preKey =
                argon2.rawHashAdvanced(
                        passes,
                        Math.toIntExact(memory / 1024),
                        lanes,
                        Vectors.utf8(test, "password"),
                        salt,
                        null,
                        null,
                        32,
                        Argon2Version.V13);

        byte[] encryption = Arrays.copyOf(hash((byte) 0xff, preKey), 32);
        byte[] authentication = Arrays.copyOf(hash((byte) 0xfe, preKey), 32);
        byte[] authenticated =
                concat(header.getBytes(US_ASCII), Arrays.copyOf(body, body.length - 32));

        assertThat(PasetoV4Local.blake2b(authentication, 32, authenticated)).isEqualTo(tag);
        assertThat(PasetoV4Local.xchacha20(encryption, nonce, sealed, 0))
                .isEqualTo(Vectors.hex(test, "unwrapped"));
        assertThat(memory).isEqualTo(test.get("options").get("memlimit").asLong());
        assertThat(passes).isEqualTo(test.get("options").get("opslimit").asInt());
    }

    private static byte[] hash(byte domain, byte[] preKey) {
        Blake2bDigest digest = new Blake2bDigest(256);
        digest.update(domain);
        digest.update(preKey, 0, preKey.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }

    private static byte[] take(ByteBuffer in, int bytes) {
        byte[] out = new byte[bytes];
        in.get(out);
        return out;
    }

    private static byte[] concat(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    @Test
    void refusesASecretKeyWithAnotherPublicHalf() {
        JsonNode one = secretKeys().get(0);
        JsonNode two = secretKeys().get(1);
        byte[] mixed = concat(Vectors.hex(one, "secret-key-seed"), Vectors.hex(two, "public-key"));
        String text = "k4.secret." + Base64Url.encode(mixed);

        assertThat(MessageDigest.isEqual(mixed, Vectors.hex(one, "key"))).isFalse();
        assertThat(Paserk.readSecret(Secret.ofText(text))).isEmpty();
        assertThat(Paserk.readSecret(Secret.ofText(text.substring(0, 40)))).isEmpty();
        assertThat(Paserk.readSecret(Secret.ofText("k4.secret"))).isEmpty();
    }
}
