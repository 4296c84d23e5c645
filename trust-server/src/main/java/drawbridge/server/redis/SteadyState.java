package drawbridge.server.redis;

import drawbridge.server.redis.RedisLink.State;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What is told of a breaker that opens and closes: that Redis is away, once, and that it is back
 * when the breaker has stayed closed for a while. Safe for many threads.
 */
final class SteadyState {
    static final Duration WHILE = Duration.ofSeconds(5);

    private final Consumer<State> told;
    private final LongSupplier nanos;
    private boolean isAway;
    private boolean isClosed = true;
    private long closedAt;

    SteadyState(Consumer<State> told, LongSupplier nanos) {
        this.told = told;
        this.nanos = nanos;
    }

    synchronized void opened() {
        isClosed = false;
        if (!isAway) {
            isAway = true;
            told.accept(State.DOWN);
        }
    }

    synchronized void closed() {
        isClosed = true;
        closedAt = nanos.getAsLong();
    }

    /** Time has passed. */
    synchronized void look() {
        if (isAway && isClosed && nanos.getAsLong() - closedAt >= WHILE.toNanos()) {
            isAway = false;
            told.accept(State.UP);
        }
    }
}
