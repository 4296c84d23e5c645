package drawbridge.server.audit;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The audit log in the database. Rows of a tenant form a chain: each holds the SHA-256 of the one
 * before it and of its own contents, numbered without gaps; where the chain ends stands in a row of
 * its own under a keyed hash. Safe for many threads.
 */
public final class DatabaseAuditLog {
    static final int PAGE = 1_000;
    private static final String INSERT =
            """
            INSERT INTO audit (tenant_id, number, at, kind, actor, user_id, ref, ip, agent, route,
                               mode, reason, signal, request_id, detail, hash)
            VALUES (:tenant, :number, :at, :kind, :actor, :user, :ref, :ip, :agent, :route,
                    :mode, :reason, :signal, :request, :detail, :hash)
            """;

    private final Database database;
    private final KeyedHash keyed;

    /**
     * @param keys of this server; the ends of the chains are kept under one of them
     */
    public DatabaseAuditLog(Database database, Keys keys) {
        this.database = database;
        this.keyed = keys.hashFor("audit-head/v1");
    }

    KeyedHash keyed() {
        return keyed;
    }

    /**
     * Adds an entry in the transaction of the thing it tells of, so that neither exists without the
     * other. Only the database's one writer calls this.
     */
    public void append(Handle handle, AuditEntry entry) {
        String tenant = entry.tenant().value();
        End end = end(handle, tenant, entry.userId());
        AuditRow row = AuditRow.of(entry, end.last.number + 1, end.last.hash);
        bound(handle.createUpdate(INSERT), row).execute();
        AuditLines.onceCommitted(handle, List.of(row));
        put(handle, AuditHead.of(keyed, tenant, row.number(), row.hash(), end.origin));
    }

    /** The same for several of any tenants, in their order; many cost little more than one. */
    public void append(Handle handle, List<AuditEntry> entries) {
        Map<String, End> ends = new LinkedHashMap<>();
        PreparedBatch rows = handle.prepareBatch(INSERT);
        List<AuditRow> written = new ArrayList<>(entries.size());
        for (AuditEntry entry : entries) {
            String tenant = entry.tenant().value();
            End end = ends.computeIfAbsent(tenant, _ -> end(handle, tenant, entry.userId()));
            AuditRow row = AuditRow.of(entry, end.last.number + 1, end.last.hash);
            bound(rows, row).add();
            written.add(row);
            ends.put(tenant, new End(new Last(row.number(), row.hash()), end.origin));
        }
        rows.execute();
        AuditLines.onceCommitted(handle, written);
        ends.forEach((tenant, end) ->
                put(
                        handle,
                        AuditHead.of(keyed, tenant, end.last.number, end.last.hash, end.origin)));
    }

    /** Where a chain ends, and the origin its head has or is to have. */
    private record End(Last last, String origin) {}

    private static End end(Handle handle, String tenant, @Nullable String userOfTheRow) {
        return head(handle, tenant)
                .map(head -> new End(new Last(head.number(), head.hash()), head.origin()))
                .orElseGet(() -> {
                    Last last = lastRow(handle, tenant);
                    return new End(last, origin(handle, tenant, last, userOfTheRow));
                });
    }

    /** Of a chain that has no head: is it really the first row, or was there something before? */
    private static String origin(
            Handle handle, String tenant, Last last, @Nullable String userOfTheRow) {
        boolean isFirst = last.number == 0 && !mustHaveRows(handle, tenant, userOfTheRow);
        return isFirst ? AuditHead.FIRST : AuditHead.REFOUND;
    }

    private static <S extends SqlStatement<S>> S bound(S statement, AuditRow row) {
        return statement
                .bind("tenant", row.tenant())
                .bind("number", row.number())
                .bind("at", Times.micros(row.at()))
                .bind("kind", row.kind())
                .bind("actor", row.actor())
                .bind("user", row.userId())
                .bind("ref", row.ref())
                .bind("ip", row.ip())
                .bind("agent", row.agent())
                .bind("route", row.route())
                .bind("mode", row.mode())
                .bind("reason", row.reason())
                .bind("signal", row.signal())
                .bind("request", row.requestId())
                .bind("detail", row.detail())
                .bind("hash", HexFormat.of().parseHex(row.hash()));
    }

    private static void put(Handle handle, AuditHead head) {
        handle.createUpdate(
                        """
                        INSERT INTO audit_head (tenant_id, number, hash, origin, mac)
                        VALUES (:tenant, :number, :hash, :origin, :mac)
                        ON CONFLICT (tenant_id) DO UPDATE
                        SET number = :number, hash = :hash, origin = :origin, mac = :mac
                        """)
                .bind("tenant", head.tenant())
                .bind("number", head.number())
                .bind("hash", HexFormat.of().parseHex(head.hash()))
                .bind("origin", head.origin())
                .bind("mac", HexFormat.of().parseHex(head.mac()))
                .execute();
    }

    /** Gives the chains of an older version, which had no heads, theirs. */
    public void adopt(Handle handle) {
        List<String> tenants =
                handle.createQuery("SELECT DISTINCT tenant_id FROM audit")
                        .mapTo(String.class)
                        .list();
        for (String tenant : tenants) {
            Last last = lastRow(handle, tenant);
            put(handle, AuditHead.of(keyed, tenant, last.number, last.hash, AuditHead.ADOPTED));
        }
    }

    /** The entries about a session, newest first, at most {@code limit}. */
    public List<AuditEntry> about(TenantId tenant, String ref, int limit) {
        return database.read(
                DataScope.of(tenant),
                "reading a session's audit",
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM audit WHERE tenant_id = :tenant AND ref = :ref
                                        ORDER BY number DESC LIMIT :limit
                                        """)
                                .bind("tenant", tenant.value())
                                .bind("ref", ref)
                                .bind("limit", limit)
                                .map((row, context) -> entry(row))
                                .list());
    }

    /** The newest entries of a kind since then, newest first. */
    public List<AuditEntry> latest(String kind, Instant since, int most) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "reading the latest of the audit",
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM audit WHERE at >= :since AND kind = :kind
                                        ORDER BY at DESC LIMIT :most
                                        """)
                                .bind("since", Times.micros(since))
                                .bind("kind", kind)
                                .bind("most", most)
                                .map((row, context) -> entry(row))
                                .list());
    }

    /** The rows that match, newest first, at most {@code limit} of those behind the cursor. */
    List<AuditRow> find(AuditQuery query, int limit) {
        return database.read(
                query.scope(),
                "reading the audit",
                handle -> {
                    Query select =
                            handle.createQuery(
                                    "SELECT * FROM audit WHERE "
                                            + query.conditionBehindCursor()
                                            + " ORDER BY at DESC, tenant_id DESC, number DESC LIMIT"
                                            + " :limit");
                    query.bindings().forEach(select::bind);
                    return select.bind("limit", limit).map((row, context) -> row(row)).list();
                });
    }

    /** How many match, wherever the cursor stands. */
    long count(AuditQuery query) {
        return database.read(
                query.scope(),
                "counting the audit",
                handle -> {
                    Query select =
                            handle.createQuery(
                                    "SELECT count(*) FROM audit WHERE " + query.condition());
                    query.filterBindings().forEach(select::bind);
                    return select.mapTo(long.class).one();
                });
    }

    /** How many rows there are, of all tenants. */
    static long count(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM audit").mapTo(Long.class).one();
    }

    /** Every tenant of which anything is kept here, or must be. */
    static List<String> tenants(Handle handle) {
        return handle.createQuery(
                        """
                        SELECT tenant_id FROM audit UNION SELECT tenant_id FROM audit_head
                        UNION SELECT tenant_id FROM audit_checkpoint
                        UNION SELECT tenant_id FROM user_account, server_state s
                            WHERE user_account.created_at >= s.created_at
                        ORDER BY 1
                        """)
                .mapTo(String.class)
                .list();
    }

    /**
     * Whether something was done in the tenant that left a row: a user was made here, and not
     * brought along from another server.
     *
     * @param butFor a user who does not count; null when all do
     */
    static boolean mustHaveRows(Handle handle, String tenant, @Nullable String butFor) {
        return handle.createQuery(
                        """
                        SELECT EXISTS (SELECT 1 FROM user_account u, server_state s
                            WHERE u.tenant_id = :tenant AND u.created_at >= s.created_at AND u.id <> :butFor)
                        """)
                .bind("tenant", tenant)
                .bind("butFor", butFor == null ? "" : butFor)
                .mapTo(boolean.class)
                .one();
    }

    /** The next rows of a chain, up to that number, in their order. */
    static List<AuditRow> page(Handle handle, String tenant, long after, long through) {
        return handle.createQuery(
                        """
                        SELECT * FROM audit WHERE tenant_id = :tenant AND number > :after
                        AND number <= :through ORDER BY number LIMIT :page
                        """)
                .bind("tenant", tenant)
                .bind("after", after)
                .bind("through", through)
                .bind("page", PAGE)
                .map((row, context) -> row(row))
                .list();
    }

    static Optional<AuditHead> head(Handle handle, String tenant) {
        return handle.createQuery("SELECT * FROM audit_head WHERE tenant_id = :tenant")
                .bind("tenant", tenant)
                .map((row, context) ->
                        new AuditHead(
                                tenant,
                                row.getLong("number"),
                                hex(row, "hash"),
                                row.getString("origin"),
                                hex(row, "mac")))
                .findOne();
    }

    static final class Last {
        private final long number;
        private final String hash;

        Last(long number, String hash) {
            this.number = number;
            this.hash = hash;
        }

        long number() {
            return number;
        }
    }

    static Last lastRow(Handle handle, String tenant) {
        return handle.createQuery(
                        "SELECT number, hash FROM audit WHERE tenant_id = :tenant"
                                + " ORDER BY number DESC LIMIT 1")
                .bind("tenant", tenant)
                .map((row, context) -> new Last(row.getLong(1), hex(row, "hash")))
                .findOne()
                .orElse(new Last(0, AuditRow.GENESIS));
    }

    private static String hex(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? "" : HexFormat.of().formatHex(bytes);
    }

    private static AuditRow row(ResultSet row) throws SQLException {
        return new AuditRow(
                row.getString("tenant_id"),
                row.getLong("number"),
                Times.instant(row.getLong("at")),
                row.getString("kind"),
                row.getString("actor"),
                row.getString("user_id"),
                row.getString("ref"),
                row.getString("ip"),
                row.getString("agent"),
                row.getString("route"),
                row.getString("mode"),
                row.getString("reason"),
                row.getString("signal"),
                row.getString("request_id"),
                row.getString("detail"),
                hex(row, "hash"));
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        String ip = row.getString("ip");
        return new AuditEntry(
                new TenantId(row.getString("tenant_id")),
                Times.instant(row.getLong("at")),
                row.getString("kind"),
                row.getString("actor"),
                row.getString("user_id"),
                row.getString("ref"),
                ip == null ? null : IpAddress.parse(ip).orElse(null),
                row.getString("agent"),
                row.getString("route"),
                row.getString("mode"),
                row.getString("reason"),
                row.getString("signal"),
                row.getString("request_id"),
                row.getString("detail"));
    }
}
