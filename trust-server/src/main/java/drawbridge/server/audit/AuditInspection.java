package drawbridge.server.audit;

import drawbridge.model.TenantId;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditProgress;
import drawbridge.model.view.AuditReport;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Signer;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads the audit: page by page, as a whole to verify it, and as an export. Safe for many threads.
 */
public final class AuditInspection {
    /** A page of rows, newest first. */
    public record Rows(List<AuditRow> items, AuditQuery.@Nullable Cursor next, long total) {
        public Rows {
            items = List.copyOf(items);
        }
    }

    private static final int CHECKPOINTS_EACH = 1_000;

    private final Database database;
    private final DatabaseAuditLog audit;
    private final Signer signer;

    public AuditInspection(Database database, DatabaseAuditLog audit, Keys keys) {
        this.database = database;
        this.audit = audit;
        this.signer = DatabaseCheckpoints.signer(keys);
    }

    /** The rows that match, newest first. */
    public Rows find(AuditQuery query, int limit) {
        List<AuditRow> found = audit.find(query, limit + 1);
        boolean more = found.size() > limit;
        List<AuditRow> page = more ? found.subList(0, limit) : found;
        return new Rows(
                page, more ? AuditQuery.Cursor.of(page.getLast()) : null, audit.count(query));
    }

    /**
     * Looks at every chain, as it was at one instant.
     *
     * @param witnesses checkpoints that somebody else kept
     */
    public AuditReport verify(List<AuditCheckpoint> witnesses) {
        return verify(witnesses, _ -> {});
    }

    /**
     * The same, and tells how far it has come.
     *
     * @param progress told now and then, by this thread; what it throws ends the verification
     */
    public AuditReport verify(List<AuditCheckpoint> witnesses, Consumer<AuditProgress> progress) {
        return database.snapshot(
                DataScope.server(Why.OPERATOR),
                "verifying the audit",
                snapshot -> {
                    long all = DatabaseAuditLog.count(snapshot);
                    AuditVerifier verifier =
                            new AuditVerifier(
                                    signer.publicKey(),
                                    rows -> progress.accept(new AuditProgress(rows, all)));
                    Set<String> tenants = new TreeSet<>(DatabaseAuditLog.tenants(snapshot));
                    witnesses.forEach(witness -> tenants.add(witness.tenant()));
                    for (String tenant : tenants) {
                        verify(snapshot, tenant, witnesses, verifier);
                    }
                    return verifier.report();
                });
    }

    private void verify(
            Handle handle, String tenant, List<AuditCheckpoint> witnesses, AuditVerifier verifier) {
        long sequence = 0;
        List<AuditCheckpoint> signed;
        do {
            signed = DatabaseCheckpoints.page(handle, tenant, sequence, CHECKPOINTS_EACH);
            for (AuditCheckpoint checkpoint : signed) {
                verifier.checkpoint(checkpoint);
                sequence = checkpoint.sequence();
            }
        } while (!signed.isEmpty());
        witnesses.stream()
                .filter(witness -> witness.tenant().equals(tenant))
                .forEach(verifier::witness);
        long number = Long.MIN_VALUE;
        List<AuditRow> rows;
        do {
            rows = DatabaseAuditLog.page(handle, tenant, number, Long.MAX_VALUE);
            for (AuditRow row : rows) {
                verifier.row(row);
                number = row.number();
            }
        } while (!rows.isEmpty());
        if (DatabaseAuditLog.mustHaveRows(handle, tenant, null)) {
            verifier.mustHaveRows(tenant);
        }
        verifier.head(tenant, DatabaseAuditLog.head(handle, tenant).orElse(null), audit.keyed());
        verifier.endOf(tenant);
    }

    /**
     * Writes everything as {@link AuditExport} has it. What is added meanwhile is not in it.
     *
     * @param tenant only that one; null for all
     */
    public void export(OutputStream out, @Nullable String tenant, Instant now) throws IOException {
        List<String> tenants =
                tenant == null
                        ? database.read(
                                DataScope.server(Why.OPERATOR),
                                "reading the audit's tenants",
                                DatabaseAuditLog::tenants)
                        : List.of(tenant);
        AuditExport export = new AuditExport(out, signer, now);
        for (String each : tenants) {
            export(each, export);
        }
        export.end();
    }

    private record End(long number, long sequence) {}

    private void export(String tenant, AuditExport export) throws IOException {
        DataScope scope = DataScope.of(new TenantId(tenant));
        End end =
                database.snapshot(
                        scope,
                        "reading the audit's end",
                        snapshot ->
                                new End(
                                        DatabaseAuditLog.lastRow(snapshot, tenant).number(),
                                        DatabaseCheckpoints.lastSequence(snapshot, tenant)));
        export.tenant(tenant);
        long sequence = 0;
        List<AuditCheckpoint> signed;
        do {
            long after = sequence;
            signed =
                    database.read(
                            scope,
                            "reading the checkpoints",
                            handle ->
                                    DatabaseCheckpoints.page(
                                            handle, tenant, after, CHECKPOINTS_EACH));
            for (AuditCheckpoint checkpoint : signed) {
                sequence = checkpoint.sequence();
                if (sequence <= end.sequence()) {
                    export.checkpoint(checkpoint);
                }
            }
        } while (!signed.isEmpty() && sequence < end.sequence());
        long number = Long.MIN_VALUE;
        List<AuditRow> rows;
        do {
            long after = number;
            rows =
                    database.read(
                            scope,
                            "reading the audit",
                            handle -> DatabaseAuditLog.page(handle, tenant, after, end.number()));
            for (AuditRow row : rows) {
                export.row(row);
                number = row.number();
            }
        } while (!rows.isEmpty());
    }
}
