package drawbridge.server.limit;

import java.time.Duration;
import java.util.Optional;

/**
 * Buckets that all nodes take from, and that outlive a restart. Each is full with what a minute
 * allows and is filled evenly (the generic cell rate algorithm of ITU-T I.371). Safe for many
 * threads; may wait, briefly.
 */
public interface SharedLimits {
    /** Whether requests of that kind are counted here. */
    boolean shares(Counted what);

    /**
     * Takes one from a bucket.
     *
     * @param bucket its name, which says nothing of whose it is
     * @return zero when there was one, else how long to wait; empty when it cannot be said now, so
     *     that others decide
     */
    Optional<Duration> take(byte[] bucket, int perMinute);
}
