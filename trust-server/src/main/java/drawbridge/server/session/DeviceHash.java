package drawbridge.server.session;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The keyed hash of what a client told of its device; the value itself is kept nowhere. 32 bytes.
 */
public final class DeviceHash {
    private final byte[] hash;

    /** The hash with these bytes, which are copied. */
    public DeviceHash(byte[] hash) {
        this.hash = hash.clone();
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return hash.clone();
    }

    /** A short name to tell devices apart, such as {@code dev-1f0c9a2b}. */
    public String label() {
        return "dev-" + HexFormat.of().formatHex(hash, 0, 4);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceHash that && MessageDigest.isEqual(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return label();
    }
}
