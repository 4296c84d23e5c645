package drawbridge.server.drill;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A server that is too busy to look has shown nothing of how it judges: it is asked again for a
 * while, and what could not be tried is neither held nor weak.
 */
final class Patience {
    /** How long one answer, and a server that says it is busy, is waited for. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private Patience() {}

    /**
     * Tries until there is something.
     *
     * @param attempt empty while the server is too busy
     * @throws DrillException when it is too busy for all that time
     */
    static <T> T whileBusy(LongSupplier nanos, Supplier<Optional<T>> attempt) {
        long began = nanos.getAsLong();
        while (true) {
            Optional<T> got = attempt.get();
            if (got.isPresent()) {
                return got.get();
            }
            if (nanos.getAsLong() - began > LONGEST.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                throw new DrillException(
                        "the server was too busy for %d s; try again later"
                                .formatted(LONGEST.toSeconds()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
