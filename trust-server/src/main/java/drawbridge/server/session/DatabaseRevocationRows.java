package drawbridge.server.session;

import drawbridge.model.TenantId;

import org.jdbi.v3.core.Handle;

import java.util.List;

/** Reads the numbered log of revocations. */
final class DatabaseRevocationRows {
    private DatabaseRevocationRows() {}

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
                .map((row, context) -> {
                    String tenant = row.getString("tenant_id");
                    return new EndedRow(
                            row.getLong("number"),
                            row.getString("kind"),
                            tenant == null ? null : new TenantId(tenant),
                            row.getString("user_id"),
                            row.getString("ref"),
                            row.getString("caller_id"));
                })
                .list();
    }
}
