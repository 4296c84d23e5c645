package drawbridge.server.session;

import drawbridge.model.SessionId;
import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Deletes sessions that ended or lapsed long ago, with the ids they had. It goes round through all
 * of them, a page at a time: a reader finds those that are due, and only their deletion waits for
 * the writer, a few hundred at once. Nothing depends on it, since what is over is refused by its
 * own times. One thread purges; asking is safe for many.
 */
public final class DatabaseSessionPurge {
    private static final int PAGE = 5000;
    private static final int PAGES = 20;
    private static final int AT_ONCE = 250;
    private static final String DUE =
            """
            ((ended_at IS NOT NULL AND ended_at < :before)
                OR (absolute_end < :before AND renewable_until < :before)
                OR last_seen_at + idle_micros < :before)
            """;

    private final Database database;
    private final Duration kept;
    private final Clock clock;
    private byte[] after = new byte[0];
    private Instant begunAt;
    private volatile Instant doneThrough;

    /**
     * @param kept how long a session is kept when it is over
     */
    public DatabaseSessionPurge(Database database, Duration kept, Clock clock) {
        this.database = database;
        this.kept = kept;
        this.clock = clock;
        this.begunAt = clock.instant();
        this.doneThrough = begunAt;
    }

    /**
     * Goes on for a hundred thousand sessions, or until the round is complete.
     *
     * @return how many were deleted
     */
    public int once() {
        int deleted = 0;
        for (int page = 0; page < PAGES; page++) {
            Instant now = clock.instant();
            if (after.length == 0) {
                begunAt = now;
            }
            Optional<byte[]> last = lastOfPage();
            List<SessionKey> due = due(last, now.minus(kept));
            for (int from = 0; from < due.size(); from += AT_ONCE) {
                deleted +=
                        delete(
                                due.subList(from, Math.min(from + AT_ONCE, due.size())),
                                now.minus(kept));
            }
            if (last.isEmpty()) {
                after = new byte[0];
                doneThrough = begunAt;
                return deleted;
            }
            after = last.get();
        }
        return deleted;
    }

    /** The id that ends the next page; empty when there are not as many any more. */
    private Optional<byte[]> lastOfPage() {
        return database.read(
                DataScope.server(Why.UPKEEP),
                "finding old sessions",
                handle ->
                        handle.createQuery(
                                        "SELECT id FROM session WHERE id > :after ORDER BY id"
                                                + " LIMIT 1 OFFSET :most")
                                .bind("after", after)
                                .bind("most", PAGE - 1)
                                .mapTo(byte[].class)
                                .findOne());
    }

    /** Those of the page that are due: most are not, so the database tells them apart. */
    private List<SessionKey> due(Optional<byte[]> last, Instant before) {
        return database.read(
                DataScope.server(Why.UPKEEP),
                "finding old sessions",
                handle -> {
                    Query query =
                            handle.createQuery(
                                            "SELECT id, tenant_id FROM session WHERE id > :after"
                                                    + (last.isEmpty() ? "" : " AND id <= :last")
                                                    + " AND "
                                                    + DUE
                                                    + " ORDER BY id")
                                    .bind("before", Times.micros(before))
                                    .bind("after", after);
                    last.ifPresent(id -> query.bind("last", id));
                    return query.map((row, context) ->
                                    new SessionKey(
                                            new TenantId(row.getString("tenant_id")),
                                            SessionId.ofHash(row.getBytes("id"))))
                            .list();
                });
    }

    private int delete(List<SessionKey> due, Instant before) {
        return database.write(
                DataScope.server(Why.UPKEEP),
                "purging old sessions",
                handle -> {
                    PreparedBatch rows =
                            handle.prepareBatch(
                                    "DELETE FROM session WHERE id = :id AND tenant_id = :tenant AND "
                                            + DUE);
                    for (SessionKey key : due) {
                        rows.bind("id", key.id().bytes())
                                .bind("tenant", key.tenant().value())
                                .bind("before", Times.micros(before))
                                .add();
                    }
                    int deleted = 0;
                    for (int one : rows.execute()) {
                        deleted += one;
                    }
                    return deleted;
                });
    }

    /** How long what is due may have been waiting then: since the last complete round began. */
    public Duration lag(Instant now) {
        return Duration.between(doneThrough, now);
    }
}
