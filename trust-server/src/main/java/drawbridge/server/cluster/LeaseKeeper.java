package drawbridge.server.cluster;

import drawbridge.server.cluster.Membership.Joined;
import drawbridge.server.cluster.Membership.Renewal;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.SessionCache;
import drawbridge.server.session.Tombstones;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Keeps a node's lease: applies what it lacks of the revocation log, and starts anew when it was
 * expelled. For one thread, which also is the only one that applies rows on a node of several.
 */
public final class LeaseKeeper {
    /** So many rounds behind and the next call goes on; the lease has lapsed meanwhile anyway. */
    private static final int MOST_ROUNDS = 100;

    private final String node;
    private final Membership membership;
    private final NodeLease lease;
    private final Tombstones tombstones;
    private final SessionCache memory;
    private final LeaseTerms terms;
    private final Clock clock;
    private final LongSupplier nanos;

    private long incarnation;
    private boolean joined;
    private long lastNanos;
    private Instant lastWall;

    /**
     * @param memory is emptied when what it holds is worth nothing
     * @param nanos the monotonic clock that {@code lease} has
     */
    public LeaseKeeper(
            String node,
            Membership membership,
            NodeLease lease,
            Tombstones tombstones,
            SessionCache memory,
            LeaseTerms terms,
            Clock clock,
            LongSupplier nanos) {
        this.node = node;
        this.membership = membership;
        this.lease = lease;
        this.tombstones = tombstones;
        this.memory = memory;
        this.terms = terms;
        this.clock = clock;
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
        this.lastWall = clock.instant();
    }

    /**
     * Renews the lease; called every {@link LeaseTerms#renewEvery}.
     *
     * @return whether the node has a lease now
     * @throws StoreUnavailableException when the database did not answer; the lease then runs out
     */
    public boolean renew() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (!joined) {
                startAnew();
            }
            long sent = nanos.getAsLong(); // before asking: the answer may take long
            dropAfterSuspension(sent);
            switch (membership.renew(node, incarnation, tombstones.applied())) {
                case Renewal.Granted _ -> {
                    lease.prolong(sent + terms.believed().toNanos());
                    return true;
                }
                case Renewal.Behind behind -> behind.rows().forEach(this::apply);
                case Renewal.Expelled _ -> joined = false;
            }
        }
        return false;
    }

    private void apply(Revocation row) {
        tombstones.apply(row);
        if (row instanceof Revocation.OfSession one) {
            memory.remove(one.key());
        }
    }

    /** The order matters: no answer from memory, no fill from before, nothing held, then join. */
    private void startAnew() {
        lease.drop();
        tombstones.distrust();
        memory.clear();
        Joined fresh = membership.join(node);
        tombstones.startAnew(fresh.number());
        incarnation = fresh.incarnation();
        joined = true;
    }

    /**
     * A monotonic clock may stand still while the machine sleeps; the other one does not. A lease
     * that was held over a sleep is not what it seems.
     */
    private void dropAfterSuspension(long now) {
        Instant wall = clock.instant();
        Duration byWall = Duration.between(lastWall, wall);
        Duration byNanos = Duration.ofNanos(now - lastNanos);
        if (byWall.minus(byNanos).abs().compareTo(terms.margin()) > 0) {
            lease.drop();
        }
        lastWall = wall;
        lastNanos = now;
    }
}
