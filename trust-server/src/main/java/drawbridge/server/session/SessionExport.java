package drawbridge.server.session;

import drawbridge.model.TenantId;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.DatabaseSessionStore.Position;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** All sessions that a filter finds, page by page. Who takes them is audited. Many threads. */
public final class SessionExport {
    private static final int PAGE = 1_000;

    private final Database database;
    private final DatabaseSessionStore store;
    private final Sessions sessions;
    private final DatabaseAuditLog audit;
    private final Clock clock;

    public SessionExport(
            Database database,
            DatabaseSessionStore store,
            Sessions sessions,
            DatabaseAuditLog audit,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
    }

    /** Takes rows, one after another. */
    public interface Rows {
        /** The next one. */
        void take(SessionRow row) throws IOException;
    }

    /**
     * Audits that they are taken, before the first one is.
     *
     * @param line the filter as it was written
     * @param format such as {@code csv}
     */
    public void begin(String line, String format, String requestId) {
        String which = line.isBlank() ? "all" : "filter " + line;
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "auditing who takes the sessions",
                handle -> {
                    audit.append(
                            handle,
                            AuditEntry.of(
                                            TenantId.DEFAULT,
                                            clock.instant(),
                                            "sessions.exported",
                                            "admin")
                                    .request(requestId)
                                    .detail(format + ", " + which));
                    return true;
                });
    }

    /**
     * Gives the sessions, newest first, as they are at this instant; {@link #begin} comes first.
     */
    public void write(SessionFilter filter, Rows rows) throws IOException {
        Instant now = clock.instant();
        @Nullable Position after = null;
        boolean isMore = true;
        while (isMore) {
            List<Session> page = store.page(filter, PAGE, after, now);
            for (Session session : page) {
                rows.take(sessions.row(session, now));
            }
            isMore = page.size() == PAGE;
            if (isMore) {
                after = new Position(page.getLast().createdAt(), page.getLast().ref());
            }
        }
    }
}
