package drawbridge.server.session;

import java.util.Locale;

/** What every node holds in memory and any node may change. */
public enum SharedSettings {
    /** Callers, and what of their secrets is accepted. */
    CALLERS,
    /** The route policies of all tenants. */
    POLICIES,
    /** Tenants: whether they are suspended, their hosts, origins and bounds. */
    TENANTS,
    /** The keys that tokens are signed and verified with. */
    SIGNING_KEYS;

    /** As the revocation log names it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What the revocation log names so.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static SharedSettings of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
