package drawbridge.server.policy;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Versions of policies in the database. Safe for many threads. */
public final class DatabasePolicyStore {
    /**
     * A version without its rules.
     *
     * @param version its number
     * @param at when it was made
     * @param by who made it
     * @param note what was said about it; may be empty
     * @param rules how many rules it has
     */
    public record Version(int version, Instant at, String by, String note, int rules) {}

    private final Database database;

    public DatabasePolicyStore(Database database) {
        this.database = database;
    }

    /** The version in force of every tenant that has one. */
    public List<PolicySet> allInForce() {
        return database.read(
                DataScope.server(Why.SETUP),
                "reading the policies",
                handle -> {
                    List<PolicySet> all = new ArrayList<>();
                    handle.createQuery(
                                    "SELECT tenant_id, max(version) AS version FROM policy_version"
                                            + " GROUP BY tenant_id")
                            .map((row, context) ->
                                    find(
                                            handle,
                                            new TenantId(row.getString("tenant_id")),
                                            row.getInt("version")))
                            .forEach(found -> found.ifPresent(all::add));
                    return all;
                });
    }

    /** One version; empty when there is none of that number. */
    public Optional<PolicySet> find(TenantId tenant, int version) {
        return database.read(
                DataScope.of(tenant),
                "reading a version of the policies",
                handle -> find(handle, tenant, version));
    }

    /** The versions of a tenant, the newest first. */
    public List<Version> versions(TenantId tenant, int limit) {
        return database.read(
                DataScope.of(tenant),
                "listing the versions of the policies",
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT v.*, (SELECT count(*) FROM policy_rule r
                                            WHERE r.tenant_id = v.tenant_id AND r.version = v.version) AS rules
                                        FROM policy_version v WHERE v.tenant_id = :tenant
                                        ORDER BY v.version DESC LIMIT :limit
                                        """)
                                .bind("tenant", tenant.value())
                                .bind("limit", limit)
                                .map((row, context) ->
                                        new Version(
                                                row.getInt("version"),
                                                Times.instant(row.getLong("at")),
                                                row.getString("actor"),
                                                row.getString("note"),
                                                row.getInt("rules")))
                                .list());
    }

    /** Whether there is such a tenant. */
    public boolean hasTenant(TenantId tenant) {
        return database.read(
                DataScope.of(tenant), "looking for a tenant", handle -> hasTenant(handle, tenant));
    }

    static boolean hasTenant(Handle handle, TenantId tenant) {
        return handle.createQuery("SELECT 1 FROM tenant WHERE id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(int.class)
                .findOne()
                .isPresent();
    }

    /** The number of the version in force, inside a transaction; 0 when there is none. */
    static int latest(Handle handle, TenantId tenant) {
        return handle.createQuery(
                        "SELECT coalesce(max(version), 0) FROM policy_version WHERE tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(int.class)
                .one();
    }

    static Optional<PolicySet> find(Handle handle, TenantId tenant, int version) {
        List<PolicyRule> rules =
                handle.createQuery(
                                "SELECT * FROM policy_rule WHERE tenant_id = :tenant"
                                        + " AND version = :version ORDER BY line")
                        .bind("tenant", tenant.value())
                        .bind("version", version)
                        .map((row, context) -> rule(row))
                        .list();
        return handle.createQuery(
                        "SELECT * FROM policy_version WHERE tenant_id = :tenant AND version = :version")
                .bind("tenant", tenant.value())
                .bind("version", version)
                .map((row, context) ->
                        new PolicySet(
                                tenant,
                                version,
                                Times.instant(row.getLong("at")),
                                row.getString("actor"),
                                row.getString("note"),
                                rules))
                .findOne();
    }

    static void insert(Handle handle, PolicySet set) {
        handle.createUpdate(
                        "INSERT INTO policy_version (tenant_id, version, at, actor, note)"
                                + " VALUES (:tenant, :version, :at, :actor, :note)")
                .bind("tenant", set.tenant().value())
                .bind("version", set.version())
                .bind("at", Times.micros(set.at()))
                .bind("actor", set.by())
                .bind("note", set.note())
                .execute();
        for (int i = 0; i < set.rules().size(); i++) {
            PolicyRule rule = set.rules().get(i);
            handle.createUpdate(
                            """
                            INSERT INTO policy_rule (tenant_id, version, line, method, pattern, mode,
                                rate_per_minute, ip_match, least_evidence)
                            VALUES (:tenant, :version, :line, :method, :pattern, :mode,
                                :rate, :ip, :evidence)
                            """)
                    .bind("tenant", set.tenant().value())
                    .bind("version", set.version())
                    .bind("line", i + 1)
                    .bind("method", rule.method())
                    .bind("pattern", rule.pattern().toString())
                    .bind("mode", rule.mode().name())
                    .bind("rate", rule.ratePerMinute())
                    .bind("ip", rule.ipMatch().wireName())
                    .bind("evidence", rule.leastEvidence().wireName())
                    .execute();
        }
    }

    private static PolicyRule rule(ResultSet row) throws SQLException {
        int rate = row.getInt("rate_per_minute");
        Integer ratePerMinute = row.wasNull() ? null : rate;
        return new PolicyRule(
                row.getString("method"),
                switch (RoutePattern.parse(row.getString("pattern"))) {
                    case RoutePattern.Outcome.Good(RoutePattern pattern) -> pattern;
                    case RoutePattern.Outcome.Bad(String why) ->
                            throw new IllegalStateException("a stored pattern " + why);
                },
                ValidationMode.valueOf(row.getString("mode")),
                ratePerMinute,
                IpMatch.parse(row.getString("ip_match")).orElseThrow(),
                DeviceEvidence.parse(row.getString("least_evidence")).orElseThrow());
    }
}
