package drawbridge.server.crypto;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * HMAC-SHA-256 (RFC 2104) under one key. Whoever has not the key can neither compute a hash nor
 * test a guess against one. Immutable; safe for many threads.
 */
public final class KeyedHash {
    private final KeyParameter key;

    KeyedHash(byte[] key) {
        this.key = new KeyParameter(key);
    }

    /** The 32 bytes for a message, which may be empty. */
    public byte[] of(byte[] message) {
        HMac mac = new HMac(new SHA256Digest()); // holds state, so one for each message
        mac.init(key);
        mac.update(message, 0, message.length);
        byte[] out = new byte[32];
        mac.doFinal(out, 0);
        return out;
    }

    @Override
    public String toString() {
        return "KeyedHash[redacted]";
    }
}
