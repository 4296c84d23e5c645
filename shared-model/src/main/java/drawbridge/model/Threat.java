package drawbridge.model;

import java.util.Locale;
import java.util.Optional;

/** What the server is attacked with: a row of the threat matrix, and the drill that plays it. */
public enum Threat {
    /** A stolen session id is replayed from another device, with all that a script could read. */
    TOKEN_THEFT,
    /** Somebody goes on with a session while one signal after the other is another one. */
    HIJACKING,
    /** A session is used on after it was ended. */
    REVOCATION_WINDOW,
    /** Passwords are guessed: one for many accounts, many for one. */
    BRUTE_FORCE,
    /** A link of a mail is fetched by a scanner, opened twice at once, and once more later. */
    LINK_REPLAY,
    /** Sessions are asked for that no tier holds, and ids that nobody has. */
    COLD_START,
    /**
     * Unsigned and wrongly signed tokens, no or a forged bridge secret, a bridge call of a page.
     */
    AUTH_BYPASS;

    /** The name in JSON, such as {@code token_theft}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The threat of that name; empty when there is none. */
    public static Optional<Threat> parse(String wireName) {
        for (Threat threat : values()) {
            if (threat.wireName().equals(wireName)) {
                return Optional.of(threat);
            }
        }
        return Optional.empty();
    }
}
