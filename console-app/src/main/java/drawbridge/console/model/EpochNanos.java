package drawbridge.console.model;

import java.time.Duration;
import java.time.Instant;

/**
 * Instants as nanoseconds of the epoch, for what is kept of very many sessions. What lies outside
 * the years 1685 to 2255 is taken for the nearest that does not.
 */
final class EpochNanos {
    private static final long A_SECOND = 1_000_000_000;
    private static final long MOST_SECONDS = 9_000_000_000L;

    private EpochNanos() {}

    static long of(Instant at) {
        long seconds = Math.clamp(at.getEpochSecond(), -MOST_SECONDS, MOST_SECONDS);
        return seconds * A_SECOND + at.getNano();
    }

    static Instant at(long nanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, A_SECOND), Math.floorMod(nanos, A_SECOND));
    }

    static long plus(long nanos, Duration much) {
        return of(at(nanos).plus(much));
    }
}
