package drawbridge.server.token;

import java.util.Locale;

/** What a trust token must get past, in this order. A client is never told which one stopped it. */
public enum Layer {
    /** Shape, known key, and signature over payload, footer and what it is bound to. */
    SIGNATURE,
    /** Times, purpose, issuer and tenant as the payload has them. */
    EXPIRY,
    /** A fast copy of the token's status; it may refuse early, never accept. */
    CACHED_STATUS,
    /** The token's row: still open, and the very token that was issued. */
    DATABASE_STATUS,
    /** Whoever it was issued to: there, active, in an active tenant. */
    OWNER,
    /** What it acts upon: still the address it was issued for. */
    RESOURCE;

    /** As the audit and the admin API spell it, such as {@code database_status}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
