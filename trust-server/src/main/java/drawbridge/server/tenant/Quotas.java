package drawbridge.server.tenant;

import drawbridge.model.TenantId;
import drawbridge.server.session.DatabaseSessionStore;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.function.LongUnaryOperator;

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
        return room(handle, tenant, "most_users", most -> users(handle, tenant));
    }

    /** Whether a session may be opened. */
    public static Room forSession(Handle handle, TenantId tenant, Instant now) {
        return room(
                handle,
                tenant,
                "most_sessions",
                most -> DatabaseSessionStore.countLive(handle, tenant, now, most));
    }

    /**
     * @param column how many there may be; null in it for any number
     * @param there counts how many there are, up to that number
     */
    private static Room room(
            Handle handle, TenantId tenant, String column, LongUnaryOperator there) {
        return handle.createQuery(
                        "SELECT coalesce("
                                + column
                                + ", -1) FROM tenant WHERE id = :tenant AND state = 'active'")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .findOne()
                .map(most -> most < 0 || there.applyAsLong(most) < most ? Room.FREE : Room.FULL)
                .orElse(Room.CLOSED);
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
