package drawbridge.server.token;

import java.util.Locale;

/** What became of a token; whether time has run out is judged apart. */
public enum TokenState {
    /** Nothing yet. */
    OPEN,
    /** It was consumed. */
    SPENT,
    /** Somebody ended it. */
    REVOKED,
    /** A newer token of its purpose took its place. */
    SUPERSEDED;

    /** In lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TokenState of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
