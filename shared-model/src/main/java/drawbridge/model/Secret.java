package drawbridge.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Bytes that nobody else should see: a key, a token, a bridge secret. Never printed, compared in
 * constant time, wiped on {@link #close()}. Safe for many threads, as long as none of them uses it
 * while another closes it.
 */
public final class Secret implements AutoCloseable {
    private final byte[] bytes;
    private volatile boolean wiped;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A secret of these very bytes: they belong to it from now on and are wiped with it. */
    public static Secret takeOwnership(byte[] bytes) {
        return new Secret(bytes);
    }

    /** A secret of a copy of these bytes. */
    public static Secret copyOf(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** A secret of this text in UTF-8. The text itself cannot be wiped by this class. */
    public static Secret ofText(CharSequence text) {
        byte[] room = new byte[3 * text.length()]; // a char is at most three bytes
        ByteBuffer encoded = ByteBuffer.wrap(room);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), encoded, true);
        byte[] exact = Arrays.copyOf(room, encoded.position());
        Arrays.fill(room, (byte) 0);
        return new Secret(exact);
    }

    /**
     * Lends the bytes to {@code work} for as long as it runs. They must not be changed or kept.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public <R> R use(Function<byte[], R> work) {
        if (wiped) {
            throw new IllegalStateException("the secret was wiped before it was used");
        }
        return work.apply(bytes);
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /** Overwrites the bytes; from then on the secret can no longer be used. */
    @Override
    public void close() {
        wiped = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** Whether both hold the same bytes, found in a time that does not depend on them. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** The same for every secret: a hash of the bytes would tell about them. */
    @Override
    public int hashCode() {
        return Secret.class.getName().hashCode();
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
