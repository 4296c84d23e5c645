package drawbridge.server.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditProgress;
import drawbridge.model.view.AuditReport;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The audit as an administrator reads it. Reading is itself audited before anything is answered:
 * exports and verifications each time, pages once a minute for the same question, so that a screen
 * that looks again and again does not fill the log with itself. Safe for many threads.
 */
public final class AuditReading {
    private static final Logger LOG = LoggerFactory.getLogger(AuditReading.class);
    private static final Duration SAME_QUESTION = Duration.ofMinutes(1);

    private final Database database;
    private final DatabaseAuditLog audit;
    private final AuditInspection inspection;
    private final DatabaseCheckpoints checkpoints;
    private final Clock clock;
    private final Cache<String, Boolean> asked;

    /** Assembled by the wiring. */
    public AuditReading(
            Database database,
            DatabaseAuditLog audit,
            AuditInspection inspection,
            DatabaseCheckpoints checkpoints,
            Ticker ticker,
            Clock clock) {
        this.database = database;
        this.audit = audit;
        this.inspection = inspection;
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.asked =
                Caffeine.newBuilder()
                        .expireAfterWrite(SAME_QUESTION)
                        .maximumSize(1_000)
                        .ticker(ticker)
                        .build();
    }

    /** A page of what matches, newest first. */
    public AuditInspection.Rows find(AuditQuery query, int limit, String requestId) {
        String question = question(query);
        if (asked.getIfPresent(question) == null) {
            note("audit.read", question, requestId);
            asked.put(question, true);
        }
        return inspection.find(query, limit);
    }

    private static String question(AuditQuery query) {
        StringBuilder text = new StringBuilder();
        add(text, "tenant", query.tenant());
        add(text, "kind", query.kind());
        add(text, "actor", query.actor());
        add(text, "user", query.user());
        add(text, "ref", query.ref());
        return text.isEmpty() ? "everything" : text.toString();
    }

    private static void add(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value);
        }
    }

    /** A tenant's checkpoints behind that one, at most so many. */
    public List<AuditCheckpoint> checkpoints(String tenant, long after, int most) {
        return checkpoints.after(tenant, after, most);
    }

    /** How many checkpoints a tenant has. */
    public long checkpoints(String tenant) {
        return checkpoints.count(tenant);
    }

    /** What checkpoints are checked with, in base64url. */
    public String publicKey() {
        return checkpoints.publicKey();
    }

    /**
     * Looks at every chain and says what does not fit.
     *
     * @param progress told now and then, by this thread; what it throws ends the verification
     */
    public AuditReport verify(String requestId, Consumer<AuditProgress> progress) {
        AuditReport report = inspection.verify(List.of(), progress);
        try {
            note(
                    "audit.verified",
                    report.sound() ? "sound" : "%d findings".formatted(report.findingsInAll()),
                    requestId);
        } catch (StoreUnavailableException e) {
            if (report.sound()) {
                throw e;
            }
            // A chain that is broken at its end takes no more rows; that must not hide the report.
            LOG.error("the audit is broken and takes no rows: {}", e.getMessage());
        }
        return report;
    }

    /** Notes an export and signs where the chains stand, so that it is covered to its end. */
    public void beginExport(@Nullable String tenant, String requestId) {
        note("audit.exported", tenant == null ? "all tenants" : "tenant=" + tenant, requestId);
        checkpoints.make();
    }

    /** Writes the export; {@link #beginExport} comes first. */
    public void export(OutputStream out, @Nullable String tenant) throws IOException {
        inspection.export(out, tenant, clock.instant());
    }

    private void note(String kind, String detail, String requestId) {
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "auditing who reads the audit",
                handle -> {
                    audit.append(
                            handle,
                            AuditEntry.of(TenantId.DEFAULT, clock.instant(), kind, "admin")
                                    .request(requestId)
                                    .detail(detail));
                    return true;
                });
    }
}
