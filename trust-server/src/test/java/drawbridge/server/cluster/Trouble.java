package drawbridge.server.cluster;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What happens to the second of two nodes, or to what both need, around a revocation. */
enum Trouble {
    NONE(true) {
        @Override
        Ending begin(TwoNodes nodes) {
            return () -> {};
        }
    },
    /** Nobody is told of anything. */
    HINTS_LOST(true) {
        @Override
        Ending begin(TwoNodes nodes) {
            CountDownLatch over = new CountDownLatch(1);
            Thread deaf =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (Connection past = SharedNodes.connect(nodes.folder());
                                        Statement statement = past.createStatement()) {
                                    do {
                                        statement.execute(
                                                "SELECT pg_terminate_backend(pid)"
                                                        + " FROM pg_stat_activity"
                                                        + " WHERE query LIKE 'LISTEN%'");
                                    } while (!over.await(50, TimeUnit.MILLISECONDS));
                                } catch (SQLException e) {
                                    throw new IllegalStateException(e);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            return () -> {
                over.countDown();
                deaf.join();
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

    private static Ending through(FaultProxy proxy, Mode mode) {
        proxy.set(mode);
        return () -> proxy.set(Mode.PASS);
    }
}
