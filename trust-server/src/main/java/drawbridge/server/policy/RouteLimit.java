package drawbridge.server.policy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets so many calls a minute pass: all of them at once if none came before, then one each time its
 * share of the minute is over (the generic cell rate algorithm of ITU-T I.371). One number, changed
 * by compare-and-set: no lock, no queue. What other nodes let pass can be charged to it. Safe for
 * many threads; what concerns other nodes is for one thread.
 */
final class RouteLimit {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private static final long UNKNOWN = -1;

    private final int perMinute;
    private final long share;
    private final LongAdder taken = new LongAdder();
    private long told;
    private long total = UNKNOWN;
    private final AtomicLong paidUntil;

    /**
     * @param perMinute at least 1
     * @param now of a clock that only runs forward, in nanoseconds
     */
    RouteLimit(int perMinute, long now) {
        this.perMinute = perMinute;
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
                taken.increment();
                return Duration.ZERO;
            }
        }
    }

    /** Whether it is not full yet: who comes now may be turned away for what others did. */
    boolean isUsed(long now) {
        return paidUntil.get() - now > 0 || taken.sum() > told;
    }

    /** How many passed since this was asked last. */
    long takeNews() {
        long all = taken.sum();
        long news = all - told;
        told = all;
        return news;
    }

    /**
     * What the nodes let pass together, ever since somebody began to count.
     *
     * @param now of the same clock as for {@link #take}
     * @param own how much of it this node added last
     */
    void learn(long together, long own, long now) {
        long others = total == UNKNOWN ? 0 : together - own - total;
        total = together;
        if (others > 0) {
            charge(Math.min(others, perMinute), now);
        }
    }

    private void charge(long calls, long now) {
        paidUntil.updateAndGet(paid -> {
            long next = (paid - now > 0 ? paid : now) + calls * share;
            return next - now > MINUTE ? now + MINUTE : next;
        });
    }

    /** Nobody could say what the others did; they begin anew. */
    void forgetOthers() {
        total = UNKNOWN;
    }
}
