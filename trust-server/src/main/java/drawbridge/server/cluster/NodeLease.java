package drawbridge.server.cluster;

import java.util.function.LongSupplier;

/**
 * This node's right to answer from its memory. Read on every validation, by one volatile read;
 * written by the one thread that renews it.
 */
public final class NodeLease {
    private final LongSupplier nanos;
    private volatile long endsAt;

    /**
     * A lease that has lapsed.
     *
     * @param nanos a monotonic clock, in nanoseconds
     */
    public NodeLease(LongSupplier nanos) {
        this.nanos = nanos;
        this.endsAt = nanos.getAsLong();
    }

    /** Whether it is in force now. */
    public boolean isAlive() {
        return endsAt - nanos.getAsLong() > 0;
    }

    /** It lasts until then, and no longer. */
    void prolong(long until) {
        endsAt = until;
    }

    /** It has lapsed. */
    void drop() {
        endsAt = nanos.getAsLong();
    }
}
