package drawbridge.server.session;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.storage.AnswersAfter;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The numbered log of revocations and of changed settings. Written only inside the transaction of
 * what it tells of, which is answered once the row holds on every node.
 */
public final class RevocationLog {
    private RevocationLog() {}

    /** The number of the last row. */
    static long number(Handle handle) {
        return handle.createQuery("SELECT log_number FROM server_state WHERE id = 1")
                .mapTo(long.class)
                .one();
    }

    /**
     * Adds a row.
     *
     * @param kind {@code session}, {@code user}, {@code tenant}, {@code everything}, {@code undo},
     *     {@code replaced}, {@code changed} or {@code settings}
     * @return its number
     */
    static long append(
            Handle handle,
            String kind,
            @Nullable TenantId tenant,
            @Nullable UserId user,
            @Nullable SessionKey session,
            Instant at,
            String reason,
            String actor) {
        long number = nextNumber(handle);
        handle.createUpdate(
                        """
                        INSERT INTO revocation_log (number, kind, tenant_id, user_id, session_id, at, reason, actor)
                        VALUES (:number, :kind, :tenant, :user, :session, :at, :reason, :actor)
                        """)
                .bind("number", number)
                .bind("kind", kind)
                .bind("tenant", tenant == null ? null : tenant.value())
                .bind("user", user == null ? null : user.value())
                .bind("session", session == null ? null : session.id().bytes())
                .bind("at", Times.micros(at))
                .bind("reason", reason)
                .bind("actor", actor)
                .execute();
        return number;
    }

    /**
     * A row about one session, of many that are added at once.
     *
     * @param number in the log
     */
    record Row(long number, SessionKey session, UserId user) {}

    /**
     * Takes so many numbers in a row.
     *
     * @return the first of them
     */
    static long take(Handle handle, int many) {
        long last =
                handle.createQuery(
                                "UPDATE server_state SET log_number = log_number + :many WHERE id = 1"
                                        + " RETURNING log_number")
                        .bind("many", many)
                        .mapTo(long.class)
                        .one();
        restOn(handle, last);
        return last - many + 1;
    }

    /** Adds rows about sessions, under numbers that were taken for them. */
    static void append(
            Handle handle, String kind, List<Row> rows, Instant at, String reason, String actor) {
        PreparedBatch batch =
                handle.prepareBatch(
                        """
                        INSERT INTO revocation_log (number, kind, tenant_id, user_id, session_id, at, reason, actor)
                        VALUES (:number, :kind, :tenant, :user, :session, :at, :reason, :actor)
                        """);
        for (Row row : rows) {
            batch.bind("number", row.number())
                    .bind("kind", kind)
                    .bind("tenant", row.session().tenant().value())
                    .bind("user", row.user().value())
                    .bind("session", row.session().id().bytes())
                    .bind("at", Times.micros(at))
                    .bind("reason", reason)
                    .bind("actor", actor)
                    .add();
        }
        batch.execute();
    }

    /**
     * Adds a row of kind {@code secret}: what is accepted of a caller changed.
     *
     * @param version the version meant; null for all of them
     * @return its number
     */
    public static long appendSecret(
            Handle handle,
            TenantId tenant,
            String callerId,
            @Nullable Integer version,
            Instant at,
            String reason,
            String actor) {
        long number = nextNumber(handle);
        handle.createUpdate(
                        """
                        INSERT INTO revocation_log (number, kind, tenant_id, caller_id, secret_version, at, reason, actor)
                        VALUES (:number, 'secret', :tenant, :caller, :version, :at, :reason, :actor)
                        """)
                .bind("number", number)
                .bind("tenant", tenant.value())
                .bind("caller", callerId)
                .bind("version", version)
                .bind("at", Times.micros(at))
                .bind("reason", reason)
                .bind("actor", actor)
                .execute();
        return number;
    }

    /**
     * Forgets up to {@code most} rows that are older than that instant: those of single sessions
     * and of changes, since no memory is older and no session's end is read from them; and every
     * other one once no session is left that was opened before it, since what it ended is told by
     * it.
     *
     * @return how many were forgotten
     */
    public static int forget(Database database, Instant before, int most) {
        // Found by a reader, since it may have to look at all of them.
        List<Long> numbers =
                database.read(
                        DataScope.server(DataScope.Why.UPKEEP),
                        "finding old revocations",
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT number FROM revocation_log
                                                WHERE at < :before
                                                    AND (kind IN ('session', 'undo', 'replaced', 'changed', 'settings')
                                                        OR number <= coalesce(
                                                            (SELECT min(opened_number) FROM session),
                                                            (SELECT log_number FROM server_state WHERE id = 1)))
                                                ORDER BY number LIMIT :most
                                                """)
                                        .bind("before", Times.micros(before))
                                        .bind("most", most)
                                        .mapTo(long.class)
                                        .list());
        return numbers.isEmpty()
                ? 0
                : database.write(
                        DataScope.server(DataScope.Why.UPKEEP),
                        "forgetting old revocations",
                        handle ->
                                handle.createUpdate(
                                                "DELETE FROM revocation_log WHERE number IN (<numbers>)")
                                        .bindList("numbers", numbers)
                                        .execute());
    }

    /**
     * Adds a row of kind {@code settings}: what nodes hold of them in memory is void.
     *
     * @param tenant whose settings; null for those of the server
     * @return its number
     */
    public static long appendSettings(
            Handle handle,
            SharedSettings settings,
            @Nullable TenantId tenant,
            Instant at,
            String actor) {
        return append(handle, "settings", tenant, null, null, at, settings.wireName(), actor);
    }

    /**
     * The answer says what an earlier row made so, such as the end of a session that had ended
     * before: it waits until that row holds on every node, too.
     */
    static void restOn(Handle handle, long number) {
        handle.getConfig(AnswersAfter.class).row(number);
    }

    /** The same for whatever was committed so far. */
    public static void restOnAll(Handle handle) {
        restOn(handle, number(handle));
    }

    /** Returns once whatever was committed so far, by whomever, holds on every node. */
    public static void awaitAll(Database database, DataScope scope) {
        boolean _ =
                database.write(
                        scope,
                        "waiting for revocations of others",
                        handle -> {
                            restOnAll(handle);
                            return true;
                        });
    }

    private static long nextNumber(Handle handle) {
        long number =
                handle.createQuery(
                                "UPDATE server_state SET log_number = log_number + 1 WHERE id = 1"
                                        + " RETURNING log_number")
                        .mapTo(long.class)
                        .one();
        restOn(handle, number);
        return number;
    }
}
