package drawbridge.server.cluster;

import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.DatabaseRevocations;
import drawbridge.server.session.EverythingEnded;
import drawbridge.server.session.Revocation;
import drawbridge.server.storage.OwnConnections;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The membership in PostgreSQL, on connections of its own that no writing can hold up. */
public final class DatabaseMembership implements Membership {
    /** What others listen to. */
    static final String CHANNEL = "drawbridge_log";

    /** Why everything ended that a stand-by without the last rows could have revived. */
    private static final String LOST = "the database lost revocations";

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseMembership.class);
    private static final int MOST_ROWS = 5_000;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /**
     * Shorter than it takes a lease to run out. Whoever stops within a transaction loses it soon: a
     * renewal holds the counter row, which the next revocation needs.
     */
    static final List<String> BOUNDS =
            List.of(
                    "SET LOCAL lock_timeout = 300",
                    "SET LOCAL statement_timeout = 700",
                    "SET LOCAL idle_in_transaction_session_timeout = 250");

    /**
     * A renewal that a lease follows from is on the disk, however the database is set. A stand-by
     * need not have it, and must not hold it up: whoever joined another history has no lease.
     */
    private static final List<String> LASTING = committing("local");

    /** A stand-by that takes over must know who may hold a lease. */
    private static final List<String> JOINING = committing("on");

    /**
     * A report that a crash of the database forgets only makes a revocation wait longer, as long as
     * no lease follows from it. The disk need not be waited for by everybody whom a revocation
     * waits for.
     */
    private static final List<String> FORGETTABLE = committing("off");

    /** Which history: it changes when a stand-by takes over, and when a copy is restored. */
    private static final String HISTORY =
            "(SELECT system_identifier FROM pg_control_system()) || '/'"
                    + " || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

    /**
     * Who this node is.
     *
     * @param url where it is reached; empty while it is not
     */
    public record Self(String node, String version, Supplier<String> url) {}

    /**
     * Counted here, since a database that crashed may count the same number twice: whoever saw the
     * first would take the second for silence.
     */
    private final AtomicLong attempts = new AtomicLong();

    private final OwnConnections connections;
    private final Self self;
    private final DatabaseAuditLog audit;
    private final Clock clock;

    public DatabaseMembership(
            OwnConnections connections, Self self, DatabaseAuditLog audit, Clock clock) {
        this.connections = connections;
        this.self = self;
        this.audit = audit;
        this.clock = clock;
    }

    private static List<String> committing(String how) {
        return Stream.concat(BOUNDS.stream(), Stream.of("SET LOCAL synchronous_commit = " + how))
                .toList();
    }

    @Override
    public Joined join(long known) {
        if (reached() < known) {
            endEverything(known);
        }
        return inTransaction(
                "joining",
                JOINING,
                handle ->
                        handle.createQuery(
                                        """
                                        WITH joined AS (
                                            INSERT INTO node (name, applied, version, url)
                                            SELECT :node, log_number, :version, :url
                                            FROM server_state WHERE id = 1
                                            RETURNING incarnation, applied)
                                        SELECT incarnation, applied, %s AS history FROM joined
                                        """
                                                .formatted(HISTORY))
                                .bind("node", self.node())
                                .bind("version", self.version())
                                .bind("url", self.url().get())
                                .map((row, context) ->
                                        new Joined(
                                                row.getLong("incarnation"),
                                                row.getLong("applied"),
                                                row.getString("history")))
                                .one());
    }

    @Override
    public long reached() {
        return inTransaction(
                "reading the revocation log's number", BOUNDS, DatabaseMembership::number);
    }

    private static long number(Handle handle) {
        return handle.createQuery("SELECT log_number FROM server_state WHERE id = 1")
                .mapTo(long.class)
                .one();
    }

    private void endEverything(long known) {
        boolean ended =
                connections.write(
                        "ending what was lost",
                        handle -> {
                            if (number(handle) >= known) {
                                return false; // another node was first
                            }
                            Instant now = clock.instant();
                            long _ = EverythingEnded.write(handle, known, now, LOST, "server");
                            audit.append(
                                    handle,
                                    AuditEntry.of(
                                                    TenantId.DEFAULT,
                                                    now,
                                                    "server.everything_revoked",
                                                    "server")
                                            .because(LOST, null));
                            return true;
                        });
        if (ended) {
            LOG.error(
                    "the database has lost committed rows of the revocation log, so every session"
                            + " and token was ended known={}",
                    known);
        }
    }

    @Override
    public Renewal renew(Joined as, long applied, List<LastValid> lastValid, boolean isLasting) {
        try {
            return inTransaction(
                    "renewing the lease",
                    isLasting ? LASTING : FORGETTABLE,
                    handle -> renew(handle, as, applied, text(lastValid)));
        } catch (StoreUnavailableException e) {
            if (e.getCause() instanceof JdbiException cause
                    && cause.getCause() instanceof SQLException sql
                    && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return new Renewal.Blocked();
            }
            throw e;
        }
    }

    /** How far the log goes, in which history. */
    private record Reached(long number, String history) {}

    private Renewal renew(Handle handle, Joined as, long applied, String lastValid) {
        // One way to the database and back. The counter row is locked first, since the update
        // takes its values from it: a revocation changes that row, so that each comes wholly
        // before this or wholly after it.
        long number =
                handle.createQuery(
                                """
                                WITH log AS (
                                    SELECT log_number, %s AS history FROM server_state WHERE id = 1 FOR SHARE),
                                noted AS (
                                    UPDATE node SET applied = :applied, renewals = :attempt,
                                        last_valid = :lastValid, url = :url
                                    FROM log
                                    WHERE incarnation = :incarnation AND log.log_number >= :applied
                                      AND log.history = :history
                                    RETURNING 1)
                                SELECT CASE WHEN EXISTS (SELECT 1 FROM noted) THEN log_number ELSE -1 END FROM log
                                """
                                        .formatted(HISTORY))
                        .bind("applied", applied)
                        .bind("attempt", attempts.incrementAndGet())
                        .bind("lastValid", lastValid)
                        .bind("url", self.url().get())
                        .bind("incarnation", as.incarnation())
                        .bind("history", as.database())
                        .mapTo(long.class)
                        .one();
        if (number < 0) {
            return new Renewal.Expelled();
        }
        return number == applied
                ? new Renewal.Granted()
                : new Renewal.Behind(news(handle, applied, number));
    }

    /**
     * The same for one that reads on; of no history when it was expelled, since rows may have been
     * forgotten that only an expelled node lacks.
     */
    private static Reached reached(Handle handle, Joined as) {
        return handle.createQuery(
                        """
                        SELECT log_number, CASE WHEN EXISTS (SELECT 1 FROM node
                            WHERE incarnation = :incarnation) THEN %s ELSE '' END AS history
                        FROM server_state WHERE id = 1
                        """
                                .formatted(HISTORY))
                .bind("incarnation", as.incarnation())
                .map((row, context) ->
                        new Reached(row.getLong("log_number"), row.getString("history")))
                .one();
    }

    private static News news(Handle handle, long after, long number) {
        List<Revocation> rows = DatabaseRevocations.after(handle, after, MOST_ROWS);
        // Numbers may be left out, so the last row need not be the last number.
        return new News(rows, rows.size() < MOST_ROWS ? number : rows.getLast().number());
    }

    @Override
    public Optional<News> read(Joined as, long after) {
        return inTransaction(
                "reading the revocation log",
                BOUNDS,
                handle -> {
                    // The number first: rows that are committed between both are read again.
                    Reached reached = reached(handle, as);
                    return reached.number() < after || !reached.history().equals(as.database())
                            ? Optional.empty()
                            : Optional.of(news(handle, after, reached.number()));
                });
    }

    @Override
    public Nodes nodes() {
        return inTransaction(
                "reading the nodes",
                BOUNDS,
                handle -> {
                    List<Member> members = new ArrayList<>();
                    // A row of its own for the number: there may be no node.
                    long reached =
                            handle.createQuery(
                                            """
                                            SELECT s.log_number, n.* FROM server_state s LEFT JOIN node n ON true
                                            WHERE s.id = 1 ORDER BY n.name, n.incarnation
                                            """)
                                    .map((row, context) -> {
                                        if (row.getString("name") != null) {
                                            members.add(member(row));
                                        }
                                        return row.getLong("log_number");
                                    })
                                    .list()
                                    .getFirst();
                    return new Nodes(reached, members);
                });
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getString("name"),
                row.getLong("incarnation"),
                row.getLong("applied"),
                row.getLong("renewals"),
                lastValid(row.getString("last_valid")),
                row.getString("version"),
                row.getString("url"));
    }

    private static String text(List<LastValid> all) {
        return all.stream()
                .map(one -> one.number() + ":" + Times.micros(one.at()))
                .collect(Collectors.joining(","));
    }

    private static Map<Long, Instant> lastValid(String text) {
        Map<Long, Instant> all = new HashMap<>();
        for (String one : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
            int colon = one.indexOf(':');
            all.put(
                    Long.valueOf(one.substring(0, colon)),
                    Times.instant(Long.parseLong(one.substring(colon + 1))));
        }
        return all;
    }

    @Override
    public void expelBehind(long number) {
        int _ =
                inTransaction(
                        "striking nodes out",
                        BOUNDS,
                        handle ->
                                handle.createUpdate("DELETE FROM node WHERE applied < :number")
                                        .bind("number", number)
                                        .execute());
    }

    @Override
    public void expelSilent(Member asSeen) {
        int _ =
                inTransaction(
                        "striking a node out",
                        BOUNDS,
                        handle ->
                                handle.createUpdate(
                                                "DELETE FROM node WHERE incarnation = :incarnation"
                                                        + " AND renewals = :renewals")
                                        .bind("incarnation", asSeen.incarnation())
                                        .bind("renewals", asSeen.renewals())
                                        .execute());
    }

    @Override
    public void leave(Joined as) {
        int _ =
                inTransaction(
                        "leaving",
                        BOUNDS,
                        handle ->
                                handle.createUpdate(
                                                "DELETE FROM node WHERE incarnation = :incarnation")
                                        .bind("incarnation", as.incarnation())
                                        .execute());
    }

    @Override
    public void hint(long number) {
        try {
            String _ =
                    connections.alone(
                            "telling the nodes",
                            handle ->
                                    handle.createQuery(
                                                    "SELECT set_config('synchronous_commit', 'off', true)"
                                                            + " || pg_notify(:channel, :number)::text")
                                            .bind("channel", CHANNEL)
                                            .bind("number", Long.toString(number))
                                            .mapTo(String.class)
                                            .one());
        } catch (StoreUnavailableException e) {
            LOG.debug("nobody was told of number={}: {}", number, e.getMessage());
        }
    }

    private <T> T inTransaction(String doing, List<String> bounds, Function<Handle, T> work) {
        return connections.transaction(doing, bounds, work);
    }
}
