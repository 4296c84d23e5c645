package drawbridge.server.tenant;

import drawbridge.model.TenantId;
import drawbridge.server.session.DatabaseSessionStore;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * Whether a tenant has room for one more, asked in the transaction that adds it: the one writer
 * makes count and change one step.
 */
public final class Quotas {
    /** The answer. */
    public enum Room {
        /** There is room. */
        FREE,
        /** As many as there may be are there. */
        FULL,
        /** The tenant is suspended, or there is none. */
        CLOSED
    }

    private Quotas() {}

    /** Whether a user may be added. */
    public static Room forUser(Handle handle, TenantId tenant) {
        if (!isActive(handle, tenant)) {
            return Room.CLOSED;
        }
        OptionalLong most = most(handle, "most_users", tenant);
        return most.isPresent() && users(handle, tenant) >= most.getAsLong()
                ? Room.FULL
                : Room.FREE;
    }

    /** Whether a session may be opened. */
    public static Room forSession(Handle handle, TenantId tenant, Instant now) {
        if (!isActive(handle, tenant)) {
            return Room.CLOSED;
        }
        OptionalLong most = most(handle, "most_sessions", tenant);
        return most.isPresent()
                        && DatabaseSessionStore.countLive(handle, tenant, now, most.getAsLong())
                                >= most.getAsLong()
                ? Room.FULL
                : Room.FREE;
    }

    private static boolean isActive(Handle handle, TenantId tenant) {
        return handle.createQuery("SELECT state FROM tenant WHERE id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .findOne()
                .filter("active"::equals)
                .isPresent();
    }

    private static OptionalLong most(Handle handle, String column, TenantId tenant) {
        return handle.createQuery(
                        "SELECT "
                                + column
                                + " FROM tenant WHERE id = :tenant AND "
                                + column
                                + " IS NOT NULL")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** How many users the tenant has. */
    static long users(Handle handle, TenantId tenant) {
        return handle.createQuery(
                        "SELECT count(*) FROM user_account WHERE tenant_id = :tenant AND deleted_at IS NULL")
                .bind("tenant", tenant.value())
                .mapTo(long.class)
                .one();
    }
}
