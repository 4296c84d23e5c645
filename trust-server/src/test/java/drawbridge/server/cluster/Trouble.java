package drawbridge.server.cluster;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What happens to the second of two nodes, or to what both need, around a revocation. */
enum Trouble {
    NONE(true) {
        @Override
        Ending begin(TwoNodes nodes) {
            return () -> {};
        }
    },
    /** Nobody is told of anything: what sends the hints does nothing. */
    HINTS_LOST(true) {
        @Override
        Ending begin(TwoNodes nodes) throws SQLException {
            Connection past = SharedNodes.connect(nodes.folder());
            long before = run(past, MUTE);
            return () -> {
                try (past) {
                    PGNotification[] told = past.unwrap(PGConnection.class).getNotifications();
                    run(past, UNMUTE);
                    if (told != null
                            && Stream.of(told)
                                    .anyMatch(
                                            each -> Long.parseLong(each.getParameter()) > before)) {
                        throw new AssertionError("a hint was sent: " + Arrays.toString(told));
                    }
                }
            };
        }
    },
    REDIS_CUT(true) {
        @Override
        Ending begin(TwoNodes nodes) {
            return through(nodes.beforeRedis(), Mode.CUT);
        }
    },
    REDIS_HANGS(true) {
        @Override
        Ending begin(TwoNodes nodes) {
            return through(nodes.beforeRedis(), Mode.HANG);
        }
    },
    /** Its process is killed, and another one, which holds nothing, comes in its place. */
    REDIS_KILLED(true) {
        @Override
        Ending begin(TwoNodes nodes) {
            nodes.redis().kill();
            return nodes.redis()::startAgain;
        }
    },
    DATABASE_CUT(false) {
        @Override
        Ending begin(TwoNodes nodes) {
            return through(nodes.beforeDatabase(), Mode.CUT);
        }
    },
    DATABASE_HANGS(false) {
        @Override
        Ending begin(TwoNodes nodes) {
            return through(nodes.beforeDatabase(), Mode.HANG);
        }
    },
    STOPPED_BRIEFLY(false) {
        @Override
        Ending begin(TwoNodes nodes) throws Exception {
            return nodes.second().stopFor(Duration.ofSeconds(1))::join;
        }
    },
    STOPPED(false) {
        @Override
        Ending begin(TwoNodes nodes) throws Exception {
            return nodes.second().stopFor(Duration.ofMillis(2_500))::join;
        }
    },
    STOPPED_FOR_LONG(false) {
        @Override
        Ending begin(TwoNodes nodes) throws Exception {
            return nodes.second().stopFor(Duration.ofSeconds(10))::join;
        }
    },
    /** It is killed, and starts while the revocation is made. */
    STARTS(false) {
        @Override
        Ending begin(TwoNodes nodes) throws Exception {
            nodes.second().kill();
            Thread starting =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    nodes.second().start();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            return starting::join;
        }
    };

    /** Ends it. */
    interface Ending {
        void end() throws Exception;
    }

    private final boolean isHarmless;

    Trouble(boolean isHarmless) {
        this.isHarmless = isHarmless;
    }

    /** Whether both nodes answer all the time. */
    boolean isHarmless() {
        return isHarmless;
    }

    /** Begins now. */
    abstract Ending begin(TwoNodes nodes) throws Exception;

    private static final List<String> MUTE =
            List.of(
                    "ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO pg_notify_kept",
                    "CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE sql AS ''",
                    "LISTEN " + DatabaseMembership.CHANNEL);
    private static final List<String> UNMUTE =
            List.of(
                    "DROP FUNCTION public.pg_notify(text, text)",
                    "ALTER FUNCTION pg_catalog.pg_notify_kept(text, text) RENAME TO pg_notify");

    /** Runs them in one transaction, and says how far the log goes then. */
    private static long run(Connection connection, List<String> all) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String one : all) {
                statement.execute(one);
            }
            connection.commit();
            connection.setAutoCommit(true);
            try (ResultSet row =
                    statement.executeQuery("SELECT log_number FROM server_state WHERE id = 1")) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Ending through(FaultProxy proxy, Mode mode) {
        proxy.set(mode);
        return () -> proxy.set(Mode.PASS);
    }
}
