package drawbridge.server.bridge;

import org.jspecify.annotations.Nullable;

/**
 * Hears what became of callers and their secrets, in the order it was committed. Must be quick and
 * must not block.
 */
public interface CallerNews {
    /**
     * What happened.
     *
     * @param caller the caller as it is now
     * @param what {@code created}, {@code changed}, {@code deleted}, {@code rotated}, {@code
     *     retired}, {@code burned} or {@code rotation_due}
     * @param version the version of its secret that is meant; null when none or all are
     * @param number the number in the revocation log; 0 when nothing stands there
     * @param actor who did it
     */
    record Told(Caller caller, String what, @Nullable Integer version, long number, String actor) {}

    /** It happened, and every call that begins from here on is judged by it. */
    void told(Told news);
}
