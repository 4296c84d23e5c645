package drawbridge.server.storage;

import drawbridge.model.TenantId;

import org.jspecify.annotations.Nullable;

/**
 * For whom the database is asked. Whoever reads or writes says so each time; the narrowest scope
 * that does is the right one.
 */
public sealed interface DataScope {
    /** One tenant: whatever the work asks, rows of another tenant are neither seen nor changed. */
    record OfTenant(TenantId tenant) implements DataScope {}

    /** The whole server, for a reason that no single tenant could serve. */
    record OfServer(Why why) implements DataScope {}

    /** What may look across tenants. There is no other reason. */
    enum Why {
        /** Done before the server serves: preparing, restoring, moving. */
        SETUP,
        /** Finding whose a secret or a reference is; all else is then done for that tenant. */
        LOOKUP,
        /**
         * An administrator's list, count or change over all tenants, and the tenants themselves.
         */
        OPERATOR,
        /** What the server does by itself: purging, handing over, keys, what it counted. */
        UPKEEP,
        /** Rows of the audit, of many tenants at once, and nothing but those. */
        AUDIT
    }

    /** For that tenant. */
    static DataScope of(TenantId tenant) {
        return new OfTenant(tenant);
    }

    /** For the whole server. */
    static DataScope server(Why why) {
        return new OfServer(why);
    }

    /** For one tenant where one is chosen, else an administrator's look at all of them. */
    static DataScope chosen(@Nullable TenantId tenant) {
        return tenant == null ? server(Why.OPERATOR) : of(tenant);
    }
}
