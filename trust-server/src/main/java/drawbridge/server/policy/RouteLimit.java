package drawbridge.server.policy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many calls a minute pass: all of them at once if none came before, then one each time its
 * share of the minute is over (the generic cell rate algorithm of ITU-T I.371). One number, changed
 * by compare-and-set: no lock, no queue. Safe for many threads.
 */
final class RouteLimit {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final long share;
    private final AtomicLong paidUntil;

    /**
     * @param perMinute at least 1
     * @param now of a clock that only runs forward, in nanoseconds
     */
    RouteLimit(int perMinute, long now) {
        this.share = MINUTE / perMinute;
        this.paidUntil = new AtomicLong(now);
    }

    /**
     * Lets one call pass, or says how long it is too early.
     *
     * @return zero when it may pass; a call that may not is not counted
     */
    Duration take(long now) {
        while (true) {
            long paid = paidUntil.get();
            long next = (paid - now > 0 ? paid : now) + share;
            long early = next - now - MINUTE;
            if (early > 0) {
                return Duration.ofNanos(early);
            }
            if (paidUntil.compareAndSet(paid, next)) {
                return Duration.ZERO;
            }
        }
    }
}
