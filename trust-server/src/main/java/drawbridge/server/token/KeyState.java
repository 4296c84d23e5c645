package drawbridge.server.token;

import java.util.Locale;

/** A signing key's stage of life. It never goes back. */
public enum KeyState {
    /** Published, and signs nothing yet. */
    NEXT,
    /** Signs. */
    SIGNING,
    /** Signs no more, but tokens it signed may still be good. */
    VERIFYING,
    /** The last token it signed has expired. */
    GONE;

    /** In lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KeyState of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
