package drawbridge.server.cluster;

import drawbridge.server.session.Standing;

import java.util.function.LongSupplier;

/**
 * This node's right to answer from its memory. Read on every validation, by one volatile read;
 * written by the one thread that renews it.
 */
public final class NodeLease implements Standing {
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

    @Override
    public boolean mayAnswer() {
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
