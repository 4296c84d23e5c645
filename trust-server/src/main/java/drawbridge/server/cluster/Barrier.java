package drawbridge.server.cluster;

import drawbridge.server.cluster.Membership.NodeApplied;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Waits until no node can answer from before a revocation: each has applied it, or every lease that
 * was granted before it has lapsed. Safe for many threads.
 */
public final class Barrier {
    /** Lets the calling thread rest; tests drive their own time. */
    public interface Rest {
        /** Returns after about that long. */
        void rest(Duration time) throws InterruptedException;
    }

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final Membership membership;
    private final LeaseTerms terms;
    private final LongSupplier nanos;
    private final Rest rest;

    /**
     * @param nanos a monotonic clock
     */
    public Barrier(Membership membership, LeaseTerms terms, LongSupplier nanos, Rest rest) {
        this.membership = membership;
        this.terms = terms;
        this.nanos = nanos;
        this.rest = rest;
    }

    /**
     * Returns once no node can answer from before that row. A database that goes away meanwhile
     * only makes it wait longer: the row is committed, so that no later lease can miss it.
     *
     * @param number the row's number
     * @param committedAt the monotonic time after its commit was confirmed
     * @return whether every node had applied it; false when some were struck out instead
     */
    public boolean await(long number, long committedAt) throws InterruptedException {
        while (true) {
            if (haveAllApplied(number)) {
                return true;
            }
            // Compared with a time taken after the commit: no lease of before lasts beyond this.
            if (nanos.getAsLong() - committedAt >= terms.lapsed().toNanos()) {
                expel(number);
                return false;
            }
            rest.rest(LOOK_EVERY);
        }
    }

    private boolean haveAllApplied(long number) {
        try {
            List<NodeApplied> nodes = membership.nodes();
            return nodes.stream().allMatch(node -> node.applied() >= number);
        } catch (StoreUnavailableException e) {
            return false; // not known, so it waits for the leases
        }
    }

    private void expel(long number) {
        try {
            membership.expelBehind(number);
        } catch (StoreUnavailableException e) {
            // They stay registered, and cost the next revocation a wait as well; nothing worse.
            return;
        }
    }
}
