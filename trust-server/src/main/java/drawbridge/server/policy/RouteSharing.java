package drawbridge.server.policy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the rates of routes hold for all nodes together, a fifth of a second late: each node decides
 * by its own count, which a thread of its own charges with what the others let through. No
 * validation waits for it; while nobody can say what the others did, each node counts for itself.
 */
public final class RouteSharing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteSharing.class);
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 1_000;

    /** Numbers that all nodes add to. */
    @FunctionalInterface
    public interface Totals {
        /**
         * Adds to each number.
         *
         * @param names what they are called
         * @param more how much is added to each
         * @return the numbers then; empty when nobody can say
         */
        Optional<List<Long>> add(List<String> names, List<Long> more);
    }

    /** One limit that was used lately. */
    record Used(String name, RouteLimit limit) {}

    private final Policies policies;
    private final Totals totals;
    private final LongSupplier ticker;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("route-limits").daemon().factory());

    /**
     * Starts.
     *
     * @param ticker the clock the limits are asked by, in nanoseconds
     */
    public RouteSharing(Policies policies, Totals totals, LongSupplier ticker) {
        this.policies = policies;
        this.totals = totals;
        this.ticker = ticker;
        Future<?> _ =
                thread.scheduleWithFixedDelay(
                        this::guarded, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void guarded() {
        try {
            share(policies.used(MOST_AT_ONCE, ticker.getAsLong()), totals, ticker.getAsLong());
        } catch (RuntimeException e) {
            LOG.error("sharing the rates of routes failed", e); // it goes on with the next round
        }
    }

    /** One round. */
    static void share(List<Used> used, Totals totals, long now) {
        if (used.isEmpty()) {
            return;
        }
        List<Long> own = new ArrayList<>();
        for (Used each : used) {
            own.add(each.limit().takeNews());
        }
        Optional<List<Long>> known = totals.add(used.stream().map(Used::name).toList(), own);
        for (int i = 0; i < used.size(); i++) {
            RouteLimit limit = used.get(i).limit();
            if (known.isEmpty()) {
                limit.forgetOthers();
            } else {
                limit.learn(known.get().get(i), own.get(i), now);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
