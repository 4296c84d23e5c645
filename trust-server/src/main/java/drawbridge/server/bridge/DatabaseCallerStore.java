package drawbridge.server.bridge;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.bridge.CallerRegistry.Accepted;
import drawbridge.server.bridge.CallerRegistry.SecretHashes;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Callers and the hashes of their secrets in the database. Safe for many threads. */
public final class DatabaseCallerStore {
    private final Database database;
    private final DatabaseAuditLog audit;

    public DatabaseCallerStore(Database database, DatabaseAuditLog audit) {
        this.database = database;
        this.audit = audit;
    }

    /** Every accepted secret version with its caller. */
    public List<Accepted> accepted() {
        return database.read(
                "reading the callers",
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT c.*, k.lookup_hash, k.confirm_hash, k.version
                                        FROM caller c JOIN caller_secret k ON k.caller_id = c.id
                                        WHERE k.state = 'active'
                                        """)
                                .map((row, context) -> accepted(row))
                                .list());
    }

    private static Accepted accepted(ResultSet row) throws SQLException {
        Caller caller =
                new Caller(
                        row.getString("id"),
                        row.getString("name"),
                        new TenantId(row.getString("tenant_id")),
                        CallerKit.parse(row.getString("kit")).orElseThrow(),
                        CallerSignals.parse(row.getString("signals")).orElseThrow(),
                        ValidationMode.valueOf(row.getString("floor_mode")),
                        Duration.ofMillis(row.getLong("lease_millis")));
        return new Accepted(
                caller,
                row.getInt("version"),
                new SecretHashes(row.getBytes("lookup_hash"), row.getBytes("confirm_hash")));
    }

    /** What became of the secret that the environment gives. */
    public enum FromEnvironment {
        /** It is accepted, as it was before. */
        KNOWN,
        /** It is new and accepted from now on; an earlier one from the environment no longer is. */
        NEW,
        /** It was retired or burned and stays so. */
        STAYS_ENDED
    }

    /**
     * Makes the secret of the environment that of the caller, whose other settings are brought up
     * to date.
     */
    public FromEnvironment fromEnvironment(Caller caller, SecretHashes secret, Instant now) {
        return database.write(
                "taking the bridge secret from the environment",
                handle -> {
                    upsert(handle, caller, now);
                    Optional<String> state =
                            handle.createQuery(
                                            "SELECT state FROM caller_secret WHERE lookup_hash = :hash"
                                                    + " AND tenant_id = :tenant")
                                    .bind("hash", secret.lookup())
                                    .bind("tenant", caller.tenant().value())
                                    .mapTo(String.class)
                                    .findOne();
                    if (state.isPresent()) {
                        return state.get().equals("active")
                                ? FromEnvironment.KNOWN
                                : FromEnvironment.STAYS_ENDED;
                    }
                    retireEarlier(handle, caller, now);
                    add(handle, caller, secret, now);
                    return FromEnvironment.NEW;
                });
    }

    private static void upsert(Handle handle, Caller caller, Instant now) {
        handle.createUpdate(
                        """
                        INSERT INTO caller (id, tenant_id, name, kit, signals, floor_mode, lease_millis, created_at)
                        VALUES (:id, :tenant, :name, :kit, :signals, :floor, :lease, :now)
                        ON CONFLICT (id) DO UPDATE SET kit = :kit, signals = :signals, floor_mode = :floor,
                            lease_millis = :lease
                        """)
                .bind("id", caller.id())
                .bind("tenant", caller.tenant().value())
                .bind("name", caller.name())
                .bind("kit", caller.kit().wireName())
                .bind("signals", caller.signals().wireName())
                .bind("floor", caller.floor().name())
                .bind("lease", caller.lease().toMillis())
                .bind("now", Times.micros(now))
                .execute();
    }

    private void retireEarlier(Handle handle, Caller caller, Instant now) {
        int retired =
                handle.createUpdate(
                                """
                                UPDATE caller_secret SET state = 'retired', ended_at = :now
                                WHERE caller_id = :caller AND tenant_id = :tenant
                                  AND origin = 'environment' AND state = 'active'
                                """)
                        .bind("now", Times.micros(now))
                        .bind("caller", caller.id())
                        .bind("tenant", caller.tenant().value())
                        .execute();
        if (retired > 0) {
            audit.append(
                    handle,
                    AuditEntry.of(caller.tenant(), now, "secret.retired", "server")
                            .because(
                                    caller.name() + ": another one came by the environment", null));
        }
    }

    private void add(Handle handle, Caller caller, SecretHashes secret, Instant now) {
        handle.createUpdate(
                        """
                        INSERT INTO caller_secret (lookup_hash, confirm_hash, tenant_id, caller_id, version,
                            origin, state, created_at)
                        SELECT :lookup, :confirm, :tenant, :caller, coalesce(max(version), 0) + 1,
                            'environment', 'active', :now
                        FROM caller_secret WHERE caller_id = :caller AND tenant_id = :tenant
                        """)
                .bind("lookup", secret.lookup())
                .bind("confirm", secret.confirm())
                .bind("tenant", caller.tenant().value())
                .bind("caller", caller.id())
                .bind("now", Times.micros(now))
                .execute();
        audit.append(
                handle,
                AuditEntry.of(caller.tenant(), now, "secret.added", "server")
                        .because(caller.name() + ": by the environment", null));
    }
}
