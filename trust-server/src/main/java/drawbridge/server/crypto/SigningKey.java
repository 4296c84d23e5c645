package drawbridge.server.crypto;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A private key of Ed25519 (RFC 8032), as its seed of 32 bytes. Never printed; only {@link #seed()}
 * gives it out, to be sealed. Immutable; safe for many threads.
 */
public final class SigningKey {
    /** How many bytes a seed has. */
    public static final int SEED_BYTES = 32;

    private final Ed25519PrivateKeyParameters key;
    private final VerifyingKey verifying;

    private SigningKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
        this.verifying = VerifyingKey.of(key.generatePublicKey());
    }

    /**
     * The key of that seed, which is copied.
     *
     * @throws IllegalArgumentException unless it has 32 bytes
     */
    public static SigningKey ofSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length);
        }
        return new SigningKey(new Ed25519PrivateKeyParameters(seed, 0));
    }

    /** Its public half. */
    public VerifyingKey verifying() {
        return verifying;
    }

    /** A copy of the seed, to be sealed and wiped. */
    public byte[] seed() {
        return key.getEncoded();
    }

    /** The 64 bytes of the signature; the same message always has the same. */
    byte[] sign(byte[] message) {
        byte[] signature = new byte[VerifyingKey.SIGNATURE_BYTES];
        key.sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
        return signature;
    }

    /**
     * The 64 bytes of the signature over the format, a newline and the statement. What a token
     * signs begins with the number of its pieces, 4, in eight bytes; a format begins with a letter,
     * so that neither is ever good for the other.
     *
     * @throws IllegalArgumentException unless the format begins with a letter and is one line
     */
    public byte[] signStatement(String format, byte[] statement) {
        if (!format.matches("[a-z][ -~]*")) {
            throw new IllegalArgumentException("no format of a statement: " + format);
        }
        byte[] first = (format + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(first, first.length + statement.length);
        System.arraycopy(statement, 0, message, first.length, statement.length);
        return sign(message);
    }

    @Override
    public String toString() {
        return "SigningKey[redacted]";
    }
}
