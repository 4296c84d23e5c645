package drawbridge.server.crypto;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Base64url without padding (RFC 4648, section 5) where each value has exactly one spelling: bits
 * beyond the last byte must be zero (section 3.5). Otherwise one token could be written in several
 * ways, and whatever remembers it by its text would take them for different ones.
 */
public final class Base64Url {
    private static final Pattern ALPHABET = Pattern.compile("[A-Za-z0-9_-]*");

    private Base64Url() {}

    /** The one spelling of these bytes. */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes of that spelling; empty when it is none, or not the one. */
    public static Optional<byte[]> decode(String text) {
        if (text.length() % 4 == 1 || !ALPHABET.matcher(text).matches()) {
            return Optional.empty();
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    }
}
