package drawbridge.server.bridge;

import drawbridge.server.policy.DatabaseRouteUse;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What is done for callers off every request: their use, and that of the rules they are judged by,
 * is written down, and rotations that have become due are told. One thread.
 */
public final class CallerUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallerUpkeep.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Callers callers;
    private final CallerUse use;
    private final DatabaseRouteUse routeUse;
    private final Database database;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("callers").daemon().factory());

    /** Starts. */
    public CallerUpkeep(
            Callers callers, CallerUse use, DatabaseRouteUse routeUse, Database database) {
        this.callers = callers;
        this.use = use;
        this.routeUse = routeUse;
        this.database = database;
        long millis = EVERY.toMillis();
        Future<?> _ = thread.scheduleAtFixedRate(this::once, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A failure must not end the repetition, which the scheduler would do. */
    private void once() {
        try {
            use.writeDown(database);
            routeUse.writeDown();
            callers.tellDue();
        } catch (StoreUnavailableException e) {
            LOG.warn("put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("upkeep of callers failed", e);
        }
    }

    /** Stops, and writes down what is counted. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("upkeep of callers did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        use.writeDown(database);
        routeUse.writeDown();
    }
}
