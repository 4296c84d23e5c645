package drawbridge.server.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 (RFC 2104) under one key. Whoever has not the key can neither compute a hash nor
 * test a guess against one. Immutable; safe for many threads.
 *
 * <p>Asked several times for every validation, so the two halves of the key are digested once and
 * copied for each message, and the platform's SHA-256 is used, which knows the processor's
 * instructions for it.
 */
public final class KeyedHash {
    private static final int BLOCK = 64;

    /** Digests that have taken in the key with either padding, and are only ever copied. */
    private final MessageDigest inner;

    private final MessageDigest outer;

    KeyedHash(byte[] key) {
        byte[] block = Arrays.copyOf(key.length > BLOCK ? sha256().digest(key) : key, BLOCK);
        this.inner = begun(block, (byte) 0x36);
        this.outer = begun(block, (byte) 0x5c);
    }

    private static MessageDigest begun(byte[] block, byte padding) {
        byte[] padded = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            padded[i] = (byte) (block[i] ^ padding);
        }
        MessageDigest digest = sha256();
        digest.update(padded);
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The 32 bytes for a message, which may be empty. */
    public byte[] of(byte[] message) {
        return copy(outer).digest(copy(inner).digest(message));
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
    }

    @Override
    public String toString() {
        return "KeyedHash[redacted]";
    }
}
