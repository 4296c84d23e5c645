package drawbridge.server.diagnostics;

import drawbridge.model.TenantId;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.ServerCondition;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.function.Supplier;

/** Diagnostics of a running server as an administrator asks for them. Safe for many threads. */
public final class DiagnosticsDesk {
    private static final Logger LOG = LoggerFactory.getLogger(DiagnosticsDesk.class);

    private final Diagnostics diagnostics;
    private final Supplier<ServerCondition> condition;
    private final Database database;
    private final DatabaseAuditLog audit;
    private final Clock clock;

    public DiagnosticsDesk(
            Diagnostics diagnostics,
            Supplier<ServerCondition> condition,
            Database database,
            DatabaseAuditLog audit,
            Clock clock) {
        this.diagnostics = diagnostics;
        this.condition = condition;
        this.database = database;
        this.audit = audit;
        this.clock = clock;
    }

    /** What the server stands on now. */
    public ServerCondition condition() {
        return condition.get();
    }

    /** What a bundle made now would hold. */
    public DiagnosticContents contents() {
        return diagnostics.contents();
    }

    /**
     * One bundle, whole. It is audited when that can be: a server whose database is away is one
     * whose diagnostics are wanted most.
     *
     * @param actor who asked
     * @param requestId in which request
     */
    public byte[] bundle(String actor, String requestId) {
        try {
            database.write(
                    DataScope.of(TenantId.DEFAULT),
                    "auditing diagnostics",
                    handle -> {
                        audit.append(
                                handle,
                                AuditEntry.of(
                                                TenantId.DEFAULT,
                                                clock.instant(),
                                                "diagnostics.read",
                                                actor)
                                        .request(requestId));
                        return true;
                    });
        } catch (StoreUnavailableException e) {
            LOG.warn("diagnostics were read and could not be audited actor={}", actor, e);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try {
            DiagnosticContents _ = diagnostics.writeTo(whole);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
        return whole.toByteArray();
    }
}
