package drawbridge.server.account;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A password as somebody typed it, wrapped on arrival and wiped on {@link #close()}. One thread at
 * a time.
 *
 * <p>Its text is normalised to NFC here and nowhere else, so that setting and checking cannot
 * differ. NFC, as RFC 8265 (OpaqueString) and NIST SP 800-63B have it: the same letters typed on
 * another system are the same password, while NFKC would also make different ones equal.
 */
public final class Password implements AutoCloseable {
    private final char[] text;
    private final byte[] utf8;
    private boolean wiped;

    private Password(char[] text, byte[] utf8) {
        this.text = text;
        this.utf8 = utf8;
    }

    /**
     * Wraps what was typed and wipes the array given.
     *
     * @return empty when it is no Unicode text (a half of a surrogate pair stands alone)
     */
    public static Optional<Password> takeOwnership(char[] typed) {
        char[] text = nfc(typed);
        Arrays.fill(typed, '\0');
        byte[] room = new byte[3 * text.length]; // a char is at most three bytes
        try {
            ByteBuffer encoded = ByteBuffer.wrap(room);
            CoderResult result =
                    StandardCharsets.UTF_8
                            .newEncoder()
                            .encode(CharBuffer.wrap(text), encoded, true);
            // A password with a replacement character in it would equal many others.
            return result.isError()
                    ? Optional.empty()
                    : Optional.of(new Password(text, Arrays.copyOf(room, encoded.position())));
        } finally {
            Arrays.fill(room, (byte) 0);
        }
    }

    private static char[] nfc(char[] typed) {
        CharBuffer whole = CharBuffer.wrap(typed);
        if (Normalizer.isNormalized(whole, Normalizer.Form.NFC)) {
            return typed.clone();
        }
        // Rare: the normalizer hands out a String, which nobody can wipe.
        return Normalizer.normalize(whole, Normalizer.Form.NFC).toCharArray();
    }

    /** How many characters it has, as people count them for a minimum: code points. */
    public int codePoints() {
        return Character.codePointCount(text, 0, text.length);
    }

    /** Lends the UTF-8 bytes; they must not be changed or kept. */
    <R> R useBytes(Function<byte[], R> work) {
        requireOpen();
        return work.apply(utf8);
    }

    /** Lends the characters; they must not be changed or kept. */
    <R> R useText(Function<char[], R> work) {
        requireOpen();
        return work.apply(text);
    }

    private void requireOpen() {
        if (wiped) {
            throw new IllegalStateException("the password was wiped before it was used");
        }
    }

    @Override
    public void close() {
        wiped = true;
        Arrays.fill(text, '\0');
        Arrays.fill(utf8, (byte) 0);
    }

    @Override
    public String toString() {
        return "Password[redacted]";
    }
}
