package drawbridge.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The wall clock, except that it never shows less than has passed since the start: whoever sets the
 * machine's clock back makes no session live longer. Set forward it is followed, since a machine
 * that slept must not take its sleep for no time at all; what is ended by that is ended too soon
 * and never too late. Either is logged. Safe for many threads.
 */
public final class SteadyClock extends Clock {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);
    private static final long NANOS = 1_000_000_000;
    private static final long LOOKED_EVERY = NANOS;
    private static final long NOTICED = 2 * NANOS;

    /** A clock that is further off than 140 years is as wrong as one that is exactly so far off. */
    private static final long MOST_SECONDS = 140L * 365 * 24 * 3600;

    private final Clock wall;
    private final LongSupplier nanos;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicLong lookedAt;

    /**
     * How far the wall clock was ahead of the time that had passed, when it was looked at, in
     * nanoseconds.
     */
    private final AtomicLong ahead = new AtomicLong();

    /**
     * Starts.
     *
     * @param nanos a clock that only goes forward, such as {@code System::nanoTime}
     */
    public SteadyClock(Clock wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.startedAt = wall.instant();
        this.startedNanos = nanos.getAsLong();
        this.lookedAt = new AtomicLong(startedNanos);
    }

    @Override
    public Instant instant() {
        long now = nanos.getAsLong();
        long passed = now - startedNanos;
        Instant shown = wall.instant();
        // In plain numbers: every validation asks for the time, some of them twice.
        long difference = since(startedAt, shown) - passed;
        look(difference, now);
        return difference < 0 ? startedAt.plusNanos(passed) : shown;
    }

    private static long since(Instant start, Instant shown) {
        long seconds = shown.getEpochSecond() - start.getEpochSecond();
        return Math.clamp(seconds, -MOST_SECONDS, MOST_SECONDS) * NANOS
                + shown.getNano()
                - start.getNano();
    }

    private void look(long difference, long now) {
        long known = ahead.get();
        boolean jumped = Math.abs(difference - known) > NOTICED;
        long looked = lookedAt.get();
        boolean isDue = now - looked >= LOOKED_EVERY;
        // Small steps are how a clock is kept right, and no jump however many there are.
        if ((jumped || isDue) && lookedAt.compareAndSet(looked, now)) {
            ahead.set(difference);
            if (jumped) {
                LOG.warn(
                        "clock jumped by={} {}",
                        Duration.ofNanos(difference - known).truncatedTo(ChronoUnit.MICROS),
                        difference < 0
                                ? "time goes on as if it had not, until the clock has caught up or the server is started anew"
                                : "sessions and tokens end by the new time");
            }
        }
    }

    @Override
    public ZoneId getZone() {
        return wall.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return zone.equals(getZone()) ? this : wall.withZone(zone);
    }
}
