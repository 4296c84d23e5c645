package drawbridge.server.bridge;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Admits so many in a stretch of time, the first that come. A few more may pass where two stretches
 * meet. Costs nothing but two reads once no more are admitted. Safe for many threads.
 */
final class Pace {
    static final Duration SECOND = Duration.ofSeconds(1);

    private final int most;
    private final long stretchMillis;
    private final AtomicInteger left = new AtomicInteger();
    private volatile long stretch = Long.MIN_VALUE;

    Pace(int most, Duration stretch) {
        this.most = most;
        this.stretchMillis = stretch.toMillis();
    }

    boolean admits(Instant now) {
        long current = now.toEpochMilli() / stretchMillis;
        if (current != stretch) {
            stretch = current;
            left.set(most);
        }
        return left.get() > 0 && left.getAndDecrement() > 0;
    }
}
