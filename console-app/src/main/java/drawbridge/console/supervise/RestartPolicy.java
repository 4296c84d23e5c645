package drawbridge.console.supervise;

import java.time.Duration;

/**
 * When a server that ended by itself is started again: after 250 ms, then after twice as long each
 * time, at most 30 s. A server that had answered for 10 s begins the count anew. Pure.
 */
public final class RestartPolicy {
    static final Duration FIRST = Duration.ofMillis(250);
    static final Duration LONGEST = Duration.ofSeconds(30);
    static final Duration GOOD_RUN = Duration.ofSeconds(10);

    private RestartPolicy() {}

    /**
     * How many ends in a row there are now.
     *
     * @param before how many there were before this one
     * @param answered how long the server had answered before it ended; zero when it never did
     */
    public static int failures(int before, Duration answered) {
        return answered.compareTo(GOOD_RUN) >= 0 ? 1 : before + 1;
    }

    /**
     * How long to wait before the next start.
     *
     * @param failures ends in a row, at least 1
     */
    public static Duration delay(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("failures " + failures + ": give 1 or more");
        }
        long millis = FIRST.toMillis() << Math.min(failures - 1, 16);
        return Duration.ofMillis(Math.min(millis, LONGEST.toMillis()));
    }
}
