package drawbridge.server.limit;

import java.time.Duration;
import java.util.List;
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
     * Takes one from each of those buckets, in that order, up to the first that has none.
     *
     * @param buckets their names, which say nothing of whose they are; at least one
     * @return zero when each had one, else how long to wait for the first that had none; empty when
     *     it cannot be said now, so that others decide
     */
    Optional<Duration> take(List<byte[]> buckets, int perMinute);

    /**
     * The same for later, where they are kept in the database, which saves a transaction; empty
     * where they are not.
     */
    default Optional<Owed> owe(List<byte[]> buckets, int perMinute) {
        return Optional.empty();
    }
}
