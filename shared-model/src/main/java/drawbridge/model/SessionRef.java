package drawbridge.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A session's public reference: random, unrelated to the id, safe to show, to log and to put in a
 * URL.
 *
 * @param value {@code ref_} and 22 characters of base64url
 */
public record SessionRef(String value) {
    private static final Pattern SHAPE = Pattern.compile("ref_[A-Za-z0-9_-]{22}");

    public SessionRef {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a session reference: " + value);
        }
    }

    /** The reference of that text; empty when it has not the shape of one. */
    public static Optional<SessionRef> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new SessionRef(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
