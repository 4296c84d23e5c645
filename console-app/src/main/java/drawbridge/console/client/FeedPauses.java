package drawbridge.console.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: 250 ms, doubled with every failure in a row up to 5 s, each
 * stretched or cut by up to a quarter, so that consoles do not come back all at once.
 */
final class FeedPauses {
    static final long SHORTEST_MILLIS = 250;
    static final Duration SHORTEST = Duration.ofMillis(SHORTEST_MILLIS);
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** Lets time pass. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    private final RandomGenerator random;
    private final Sleeper sleeper;
    private int failures;

    FeedPauses(RandomGenerator random, Sleeper sleeper) {
        this.random = random;
        this.sleeper = sleeper;
    }

    /** Waits after one more failure. */
    void pauseAfterFailure() throws InterruptedException {
        failures++;
        sleeper.sleep(pause(failures, random.nextDouble()));
    }

    /** Something went well: the next pause is short again. */
    void reset() {
        failures = 0;
    }

    /**
     * The pause before the next try.
     *
     * @param failures how many in a row, at least 1
     * @param chance 0 to 1
     */
    static Duration pause(int failures, double chance) {
        long doubled = SHORTEST.toMillis() << Math.min(failures - 1, 10);
        long capped = Math.min(doubled, LONGEST.toMillis());
        long stretched = Math.round(capped * (0.75 + chance / 2));
        return Duration.ofMillis(Math.clamp(stretched, SHORTEST.toMillis(), LONGEST.toMillis()));
    }
}
