package drawbridge.server.bridge;

import java.util.Locale;
import java.util.Optional;

/** A right of a caller. */
public enum Scope {
    /** Ask whether a session may be trusted. */
    VALIDATE,
    /** End a session that it presents by its id. */
    REVOKE_OWN,
    /** Ask for trust tokens. */
    ISSUE_TOKEN;

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String use = "scope:" + wireName;

    /** The name in the database and in JSON: {@code validate}, {@code revoke-own}. */
    public String wireName() {
        return wireName;
    }

    /** The name under which its use is counted in the database. */
    String use() {
        return use;
    }

    /** The scope of that name; empty when there is none. */
    public static Optional<Scope> parse(String word) {
        for (Scope scope : values()) {
            if (scope.wireName().equals(word)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
