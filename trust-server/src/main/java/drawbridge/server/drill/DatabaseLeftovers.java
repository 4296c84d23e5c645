package drawbridge.server.drill;

import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;
import drawbridge.server.tenant.DatabaseTenantStore;

import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.List;

/** What is left of runs whose server ended before they did. */
public final class DatabaseLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLeftovers.class);

    private record Left(String run, TenantId tenant, TenantId sandbox) {}

    private DatabaseLeftovers() {}

    /**
     * Removes the sandboxes that this node left behind, with everything in them, and says of their
     * runs that they were interrupted. Comes before anything is read into memory.
     */
    public static void remove(
            Database database,
            DatabaseTenantStore tenants,
            DatabaseAuditLog audit,
            String node,
            Instant now) {
        List<Left> left =
                database.read(
                        DataScope.server(Why.SETUP),
                        "looking for what drills left behind",
                        handle -> left(handle, database.isShared(), node));
        for (Left each : left) {
            database.write(
                    DataScope.server(Why.SETUP),
                    "removing what a drill left behind",
                    handle -> {
                        remove(handle, tenants, audit, each, now);
                        return true;
                    });
            LOG.warn(
                    "a run of drills was interrupted, its sandbox is removed run={} sandbox={}",
                    each.run(),
                    each.sandbox());
        }
    }

    /** Where others share the database, their runs may be under way. */
    private static List<Left> left(Handle handle, boolean isShared, String node) {
        return handle.createQuery(
                        "SELECT id, tenant_id, sandbox FROM drill_run WHERE state = 'running'"
                                + " AND (node = :node OR :alone = 1)")
                .bind("node", node)
                .bind("alone", isShared ? 0 : 1)
                .map((row, context) ->
                        new Left(
                                row.getString("id"),
                                new TenantId(row.getString("tenant_id")),
                                new TenantId(row.getString("sandbox"))))
                .list();
    }

    private static void remove(
            Handle handle,
            DatabaseTenantStore tenants,
            DatabaseAuditLog audit,
            Left left,
            Instant now) {
        if (tenants.find(handle, left.sandbox()).isPresent()) {
            tenants.delete(handle, left.sandbox(), now);
            RevocationLog.appendSettings(
                    handle, SharedSettings.TENANTS, left.sandbox(), now, "server");
        }
        handle.createUpdate(
                        "UPDATE drill_run SET state = 'interrupted', ended_at = :now"
                                + " WHERE tenant_id = :tenant AND id = :id")
                .bind("now", Times.micros(now))
                .bind("tenant", left.tenant().value())
                .bind("id", left.run())
                .execute();
        audit.append(
                handle,
                AuditEntry.of(left.tenant(), now, "drill.interrupted", "server")
                        .detail(left.run() + ", in tenant " + left.sandbox()));
    }
}
