package drawbridge.server.audit;

import drawbridge.server.logging.ServerLogging;
import drawbridge.server.storage.OnceCommitted;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import java.util.List;

/**
 * Tells the log of rows that are committed, for who collects logs elsewhere. Where nobody does, the
 * logger is off and nothing is made: the rows themselves are the audit.
 */
final class AuditLines {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLogging.AUDIT);

    private AuditLines() {}

    static void onceCommitted(Handle handle, List<AuditRow> rows) {
        if (LOG.isInfoEnabled()) {
            OnceCommitted.tell(handle, () -> rows.forEach(AuditLines::tell));
        }
    }

    private static void tell(AuditRow row) {
        LoggingEventBuilder line = LOG.atInfo();
        add(line, "tenant", row.tenant());
        add(line, "number", row.number());
        add(line, "occurred", row.at());
        add(line, "actor", row.actor());
        add(line, "user", row.userId());
        add(line, "session", row.ref());
        add(line, "ip", row.ip());
        add(line, "agent", row.agent());
        add(line, "route", row.route());
        add(line, "mode", row.mode());
        add(line, "reason", row.reason());
        add(line, "signal", row.signal());
        add(line, "request", row.requestId());
        add(line, "detail", row.detail());
        line.log(row.kind());
    }

    private static void add(LoggingEventBuilder line, String name, @Nullable Object value) {
        if (value != null) {
            LoggingEventBuilder _ = line.addKeyValue(name, value);
        }
    }
}
