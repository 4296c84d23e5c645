package drawbridge.model;

import java.util.Locale;
import java.util.Optional;

/** Which client library a caller is built with. */
public enum CallerKit {
    /** One that knows Drawbridge and keeps to what an answer says it may remember. */
    DRAWBRIDGE,
    /** A stock Flowfull kit: may send the session id in the query, caches until the expiry told. */
    FLOWFULL;

    /** The name in settings and JSON: {@code drawbridge}, {@code flowfull}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kit of that name, in any letter case; empty when there is none. */
    public static Optional<CallerKit> parse(String word) {
        for (CallerKit kit : values()) {
            if (kit.name().equalsIgnoreCase(word)) {
                return Optional.of(kit);
            }
        }
        return Optional.empty();
    }
}
