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
    /** None are shared: each node counts for itself. */
    SharedLimits NONE =
            new SharedLimits() {
                @Override
                public boolean shares(Counted what) {
                    return false;
                }

                @Override
                public Optional<Duration> take(List<byte[]> buckets, int perMinute) {
                    return Optional.empty();
                }
            };

    /** Whether requests of that kind are counted here. */
    boolean shares(Counted what);

    /**
     * Takes one from each bucket in turn, up to the first that is empty; for several at once the
     * wait is that for one.
     *
     * @param buckets their names, which say nothing of whose they are; at least one
     * @return zero when each had one, else how long to wait for the one that had none; empty when
     *     nobody can say, so that what this node counts for itself decides
     */
    Optional<Duration> take(List<byte[]> buckets, int perMinute);
}
