package drawbridge.server.tenant;

import drawbridge.model.TenantId;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Dialect;
import drawbridge.server.storage.Times;
import drawbridge.server.tenant.Tenant.Bounds;
import drawbridge.server.tenant.Tenant.Reach;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tenants in the database. Safe for many threads. */
public final class DatabaseTenantStore {
    private final Database database;

    public DatabaseTenantStore(Database database) {
        this.database = database;
    }

    /** Every tenant, by id. */
    List<Tenant> all() {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "listing tenants",
                handle ->
                        handle.createQuery("SELECT * FROM tenant ORDER BY id")
                                .map((row, context) -> tenant(handle, row))
                                .list());
    }

    /** The tenant with that id, in a transaction. */
    public Optional<Tenant> find(Handle handle, TenantId id) {
        return handle.createQuery("SELECT * FROM tenant WHERE id = :id")
                .bind("id", id.value())
                .map((row, context) -> tenant(handle, row))
                .findOne();
    }

    private static Tenant tenant(Handle handle, ResultSet row) throws SQLException {
        TenantId id = new TenantId(row.getString("id"));
        boolean suspended = row.getString("state").equals("suspended");
        Instant suspendedAt = instant(row, "suspended_at");
        Instant created = Times.instant(row.getLong("created_at"));
        return new Tenant(
                id,
                row.getString("name"),
                created,
                suspended ? Optional.ofNullable(suspendedAt).orElse(created) : null,
                instant(row, "exported_at"),
                new Reach(
                        texts(handle, "SELECT origin FROM tenant_origin", id),
                        texts(handle, "SELECT host FROM tenant_host", id)),
                new Bounds(
                        row.getInt("most_users"),
                        row.getInt("most_sessions"),
                        row.getInt("mismatch_limit")));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Times.instant(micros);
    }

    private static Set<String> texts(Handle handle, String select, TenantId id) {
        return handle.createQuery(select + " WHERE tenant_id = :id")
                .bind("id", id.value())
                .mapTo(String.class)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether there is, or ever was, a tenant with that id; in a transaction. */
    boolean wasGiven(Handle handle, TenantId id) {
        return handle.createQuery(
                                "SELECT (SELECT count(*) FROM tenant WHERE id = :id)"
                                        + " + (SELECT count(*) FROM deleted_tenant WHERE id = :id)")
                        .bind("id", id.value())
                        .mapTo(long.class)
                        .one()
                > 0;
    }

    /** Another tenant has that host name; the transaction must be given up. */
    static final class HostTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String host;

        HostTakenException(String host) {
            super("another tenant has the host " + host);
            this.host = host;
        }

        String host() {
            return host;
        }
    }

    /**
     * Writes a tenant as it is to be from now on, in a transaction.
     *
     * @throws HostTakenException when another tenant has one of its host names
     */
    void save(Handle handle, Tenant tenant) {
        handle.createUpdate(
                        """
                        INSERT INTO tenant (id, name, state, created_at, suspended_at, exported_at,
                            most_users, most_sessions, mismatch_limit)
                        VALUES (:id, :name, :state, :created, :suspended, :exported, :users, :sessions, :mismatches)
                        ON CONFLICT (id) DO UPDATE SET name = :name, state = :state, suspended_at = :suspended,
                            exported_at = :exported, most_users = :users, most_sessions = :sessions,
                            mismatch_limit = :mismatches
                        """)
                .bind("id", tenant.id().value())
                .bind("name", tenant.name())
                .bind("state", tenant.isSuspended() ? "suspended" : "active")
                .bind("created", Times.micros(tenant.createdAt()))
                .bind("suspended", micros(tenant.suspendedAt()))
                .bind("exported", micros(tenant.exportedAt()))
                .bind("users", orNull(tenant.bounds().mostUsers()))
                .bind("sessions", orNull(tenant.bounds().mostSessions()))
                .bind("mismatches", orNull(tenant.bounds().mostMismatches()))
                .execute();
        replace(handle, "tenant_origin", "origin", tenant.id(), tenant.reach().corsOrigins());
        replace(handle, "tenant_host", "host", tenant.id(), tenant.reach().hosts())
                .ifPresent(host -> {
                    throw new HostTakenException(host);
                });
    }

    private static @Nullable Long micros(@Nullable Instant at) {
        return at == null ? null : Times.micros(at);
    }

    private static @Nullable Integer orNull(int bound) {
        return bound == 0 ? null : bound;
    }

    /** Gives the first text that is another tenant's: nobody else may see whose it is. */
    private static Optional<String> replace(
            Handle handle, String table, String column, TenantId id, Set<String> texts) {
        handle.createUpdate("DELETE FROM " + table + " WHERE tenant_id = :id")
                .bind("id", id.value())
                .execute();
        for (String text : texts) {
            int added =
                    handle.createUpdate(
                                    "INSERT INTO %s (tenant_id, %s) VALUES (:id, :text)"
                                                    .formatted(table, column)
                                            + " ON CONFLICT DO NOTHING")
                            .bind("id", id.value())
                            .bind("text", text)
                            .execute();
            if (added == 0) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /** What a tenant has at that instant. */
    Tenants.Size size(TenantId id, Instant now) {
        return database.read(
                DataScope.of(id),
                "counting what a tenant has",
                handle ->
                        new Tenants.Size(
                                Quotas.users(handle, id),
                                DatabaseSessionStore.countLive(handle, id, now)));
    }

    /**
     * Every table that holds rows of tenants, found in the schema, so that a table added later
     * cannot be left behind.
     */
    static List<String> tables(Handle handle) {
        return Dialect.of(handle).tablesWith(handle, "tenant_id");
    }

    /** Removes everything a tenant has, and the tenant, in a transaction. */
    public void delete(Handle handle, TenantId id, Instant at) {
        // The tables refer to each other in an order that only the end of all this must satisfy.
        Dialect.of(handle).deferReferences(handle);
        Set<String> goingByThemselves = Dialect.of(handle).goingWithTheirTenant();
        for (String table : tables(handle)) {
            if (goingByThemselves.contains(table)) {
                continue;
            }
            handle.createUpdate("DELETE FROM " + table + " WHERE tenant_id = :id")
                    .bind("id", id.value())
                    .execute();
        }
        handle.createUpdate("DELETE FROM tenant WHERE id = :id").bind("id", id.value()).execute();
        handle.createUpdate("INSERT INTO deleted_tenant (id, deleted_at) VALUES (:id, :at)")
                .bind("id", id.value())
                .bind("at", Times.micros(at))
                .execute();
    }

    /** Hears the rows of an export, table by table. */
    public interface Rows {
        /** Those that follow are of this table. */
        void table(String name);

        /** A row: column to value, which is a text, a number, bytes or null. */
        void row(Map<String, @Nullable Object> row);
    }

    /** A table of an export. */
    private record Exported(String table, String select) {}

    /** What an export holds; a table that is not there yet or no more is left out. */
    private static final List<Exported> EXPORTED =
            List.of(
                    new Exported("user_account", "tenant_id = :id ORDER BY id"),
                    new Exported("caller", "tenant_id = :id ORDER BY id"),
                    new Exported("policy_version", "tenant_id = :id ORDER BY version"),
                    new Exported("policy_rule", "tenant_id = :id ORDER BY version, line"),
                    new Exported("tenant_origin", "tenant_id = :id ORDER BY origin"),
                    new Exported("tenant_host", "tenant_id = :id ORDER BY host"));

    /**
     * Tells a tenant's rows, all of one moment.
     *
     * @param withHashes whether users have their password hashes with them
     */
    void export(TenantId id, boolean withHashes, Rows rows) {
        database.snapshot(
                DataScope.of(id),
                "exporting a tenant",
                handle -> {
                    List<String> there = tables(handle);
                    for (Exported each : EXPORTED) {
                        if (there.contains(each.table())) {
                            rows.table(each.table());
                            tell(handle, id, each, withHashes, rows);
                        }
                    }
                    return true;
                });
    }

    private static void tell(
            Handle handle, TenantId id, Exported each, boolean withHashes, Rows rows) {
        handle.createQuery("SELECT * FROM " + each.table() + " WHERE " + each.select())
                .setFetchSize(Database.FETCHED_AT_ONCE)
                .bind("id", id.value())
                .map((row, context) -> columns(row, withHashes))
                .forEach(rows::row);
    }

    private static Map<String, @Nullable Object> columns(ResultSet row, boolean withHashes)
            throws SQLException {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            String name = row.getMetaData().getColumnName(i);
            if (withHashes || !name.endsWith("_hash")) {
                columns.put(name, row.getObject(i));
            }
        }
        return columns;
    }
}
