package drawbridge.server.bridge;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.IpNetwork;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.bridge.CallerRegistry.Accepted;
import drawbridge.server.bridge.CallerRegistry.SecretHashes;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Callers and the hashes of their secrets in the database. Safe for many threads. */
public final class DatabaseCallerStore {
    /**
     * When a caller's secret should be rotated.
     *
     * @param every how often
     * @param overlap how long the old one stays accepted
     * @param dueAt when next
     * @param told whether that it is due was told
     */
    public record Schedule(Duration every, Duration overlap, Instant dueAt, boolean told) {}

    /**
     * A caller with what is kept of it besides.
     *
     * @param schedule null when none is set
     */
    record Row(Caller caller, Instant createdAt, @Nullable Schedule schedule) {}

    /**
     * A version of a secret.
     *
     * @param origin {@code environment} or {@code admin}
     * @param state {@code active}, {@code retired} or {@code burned}
     * @param until its announced end; null while it has none
     * @param endedAt when it was retired or burned; null while it is active
     * @param uses how often it was presented, as far as it is written down
     * @param lastUsedAt when last, as far as it is written down; null when never
     */
    record SecretRow(
            int version,
            String origin,
            String state,
            Instant createdAt,
            @Nullable Instant until,
            @Nullable Instant endedAt,
            long uses,
            @Nullable Instant lastUsedAt) {
        boolean isAccepted(Instant now) {
            return state.equals("active") && (until == null || now.isBefore(until));
        }
    }

    /** How often something was used, and when last. */
    record Used(long uses, Instant lastAt) {}

    private final Database database;
    private final DatabaseAuditLog audit;

    public DatabaseCallerStore(Database database, DatabaseAuditLog audit) {
        this.database = database;
        this.audit = audit;
    }

    /** Every active secret version with its caller; some may be past their announced end. */
    public List<Accepted> accepted() {
        return database.read(
                DataScope.server(Why.SETUP),
                "reading the callers",
                handle -> accepted(handle, null));
    }

    /** The same, inside a transaction; of one tenant if one is named. */
    static List<Accepted> accepted(Handle handle, @Nullable TenantId tenant) {
        Query select =
                handle.createQuery(
                        """
                        SELECT c.*, k.lookup_hash, k.confirm_hash, k.version, k.accepted_until
                        FROM caller c JOIN caller_secret k ON k.caller_id = c.id AND k.tenant_id = c.tenant_id
                        WHERE k.state = 'active' AND c.deleted_at IS NULL
                        """
                                + (tenant == null ? "" : " AND c.tenant_id = :tenant"));
        if (tenant != null) {
            select.bind("tenant", tenant.value());
        }
        return select.map((row, context) ->
                        new Accepted(
                                caller(row),
                                row.getInt("version"),
                                new SecretHashes(
                                        row.getBytes("lookup_hash"), row.getBytes("confirm_hash")),
                                instant(row, "accepted_until")))
                .list();
    }

    /** What became of the secret that the environment gives. */
    public enum FromEnvironment {
        /** It is accepted, as it was before. */
        KNOWN,
        /** It is new and accepted from now on; an earlier one from the environment no longer is. */
        NEW,
        /** It was retired or burned, or its announced end is over, and it stays so. */
        STAYS_ENDED
    }

    /**
     * Makes the secret of the environment that of the caller, whose kit, signals, floor and lease
     * are brought up to date. A deleted caller comes back with a new secret only.
     */
    public FromEnvironment fromEnvironment(Caller caller, SecretHashes secret, Instant now) {
        return database.write(
                DataScope.of(caller.tenant()),
                "taking the bridge secret from the environment",
                handle -> {
                    Optional<SecretRow> known =
                            handle.createQuery(
                                            "SELECT * FROM caller_secret WHERE lookup_hash = :hash"
                                                    + " AND tenant_id = :tenant")
                                    .bind("hash", secret.lookup())
                                    .bind("tenant", caller.tenant().value())
                                    .map((row, context) -> secret(row))
                                    .findOne();
                    if (known.isPresent()) {
                        if (updateSettings(handle, caller)) {
                            RevocationLog.appendSettings(
                                    handle, SharedSettings.CALLERS, caller.tenant(), now, "server");
                        }
                        return known.get().isAccepted(now)
                                ? FromEnvironment.KNOWN
                                : FromEnvironment.STAYS_ENDED;
                    }
                    revive(handle, caller, now);
                    retireEarlier(handle, caller, now);
                    addSecret(handle, caller, "environment", secret, now);
                    RevocationLog.appendSecret(
                            handle, caller.tenant(), caller.id(), null, now, "added", "server");
                    audit.append(
                            handle,
                            AuditEntry.of(caller.tenant(), now, "secret.added", "server")
                                    .because(caller.name() + ": by the environment", null));
                    return FromEnvironment.NEW;
                });
    }

    /** Whether something changed by it. */
    private static boolean updateSettings(Handle handle, Caller caller) {
        return handle.createUpdate(
                                """
                                UPDATE caller SET kit = :kit, signals = :signals, floor_mode = :floor, lease_millis = :lease
                                WHERE id = :id AND tenant_id = :tenant AND deleted_at IS NULL
                                  AND NOT (kit = :kit AND signals = :signals AND floor_mode = :floor
                                    AND lease_millis = :lease)
                                """)
                        .bind("kit", caller.kit().wireName())
                        .bind("signals", caller.signals().wireName())
                        .bind("floor", caller.floor().name())
                        .bind("lease", caller.lease().toMillis())
                        .bind("id", caller.id())
                        .bind("tenant", caller.tenant().value())
                        .execute()
                > 0;
    }

    private static void revive(Handle handle, Caller caller, Instant now) {
        if (find(handle, caller.tenant(), caller.id()).isPresent()) {
            boolean _ = updateSettings(handle, caller);
            return;
        }
        int revived =
                handle.createUpdate(
                                "UPDATE caller SET deleted_at = NULL, name = :name"
                                        + " WHERE id = :id AND tenant_id = :tenant")
                        .bind("name", caller.name())
                        .bind("id", caller.id())
                        .bind("tenant", caller.tenant().value())
                        .execute();
        if (revived == 0) {
            insert(handle, caller, now);
        } else {
            boolean _ = updateSettings(handle, caller);
        }
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

    /** Adds a caller, in a transaction. */
    static void insert(Handle handle, Caller caller, Instant now) {
        settings(
                        handle.createUpdate(
                                """
                                INSERT INTO caller (id, tenant_id, name, kit, signals, floor_mode, lease_millis,
                                    remember_millis, scopes, networks, advanced_means, created_at)
                                VALUES (:id, :tenant, :name, :kit, :signals, :floor, :lease,
                                    :remember, :scopes, :networks, :advanced, :now)
                                """),
                        caller)
                .bind("now", Times.micros(now))
                .execute();
    }

    /** Changes a caller's settings, in a transaction. */
    static void update(Handle handle, Caller caller) {
        settings(
                        handle.createUpdate(
                                """
                                UPDATE caller SET name = :name, kit = :kit, signals = :signals, floor_mode = :floor,
                                    lease_millis = :lease, remember_millis = :remember, scopes = :scopes, networks = :networks,
                                    advanced_means = :advanced
                                WHERE id = :id AND tenant_id = :tenant
                                """),
                        caller)
                .execute();
    }

    private static Update settings(Update statement, Caller caller) {
        return statement
                .bind("id", caller.id())
                .bind("tenant", caller.tenant().value())
                .bind("name", caller.name())
                .bind("kit", caller.kit().wireName())
                .bind("signals", caller.signals().wireName())
                .bind("floor", caller.floor().name())
                .bind("lease", caller.lease().toMillis())
                .bind("remember", caller.remember().toMillis())
                .bind(
                        "scopes",
                        caller.scopes().stream()
                                .sorted()
                                .map(Scope::wireName)
                                .collect(Collectors.joining(",")))
                .bind(
                        "networks",
                        caller.networks().stream()
                                .map(IpNetwork::toString)
                                .collect(Collectors.joining(",")))
                .bind("advanced", caller.advancedMeans().wireName());
    }

    /** Frees a caller's name; its secrets must be ended besides. In a transaction. */
    static void delete(Handle handle, Caller caller, Instant now) {
        handle.createUpdate(
                        "UPDATE caller SET deleted_at = :now, name = :gone, rotate_every_millis = NULL"
                                + " WHERE id = :id AND tenant_id = :tenant")
                .bind("now", Times.micros(now))
                .bind("gone", "deleted:" + caller.id())
                .bind("id", caller.id())
                .bind("tenant", caller.tenant().value())
                .execute();
    }

    /**
     * Adds the next version of a secret, in a transaction.
     *
     * @return its number
     */
    static int addSecret(
            Handle handle, Caller caller, String origin, SecretHashes secret, Instant now) {
        return handle.createQuery(
                        """
                        INSERT INTO caller_secret (lookup_hash, confirm_hash, tenant_id, caller_id, version,
                            origin, state, created_at)
                        SELECT :lookup, :confirm, :tenant, :caller, coalesce(max(version), 0) + 1,
                            :origin, 'active', :now
                        FROM caller_secret WHERE caller_id = :caller AND tenant_id = :tenant
                        RETURNING version
                        """)
                .bind("lookup", secret.lookup())
                .bind("confirm", secret.confirm())
                .bind("tenant", caller.tenant().value())
                .bind("caller", caller.id())
                .bind("origin", origin)
                .bind("now", Times.micros(now))
                .mapTo(int.class)
                .one();
    }

    /** Announces the end of every active version that has none or a later one. */
    static void announceEnd(Handle handle, Caller caller, Instant until) {
        handle.createUpdate(
                        """
                        UPDATE caller_secret SET accepted_until = <least>(coalesce(accepted_until, :until), :until)
                        WHERE caller_id = :caller AND tenant_id = :tenant AND state = 'active'
                        """)
                .bind("until", Times.micros(until))
                .bind("caller", caller.id())
                .bind("tenant", caller.tenant().value())
                .execute();
    }

    /**
     * Ends versions.
     *
     * @param version which one; null for all
     * @param state {@code retired} or {@code burned}
     * @return how many were active
     */
    static int endSecrets(
            Handle handle, Caller caller, @Nullable Integer version, String state, Instant now) {
        return handle.createUpdate(
                        """
                        UPDATE caller_secret SET state = :state, ended_at = :now
                        WHERE caller_id = :caller AND tenant_id = :tenant AND state = 'active'
                          AND (:version IS NULL OR version = :version)
                        """)
                .bind("state", state)
                .bind("now", Times.micros(now))
                .bind("caller", caller.id())
                .bind("tenant", caller.tenant().value())
                .bind("version", version)
                .execute();
    }

    /** Sets, changes or takes away a caller's schedule, in a transaction. */
    static void schedule(Handle handle, Caller caller, @Nullable Schedule schedule, Instant now) {
        handle.createUpdate(
                        """
                        UPDATE caller SET rotate_every_millis = :every, rotate_overlap_millis = :overlap,
                            rotate_due_at = :due, rotate_told_at = :told
                        WHERE id = :id AND tenant_id = :tenant
                        """)
                .bind("every", schedule == null ? null : schedule.every().toMillis())
                .bind("overlap", schedule == null ? null : schedule.overlap().toMillis())
                .bind("due", schedule == null ? null : Times.micros(schedule.dueAt()))
                .bind("told", schedule == null || !schedule.told() ? null : Times.micros(now))
                .bind("id", caller.id())
                .bind("tenant", caller.tenant().value())
                .execute();
    }

    /** Whose the caller with that id is. */
    static Optional<TenantId> tenantOf(Handle handle, String id) {
        return handle.createQuery("SELECT tenant_id FROM caller WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(TenantId::new);
    }

    /** A caller that is not deleted. */
    static Optional<Row> find(Handle handle, TenantId tenant, String id) {
        return handle.createQuery(
                        "SELECT * FROM caller"
                                + " WHERE id = :id AND tenant_id = :tenant AND deleted_at IS NULL")
                .bind("id", id)
                .bind("tenant", tenant.value())
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Callers that are not deleted, by tenant and name; those of one tenant if one is named. */
    static List<Row> list(Handle handle, @Nullable TenantId tenant) {
        Query select =
                handle.createQuery(
                        "SELECT * FROM caller WHERE deleted_at IS NULL"
                                + (tenant == null ? "" : " AND tenant_id = :tenant")
                                + " ORDER BY tenant_id, name");
        if (tenant != null) {
            select.bind("tenant", tenant.value());
        }
        return select.map((row, context) -> row(row)).list();
    }

    static boolean hasTenant(Handle handle, TenantId tenant) {
        return handle.createQuery("SELECT 1 FROM tenant WHERE id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(int.class)
                .findOne()
                .isPresent();
    }

    static boolean isNameTaken(Handle handle, TenantId tenant, String name, String otherThan) {
        return handle.createQuery(
                        "SELECT 1 FROM caller WHERE tenant_id = :tenant AND name = :name AND id <> :id")
                .bind("tenant", tenant.value())
                .bind("name", name)
                .bind("id", otherThan)
                .mapTo(int.class)
                .findOne()
                .isPresent();
    }

    /** A caller's versions, the newest first. */
    static List<SecretRow> secrets(Handle handle, Caller caller) {
        return handle.createQuery(
                        "SELECT * FROM caller_secret WHERE caller_id = :caller AND tenant_id = :tenant"
                                + " ORDER BY version DESC")
                .bind("caller", caller.id())
                .bind("tenant", caller.tenant().value())
                .map((row, context) -> secret(row))
                .list();
    }

    /** What a caller used, by kind. */
    static Map<String, Used> used(Handle handle, Caller caller) {
        Map<String, Used> used = new HashMap<>();
        handle.createQuery(
                        "SELECT * FROM caller_use WHERE caller_id = :caller AND tenant_id = :tenant")
                .bind("caller", caller.id())
                .bind("tenant", caller.tenant().value())
                .map((row, context) ->
                        Map.entry(
                                row.getString("kind"),
                                new Used(
                                        row.getLong("uses"),
                                        Times.instant(row.getLong("last_used_at")))))
                .forEach(entry -> used.put(entry.getKey(), entry.getValue()));
        return used;
    }

    private static Row row(ResultSet row) throws SQLException {
        long every = row.getLong("rotate_every_millis");
        Schedule schedule =
                row.wasNull()
                        ? null
                        : new Schedule(
                                Duration.ofMillis(every),
                                Duration.ofMillis(row.getLong("rotate_overlap_millis")),
                                Times.instant(row.getLong("rotate_due_at")),
                                instant(row, "rotate_told_at") != null);
        return new Row(caller(row), Times.instant(row.getLong("created_at")), schedule);
    }

    private static Caller caller(ResultSet row) throws SQLException {
        return new Caller(
                row.getString("id"),
                row.getString("name"),
                new TenantId(row.getString("tenant_id")),
                CallerKit.parse(row.getString("kit")).orElseThrow(),
                CallerSignals.parse(row.getString("signals")).orElseThrow(),
                ValidationMode.valueOf(row.getString("floor_mode")),
                Duration.ofMillis(row.getLong("lease_millis")),
                Duration.ofMillis(row.getLong("remember_millis")),
                scopes(row.getString("scopes")),
                networks(row.getString("networks")),
                AdvancedMeans.parse(row.getString("advanced_means")).orElseThrow());
    }

    private static Set<Scope> scopes(String list) {
        Set<Scope> scopes = new LinkedHashSet<>();
        for (String word : words(list)) {
            scopes.add(Scope.parse(word).orElseThrow());
        }
        return scopes;
    }

    private static List<IpNetwork> networks(String list) {
        List<IpNetwork> networks = new ArrayList<>();
        for (String word : words(list)) {
            networks.add(IpNetwork.parse(word).orElseThrow());
        }
        return networks;
    }

    private static List<String> words(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
    }

    private static SecretRow secret(ResultSet row) throws SQLException {
        return new SecretRow(
                row.getInt("version"),
                row.getString("origin"),
                row.getString("state"),
                Times.instant(row.getLong("created_at")),
                instant(row, "accepted_until"),
                instant(row, "ended_at"),
                row.getLong("uses"),
                instant(row, "last_used_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Times.instant(micros);
    }
}
