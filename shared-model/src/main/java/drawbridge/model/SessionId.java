package drawbridge.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What is stored and cached of a session's secret: the SHA-256 of the token the client holds.
 * Nobody can present it. 32 bytes, in whose order ids are compared.
 */
public final class SessionId implements Comparable<SessionId> {
    /** How many bytes an id has. */
    public static final int BYTES = 32;

    private final byte[] hash;

    private SessionId(byte[] hash) {
        this.hash = hash;
    }

    /**
     * The id with these 32 bytes, which are copied.
     *
     * @throws IllegalArgumentException when there are not 32
     */
    public static SessionId ofHash(byte[] hash) {
        if (hash.length != BYTES) {
            throw new IllegalArgumentException("a session id has 32 bytes, not " + hash.length);
        }
        return new SessionId(hash.clone());
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return hash.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionId that && MessageDigest.isEqual(hash, that.hash);
    }

    @Override
    public int hashCode() {
        // A SHA-256 is spread evenly already.
        return ByteBuffer.wrap(hash).getInt();
    }

    @Override
    public int compareTo(SessionId other) {
        return Arrays.compareUnsigned(hash, other.hash);
    }

    /** The first 4 bytes as hex: enough to tell two apart in a log, useless otherwise. */
    @Override
    public String toString() {
        return "SessionId[" + HexFormat.of().formatHex(hash, 0, 4) + "…]";
    }
}
