package drawbridge.server.storage;

import drawbridge.server.request.RequestId;
import drawbridge.server.storage.DataScope.OfServer;
import drawbridge.server.storage.DataScope.OfTenant;
import drawbridge.server.storage.DataScope.Why;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The walls between tenants that a PostgreSQL itself keeps: each transaction acts as a role that
 * owns nothing, and a tenant's as one that sees the rows of that tenant alone. The migrations raise
 * them ({@code afterMigrateApplied.sql}).
 */
final class PostgresWalls {
    /** The setting that says for which tenant a transaction is. */
    static final String TENANT = "drawbridge.tenant";

    /** The roles that a running server acts as. */
    static final List<String> ROLES =
            List.of(
                    "drawbridge_serve",
                    "drawbridge_read",
                    "drawbridge_operate",
                    "drawbridge_audit");

    private static final String APPLICATION = "drawbridge";

    /** What moves data, and opens it again. */
    private static final DataScope SETUP = DataScope.server(Why.SETUP);

    /** PostgreSQL cuts longer names off. */
    private static final int MOST_OF_NAME = 63;

    private static final String NAMES = "'" + String.join("', '", ROLES) + "'";

    /**
     * All in one round trip; the log is read as the role that was just taken. The request stands in
     * the connection's application name, which PostgreSQL shows in {@code pg_stat_activity} and
     * writes into its log ({@code %a}).
     */
    private static final String ENTER = entering("");

    /**
     * The same for who waits for what is read. A database that keeps a reader waiting, for a lock
     * as a rule, gives its connection back before our side drops it: dropped, it would go on
     * waiting there while another one is made in its place, until the database has none left.
     */
    private static final String ENTER_BRIEFLY =
            entering("set_config('statement_timeout', '3500', true), ");

    private static String entering(String first) {
        return "SELECT "
                + first
                + "set_config('role', ?, true), set_config('"
                + TENANT
                + "', ?, true), set_config('application_name', ?, true); SELECT log_number, sealed_at IS NOT NULL FROM server_state WHERE id = 1";
    }

    private PostgresWalls() {}

    /**
     * Acts for that scope until the transaction, or the savepoint, is over: one round trip. Nothing
     * of it outlives the transaction, so a pooled connection carries nothing over.
     *
     * @throws StoreUnavailableException when the database has lost rows of the revocation log, or
     *     is sealed: a server that was away while its data was moved must not go on with it
     */
    static void enter(Handle handle, DataScope scope, boolean isWriting) {
        enter(handle, scope, isWriting, List.of());
    }

    /**
     * The same, with statements before it on the same way to the database and back.
     *
     * @param before statements that answer nothing and have no parameters
     */
    static void enter(Handle handle, DataScope scope, boolean isWriting, List<String> before) {
        String all = before.isEmpty() ? ENTER : String.join("; ", before) + "; " + ENTER;
        enter(handle, scope, isWriting, all, before.size());
    }

    /** The same to read, where each statement is broken off when it takes longer than 3.5 s. */
    static void enterBriefly(Handle handle, DataScope scope) {
        enter(handle, scope, false, ENTER_BRIEFLY, 0);
    }

    private static void enter(
            Handle handle, DataScope scope, boolean isWriting, String all, int before) {
        long least = handle.getConfig(LeastLog.class).least();
        try (PreparedStatement statement = handle.getConnection().prepareStatement(all)) {
            statement.setString(1, role(scope, isWriting));
            statement.setString(2, scope instanceof OfTenant(var tenant) ? tenant.value() : "");
            statement.setString(3, application());
            boolean _ = statement.execute();
            for (int i = 0; i <= before; i++) {
                boolean _ = statement.getMoreResults();
            }
            try (ResultSet log = statement.getResultSet()) {
                boolean isUsed = log.next();
                if (isUsed && log.getBoolean(2) && !scope.equals(SETUP)) {
                    throw StoreUnavailableException.notDone(
                            "database",
                            "asking it",
                            new IllegalStateException(
                                    "it is sealed: what it held was moved elsewhere"));
                }
                LeastLog.require(isUsed ? log.getLong(1) : 0, least);
            }
        } catch (SQLException e) {
            throw new TransactionException("its scope was not entered", e);
        }
    }

    private static String application() {
        return RequestId.current()
                .map(id -> {
                    String named = APPLICATION + "/" + id;
                    return named.length() <= MOST_OF_NAME ? named : id;
                })
                .orElse(APPLICATION);
    }

    /** The least that the scope needs. */
    private static String role(DataScope scope, boolean isWriting) {
        return switch (scope) {
            case OfTenant _ -> isWriting ? "drawbridge_serve" : "drawbridge_read";
            case OfServer(Why why) ->
                    why == Why.AUDIT && isWriting ? "drawbridge_audit" : "drawbridge_operate";
        };
    }

    /**
     * What is wrong with the walls, as a sentence; empty when nothing is.
     *
     * @param isMigrating whether this login also brings the schema up to date; one that only serves
     *     may own nothing either
     */
    static Optional<String> findFault(Handle handle, boolean isMigrating) {
        return first(handle, MISSING_ROLE)
                .or(() -> first(handle, POWERFUL_ROLE))
                .or(() -> isMigrating ? Optional.empty() : first(handle, POWERFUL_LOGIN))
                .or(() -> first(handle, OPEN_TABLE))
                .or(() -> first(handle, MISSING_POLICY))
                .or(() -> first(handle, FOREIGN_POLICY))
                .or(() -> first(handle, CHANGEABLE_AUDIT));
    }

    /** What the login can do that one which only serves must not, as a sentence. */
    static Optional<String> findPower(Handle handle) {
        return first(handle, POWERFUL_LOGIN);
    }

    private static Optional<String> first(Handle handle, String query) {
        return handle.createQuery(query).mapTo(String.class).findFirst();
    }

    /** Tables that hold rows of tenants, and the column that says whose. */
    private static final String TABLES =
            """
            WITH held AS (
                SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                  AND a.attname = CASE WHEN c.relname = 'tenant' THEN 'id' ELSE 'tenant_id' END
            )
            """;

    private static final String MISSING_ROLE =
            """
            SELECT 'the login ' || session_user || ' may not act as ' || needed || '; as its administrator: GRANT '
                || needed || ' TO ' || quote_ident(session_user)
            FROM unnest(ARRAY[%s]) needed LEFT JOIN pg_roles r ON r.rolname = needed
            WHERE r.oid IS NULL OR NOT pg_has_role(session_user, r.oid, 'MEMBER')
            ORDER BY needed
            """
                    .formatted(NAMES);

    private static final String POWERFUL =
            """
            CASE
                WHEN r.rolsuper THEN ' is a superuser'
                WHEN r.rolbypassrls THEN ' has BYPASSRLS'
                WHEN r.oid <> o.oid AND pg_has_role(r.oid, o.oid, 'MEMBER') THEN ' may act as ' || o.rolname
                WHEN EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v', 'm')
                    AND c.relnamespace = current_schema()::regnamespace) THEN ' owns tables'
            END
            """;

    private static final String POWERFUL_ROLE =
            "SELECT 'the role ' || r.rolname || "
                    + POWERFUL
                    + " || ', which a role that serves must not'"
                    + " FROM pg_roles r, pg_roles o"
                    + " WHERE o.rolname = 'drawbridge_owner' AND r.rolname IN ("
                    + NAMES
                    + ")"
                    + " AND "
                    + POWERFUL
                    + " IS NOT NULL ORDER BY r.rolname";

    private static final String POWERFUL_LOGIN =
            "SELECT 'the login ' || r.rolname || "
                    + POWERFUL
                    + " || ', which one that only serves must not: DATABASE_MIGRATE_URL is for that'"
                    + " FROM pg_roles r, pg_roles o"
                    + " WHERE o.rolname = 'drawbridge_owner' AND r.rolname = session_user AND "
                    + POWERFUL
                    + " IS NOT NULL";

    private static final String OPEN_TABLE =
            TABLES
                    + """
                    SELECT 'the table ' || relname || ' holds rows of tenants without forced row-level security'
                    FROM held WHERE NOT (relrowsecurity AND relforcerowsecurity)
                    ORDER BY relname
                    """;

    private static final String MISSING_POLICY =
            TABLES
                    + """
                    SELECT 'the table ' || relname || ' has no policy that keeps ' || command.word || ' to one tenant'
                    FROM held
                    CROSS JOIN (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE'))
                        command (code, word)
                    WHERE NOT EXISTS (
                        SELECT FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
                        WHERE p.polrelid = held.oid AND p.polcmd::text = command.code AND p.polpermissive
                          AND r.rolname = 'drawbridge_serve'
                          AND (command.code = 'a' OR pg_get_expr(p.polqual, p.polrelid) LIKE '%drawbridge.tenant%')
                          AND (command.code IN ('r', 'd')
                            OR pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%drawbridge.tenant%'))
                    ORDER BY relname, command.code
                    """;

    private static final String FOREIGN_POLICY =
            TABLES
                    + """
                    SELECT 'the policy ' || p.polname || ' opens the table ' || relname || ' to every tenant'
                    FROM held JOIN pg_policy p ON p.polrelid = held.oid
                    WHERE p.polpermissive
                      AND (0 = ANY (p.polroles) OR EXISTS (
                        SELECT FROM pg_roles r WHERE r.oid = ANY (p.polroles)
                          AND r.rolname IN ('drawbridge_serve', 'drawbridge_read')))
                      AND (coalesce(pg_get_expr(p.polqual, p.polrelid), 'drawbridge.tenant')
                            NOT LIKE '%drawbridge.tenant%'
                        OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'drawbridge.tenant')
                            NOT LIKE '%drawbridge.tenant%')
                    ORDER BY relname, p.polname
                    """;

    private static final String CHANGEABLE_AUDIT =
            """
            SELECT 'the role ' || r || ' may ' || lower(what) || ' rows of the audit'
            FROM unnest(ARRAY[%s]) r CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) what
            WHERE has_table_privilege(r, 'audit', what)
            ORDER BY r
            """
                    .formatted(NAMES);
}
