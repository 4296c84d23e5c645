package drawbridge.server.crypto;

import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

import java.util.Arrays;
import java.util.Optional;

/** A public key of Ed25519 (RFC 8032). Immutable; safe for many threads. */
public final class VerifyingKey {
    /** How many bytes a public key has. */
    public static final int BYTES = 32;

    /** How many bytes a signature has. */
    static final int SIGNATURE_BYTES = 64;

    private final Ed25519PublicKeyParameters key;
    private final byte[] bytes;

    private VerifyingKey(Ed25519PublicKeyParameters key) {
        this.key = key;
        this.bytes = key.getEncoded();
    }

    static VerifyingKey of(Ed25519PublicKeyParameters key) {
        return new VerifyingKey(key);
    }

    /** The key with these bytes; empty when they are no point of the curve. */
    public static Optional<VerifyingKey> ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new VerifyingKey(new Ed25519PublicKeyParameters(bytes.clone(), 0)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A copy of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether the private half signed exactly this message. */
    boolean verifies(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_BYTES
                && key.verify(
                        Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Paserk.idOf(this);
    }
}
