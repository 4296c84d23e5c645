package drawbridge.server.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is told to go on. Safe for many threads. */
public final class MutableClock extends Clock {
    private final AtomicReference<Instant> now;
    private final AtomicReference<Duration> eachLook = new AtomicReference<>(Duration.ZERO);

    public MutableClock(Instant start) {
        this.now = new AtomicReference<>(start);
    }

    /** Lets so much time pass. */
    public void advance(Duration by) {
        now.updateAndGet(at -> at.plus(by));
    }

    /** Lets so much time pass whenever somebody looks, from now on. */
    public void advanceAtEachLook(Duration by) {
        eachLook.set(by);
    }

    @Override
    public Instant instant() {
        Duration by = eachLook.get();
        return by.isZero() ? now.get() : now.getAndUpdate(at -> at.plus(by));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
