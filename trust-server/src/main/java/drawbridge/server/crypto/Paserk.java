package drawbridge.server.crypto;

import drawbridge.model.Secret;

import org.bouncycastle.crypto.digests.Blake2bDigest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keys of PASETO version 4 as text (PASERK): {@code k4.public}, {@code k4.secret} and the id {@code
 * k4.pid}, by which a key is named and which is never taken for a key.
 */
public final class Paserk {
    /** What the id of a public key looks like. */
    public static final Pattern ID = Pattern.compile("k4\\.pid\\.[A-Za-z0-9_-]{44}");

    private static final String PUBLIC = "k4.public.";
    private static final String SECRET = "k4.secret.";
    private static final String PID = "k4.pid.";
    private static final int ID_BYTES = 33;

    private Paserk() {}

    /** A public key as text. */
    public static String of(VerifyingKey key) {
        return ofPublic(key.bytes());
    }

    static String ofPublic(byte[] key) {
        return PUBLIC + Base64Url.encode(key);
    }

    /** The public key of that text; empty when it is none. */
    public static Optional<VerifyingKey> readPublic(String text) {
        return publicBytes(text).flatMap(VerifyingKey::ofBytes);
    }

    static Optional<byte[]> publicBytes(String text) {
        return text.startsWith(PUBLIC)
                ? Base64Url.decode(text.substring(PUBLIC.length()))
                        .filter(bytes -> bytes.length == VerifyingKey.BYTES)
                : Optional.empty();
    }

    /** The id of a public key: 33 bytes of BLAKE2b over the kind of id and the key's text. */
    public static String idOf(VerifyingKey key) {
        return id(PID, of(key));
    }

    /** An id of any kind, such as {@code k4.pid.}, of a key's text. */
    static String id(String kind, String paserk) {
        Blake2bDigest digest = new Blake2bDigest(8 * ID_BYTES);
        byte[] message = (kind + paserk).getBytes(StandardCharsets.US_ASCII);
        digest.update(message, 0, message.length);
        byte[] out = new byte[ID_BYTES];
        digest.doFinal(out, 0);
        return kind + Base64Url.encode(out);
    }

    /** A private key as text: its seed, then its public key. For whoever keeps it, not for logs. */
    static String ofSecret(SigningKey key) {
        byte[] both = Arrays.copyOf(key.seed(), SigningKey.SEED_BYTES + VerifyingKey.BYTES);
        System.arraycopy(
                key.verifying().bytes(), 0, both, SigningKey.SEED_BYTES, VerifyingKey.BYTES);
        return SECRET + Base64Url.encode(both);
    }

    /**
     * The private key of that text.
     *
     * @return empty when it is none, or when its public half is another key's: signing with such a
     *     pair gives the seed away
     */
    public static Optional<SigningKey> readSecret(Secret text) {
        return text.use(bytes -> readSecret(new String(bytes, StandardCharsets.US_ASCII)));
    }

    private static Optional<SigningKey> readSecret(String text) {
        if (!text.startsWith(SECRET)) {
            return Optional.empty();
        }
        Optional<byte[]> both = Base64Url.decode(text.substring(SECRET.length()));
        if (both.isEmpty() || both.get().length != SigningKey.SEED_BYTES + VerifyingKey.BYTES) {
            return Optional.empty();
        }
        byte[] seed = Arrays.copyOf(both.get(), SigningKey.SEED_BYTES);
        SigningKey key = SigningKey.ofSeed(seed);
        Arrays.fill(seed, (byte) 0);
        boolean belong =
                Arrays.equals(
                        key.verifying().bytes(),
                        0,
                        VerifyingKey.BYTES,
                        both.get(),
                        SigningKey.SEED_BYTES,
                        both.get().length);
        Arrays.fill(both.get(), (byte) 0);
        return belong ? Optional.of(key) : Optional.empty();
    }
}
