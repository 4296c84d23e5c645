package drawbridge.server.drill;

import drawbridge.model.TenantId;
import drawbridge.model.Threat;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs of drills in the database, the newest hundred of each tenant. Safe for many threads. */
final class DatabaseDrillRuns {
    private static final int KEPT = 100;

    private final Database database;
    private final DatabaseAuditLog audit;

    DatabaseDrillRuns(Database database, DatabaseAuditLog audit) {
        this.database = database;
        this.audit = audit;
    }

    /** Notes that a run begins, before there is a sandbox. */
    void begin(DrillRun run, String requestId) {
        TenantId tenant = new TenantId(run.tenant());
        database.write(
                DataScope.of(tenant),
                "beginning a run of drills",
                handle -> {
                    insert(handle, run);
                    forgetOld(handle, tenant);
                    audit.append(
                            handle,
                            AuditEntry.of(tenant, run.startedAt(), "drill.started", run.by())
                                    .request(requestId)
                                    .detail(
                                            "%s: %s, in tenant %s"
                                                    .formatted(
                                                            run.id(),
                                                            run.drills().stream()
                                                                    .map(DrillResult::id)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ", ")),
                                                            run.sandbox())));
                    return true;
                });
    }

    private static void insert(Handle handle, DrillRun run) {
        handle.createUpdate(
                        """
                        INSERT INTO drill_run (id, tenant_id, node, sandbox, state, actor, started_at)
                        VALUES (:id, :tenant, :node, :sandbox, :state, :actor, :started)
                        """)
                .bind("id", run.id())
                .bind("tenant", run.tenant())
                .bind("node", run.node())
                .bind("sandbox", run.sandbox())
                .bind("state", run.state())
                .bind("actor", run.by())
                .bind("started", Times.micros(run.startedAt()))
                .execute();
    }

    private static void forgetOld(Handle handle, TenantId tenant) {
        String old =
                """
                 WHERE tenant_id = :tenant AND state <> 'running' AND started_at <= (SELECT started_at
                    FROM drill_run WHERE tenant_id = :tenant ORDER BY started_at DESC LIMIT 1 OFFSET :kept)
                """;
        handle.createUpdate(
                        "DELETE FROM drill_outcome WHERE tenant_id = :tenant AND run_id IN"
                                + " (SELECT id FROM drill_run"
                                + old
                                + ")")
                .bind("tenant", tenant.value())
                .bind("kept", KEPT)
                .execute();
        handle.createUpdate("DELETE FROM drill_run" + old)
                .bind("tenant", tenant.value())
                .bind("kept", KEPT)
                .execute();
    }

    /** Notes how a run ended. */
    void end(DrillRun run, DrillReport report) {
        TenantId tenant = new TenantId(run.tenant());
        Instant at = run.endedAt() == null ? run.startedAt() : run.endedAt();
        database.write(
                DataScope.of(tenant),
                "ending a run of drills",
                handle -> {
                    int known = update(handle, run, report, at);
                    if (known == 0) {
                        return false; // the tenant was deleted meanwhile, and its runs with it
                    }
                    for (DrillResult drill : run.drills()) {
                        insert(handle, run, drill, at);
                    }
                    audit.append(
                            handle,
                            AuditEntry.of(tenant, at, "drill.ended", "server")
                                    .because(run.state(), null)
                                    .detail(
                                            run.id()
                                                    + ": "
                                                    + run.drills().stream()
                                                            .map(drill ->
                                                                    drill.id()
                                                                            + " "
                                                                            + (drill.outcome()
                                                                                            == null
                                                                                    ? drill.state()
                                                                                    : drill
                                                                                            .outcome()))
                                                            .collect(Collectors.joining(", "))));
                    return true;
                });
    }

    private static int update(Handle handle, DrillRun run, DrillReport report, Instant at) {
        return handle.createUpdate(
                        """
                        UPDATE drill_run SET state = :state, outcome = :outcome, ended_at = :ended, report = :report,
                            signed_at = :signed, key_id = :key, public_key = :public, signature = :signature
                        WHERE tenant_id = :tenant AND id = :id
                        """)
                .bind("state", run.state())
                .bind("outcome", run.outcome())
                .bind("ended", Times.micros(at))
                .bind("report", report.report())
                .bind("signed", report.signedAt().toString())
                .bind("key", report.keyId())
                .bind("public", report.publicKey())
                .bind("signature", report.signature())
                .bind("tenant", run.tenant())
                .bind("id", run.id())
                .execute();
    }

    private static void insert(Handle handle, DrillRun run, DrillResult drill, Instant at) {
        if (drill.outcome() == null) {
            return;
        }
        handle.createUpdate(
                        """
                        INSERT INTO drill_outcome (run_id, tenant_id, drill, outcome, at)
                        VALUES (:run, :tenant, :drill, :outcome, :at)
                        """)
                .bind("run", run.id())
                .bind("tenant", run.tenant())
                .bind("drill", drill.id())
                .bind("outcome", drill.outcome())
                .bind("at", Times.micros(drill.endedAt() == null ? at : drill.endedAt()))
                .execute();
    }

    /** The newest runs of a tenant, or of all; the newest first. */
    List<DrillRunRow> list(@Nullable TenantId tenant, int limit) {
        String only = tenant == null ? "" : " WHERE tenant_id = :tenant";
        return database.read(
                DataScope.chosen(tenant),
                "listing runs of drills",
                handle -> {
                    Map<String, Map<String, String>> outcomes = new HashMap<>();
                    var rows =
                            handle.createQuery(
                                            "SELECT * FROM drill_run"
                                                    + only
                                                    + " ORDER BY started_at DESC, id LIMIT :limit")
                                    .bind("limit", limit);
                    if (tenant != null) {
                        rows.bind("tenant", tenant.value());
                    }
                    List<DrillRunRow> found = rows.map((row, context) -> row(row, Map.of())).list();
                    for (DrillRunRow run : found) {
                        outcomes.put(run.id(), outcomes(handle, run));
                    }
                    return found.stream()
                            .map(run ->
                                    new DrillRunRow(
                                            run.id(),
                                            run.tenant(),
                                            run.state(),
                                            run.outcome(),
                                            run.startedAt(),
                                            run.endedAt(),
                                            run.by(),
                                            outcomes.getOrDefault(run.id(), Map.of())))
                            .toList();
                });
    }

    private static Map<String, String> outcomes(Handle handle, DrillRunRow run) {
        Map<String, String> outcomes = new HashMap<>();
        handle.createQuery(
                        "SELECT drill, outcome FROM drill_outcome WHERE tenant_id = :tenant"
                                + " AND run_id = :run")
                .bind("tenant", run.tenant())
                .bind("run", run.id())
                .map((row, context) ->
                        outcomes.put(row.getString("drill"), row.getString("outcome")))
                .list();
        return outcomes;
    }

    private static DrillRunRow row(ResultSet row, Map<String, String> outcomes)
            throws SQLException {
        return new DrillRunRow(
                row.getString("id"),
                row.getString("tenant_id"),
                row.getString("state"),
                row.getString("outcome"),
                Times.instant(row.getLong("started_at")),
                instant(row, "ended_at"),
                row.getString("actor"),
                outcomes);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Times.instant(micros);
    }

    /** The report of a run that has ended; empty when there is no such run, or it has none. */
    Optional<DrillReport> report(String run) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "reading the report of a run of drills",
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM drill_run WHERE id = :id AND report IS NOT NULL")
                                .bind("id", run)
                                .map((row, context) ->
                                        new DrillReport(
                                                DrillReports.FORMAT,
                                                row.getString("report"),
                                                Instant.parse(row.getString("signed_at")),
                                                row.getString("key_id"),
                                                row.getString("public_key"),
                                                row.getString("signature")))
                                .findOne());
    }

    /** A run without its drills: one that was interrupted has no report. */
    Optional<DrillRunRow> find(String run) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "finding a run of drills",
                handle ->
                        handle.createQuery("SELECT * FROM drill_run WHERE id = :id")
                                .bind("id", run)
                                .map((row, context) -> row(row, Map.of()))
                                .findOne());
    }

    /** How a threat's drills went before. */
    record Before(@Nullable DrillMark last, @Nullable DrillMark lastHeld) {}

    /** How that tenant's drills of each threat went. */
    Map<Threat, Before> before(TenantId tenant) {
        return database.read(
                DataScope.of(tenant),
                "reading how drills went",
                handle -> {
                    Map<Threat, Before> all = new HashMap<>();
                    for (Threat threat : Threat.values()) {
                        all.put(
                                threat,
                                new Before(
                                        last(handle, tenant, threat, "").orElse(null),
                                        last(handle, tenant, threat, " AND outcome = 'holds'")
                                                .orElse(null)));
                    }
                    return all;
                });
    }

    private static Optional<DrillMark> last(
            Handle handle, TenantId tenant, Threat threat, String only) {
        return handle.createQuery(
                        "SELECT run_id, at, outcome FROM drill_outcome WHERE tenant_id = :tenant"
                                + " AND drill = :drill"
                                + only
                                + " ORDER BY at DESC LIMIT 1")
                .bind("tenant", tenant.value())
                .bind("drill", threat.wireName())
                .map((row, context) ->
                        new DrillMark(
                                row.getString("run_id"),
                                Times.instant(row.getLong("at")),
                                row.getString("outcome")))
                .findOne();
    }

    /** How the passwords of a sandbox are stored. */
    List<String> passwordHashes(TenantId sandbox) {
        return database.read(
                DataScope.of(sandbox),
                "looking at the password hashes of a sandbox",
                handle ->
                        handle.createQuery(
                                        "SELECT password_hash FROM user_account WHERE tenant_id = :tenant")
                                .bind("tenant", sandbox.value())
                                .mapTo(String.class)
                                .list());
    }

    /** The runs that were begun since, for whichever tenant. */
    Set<String> idsSince(Instant since) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "listing runs of drills",
                handle ->
                        handle.createQuery("SELECT id FROM drill_run WHERE started_at >= :since")
                                .bind("since", Times.micros(since))
                                .mapTo(String.class)
                                .collect(Collectors.toUnmodifiableSet()));
    }
}
