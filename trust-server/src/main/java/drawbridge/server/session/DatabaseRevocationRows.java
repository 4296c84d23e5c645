package drawbridge.server.session;

import drawbridge.model.TenantId;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Reads the numbered log of revocations. */
final class DatabaseRevocationRows {
    private DatabaseRevocationRows() {}

    /**
     * A row as those who watch the server want to know it.
     *
     * @param ref the session that is named; null when none is, or when nothing is known of it any
     *     more
     * @param undoUntil until when the session that is named can be restored; null when it cannot,
     *     or was since
     */
    record Row(
            long number,
            String kind,
            @Nullable TenantId tenant,
            @Nullable String userId,
            @Nullable String ref,
            Instant at,
            String reason,
            String actor,
            @Nullable Instant undoUntil) {
        /** Whether both may have been written by one deed. */
        boolean isOfOneDeedWith(Row next) {
            return kind.equals(next.kind)
                    && at.equals(next.at)
                    && reason.equals(next.reason)
                    && actor.equals(next.actor)
                    && Objects.equals(tenant, next.tenant);
        }
    }

    /**
     * The rows after one number up to another, oldest first.
     *
     * @param most how many are read at most
     */
    static List<EndedRow> after(Handle handle, long after, long through, int most) {
        return handle.createQuery(
                        """
                        SELECT l.number, l.kind, l.tenant_id, l.user_id, l.caller_id,
                            coalesce(s.ref, r.ref) AS ref
                        FROM revocation_log l
                        LEFT JOIN session s ON s.id = l.session_id AND s.tenant_id = l.tenant_id
                        LEFT JOIN session_replaced r ON r.id = l.session_id AND r.tenant_id = l.tenant_id
                        WHERE l.number > :after AND l.number <= :through
                        ORDER BY l.number
                        LIMIT :most
                        """)
                .bind("after", after)
                .bind("through", through)
                .bind("most", most)
                .map((row, context) ->
                        new EndedRow(
                                row.getLong("number"),
                                row.getString("kind"),
                                tenant(row),
                                row.getString("user_id"),
                                row.getString("ref"),
                                row.getString("caller_id")))
                .list();
    }

    /** The same rows with what is told of them. */
    static List<Row> told(Handle handle, long after, long through, int most) {
        return handle.createQuery(
                        """
                        SELECT l.number, l.kind, l.tenant_id, l.user_id, l.at, l.reason, l.actor,
                            coalesce(s.ref, r.ref) AS ref, s.undo_until
                        FROM revocation_log l
                        LEFT JOIN session s ON s.id = l.session_id AND s.tenant_id = l.tenant_id
                        LEFT JOIN session_replaced r ON r.id = l.session_id AND r.tenant_id = l.tenant_id
                        WHERE l.number > :after AND l.number <= :through
                        ORDER BY l.number
                        LIMIT :most
                        """)
                .bind("after", after)
                .bind("through", through)
                .bind("most", most)
                .map((row, context) -> {
                    long undoUntil = row.getLong("undo_until");
                    return new Row(
                            row.getLong("number"),
                            row.getString("kind"),
                            tenant(row),
                            row.getString("user_id"),
                            row.getString("ref"),
                            Times.instant(row.getLong("at")),
                            row.getString("reason"),
                            row.getString("actor"),
                            undoUntil == 0 ? null : Times.instant(undoUntil));
                })
                .list();
    }

    private static @Nullable TenantId tenant(ResultSet row) throws SQLException {
        String tenant = row.getString("tenant_id");
        return tenant == null ? null : new TenantId(tenant);
    }
}
