package drawbridge.server.cluster;

import drawbridge.model.view.NodeApplied;
import drawbridge.server.cluster.Membership.Member;
import drawbridge.server.cluster.Membership.Nodes;
import drawbridge.server.session.Witness.Held;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Waits until no node can answer from before a revocation: each has applied it, or every lease that
 * was granted before it has lapsed. However many wait, one of them asks the database for all. Safe
 * for many threads.
 */
public final class Barrier {
    /** Lets the calling thread rest; tests drive their own time. */
    public interface Rest {
        /** Returns after about that long. */
        void rest(Duration time) throws InterruptedException;
    }

    /**
     * How a revocation ended, and whether its row was in the log when the nodes were seen to have
     * it.
     */
    public record Agreed(Held held, boolean isInLog) {}

    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LATER = Duration.ofMillis(10);

    /** Looked again after that part of the time it takes already: seldom late by more. */
    private static final int PART = 8;

    private static final class Waiter {
        private final long number;
        private final long committedAt;
        private final Instant committedWall;
        private final Map<String, NodeApplied> applied = new ConcurrentHashMap<>();
        private final Set<String> behind = ConcurrentHashMap.newKeySet();
        private volatile @Nullable Agreed agreed;

        Waiter(long number, long committedAt, Instant committedWall) {
            this.number = number;
            this.committedWall = committedWall;
            this.committedAt = committedAt;
        }

        /** Whether everyone of those has applied the row; notes since when. */
        boolean isSeenBy(List<Member> members, Instant now) {
            boolean all = true;
            for (Member member : members) {
                if (member.applied() >= number) {
                    applied.putIfAbsent(
                            member.node(),
                            new NodeApplied(member.node(), now, member.lastValid().get(number)));
                } else {
                    behind.add(member.node());
                    all = false;
                }
            }
            return all;
        }

        /** Who was behind and never seen to have applied it has lost what it held by now. */
        Held ends() {
            return new Held(
                    committedWall,
                    applied.values().stream()
                            .sorted(Comparator.comparing(NodeApplied::node))
                            .toList(),
                    behind.stream().filter(name -> !applied.containsKey(name)).sorted().toList());
        }
    }

    private final Membership membership;
    private final LeaseTerms terms;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Rest rest;
    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * @param nanos a monotonic clock
     */
    public Barrier(
            Membership membership, LeaseTerms terms, Clock clock, LongSupplier nanos, Rest rest) {
        this.membership = membership;
        this.terms = terms;
        this.clock = clock;
        this.nanos = nanos;
        this.rest = rest;
    }

    /**
     * Returns once no node can answer from before that row. A database that goes away meanwhile
     * only makes it wait longer: the row is committed, so that no later lease can miss it.
     *
     * @param number the row's number
     * @param committedAt the monotonic time after its commit was confirmed
     */
    public Agreed await(long number, long committedAt) throws InterruptedException {
        Waiter me = new Waiter(number, committedAt, clock.instant());
        waiting.add(me);
        try {
            while (true) {
                if (looking.compareAndSet(false, true)) {
                    try {
                        look();
                    } finally {
                        looking.set(false);
                    }
                }
                Agreed agreed = me.agreed;
                if (agreed != null) {
                    return agreed;
                }
                if (isLapsed(me)) {
                    return new Agreed(me.ends(), false); // somebody is looking, and takes long
                }
                Duration part = Duration.ofNanos(nanos.getAsLong() - committedAt).dividedBy(PART);
                Duration atLeast = part.compareTo(SOON) < 0 ? SOON : part;
                rest.rest(atLeast.compareTo(LATER) < 0 ? atLeast : LATER);
            }
        } finally {
            waiting.remove(me);
        }
    }

    /** Compared with a time taken after the commit: no lease of before lasts beyond this. */
    private boolean isLapsed(Waiter waiter) {
        return nanos.getAsLong() - waiter.committedAt >= terms.lapsed().toNanos();
    }

    private void look() {
        // Before asking: who is not registered in an older answer may have been granted a lease
        // since.
        List<Waiter> asking = List.copyOf(waiting);
        Nodes nodes = nodes();
        Instant now = clock.instant();
        long behind = 0;
        for (Waiter waiter : asking) {
            if (nodes != null && waiter.isSeenBy(nodes.members(), now)) {
                waiter.agreed = new Agreed(waiter.ends(), nodes.reached() >= waiter.number);
            } else if (isLapsed(waiter)) {
                behind = Math.max(behind, waiter.number);
            }
        }
        if (behind == 0) {
            return;
        }
        expel(behind);
        for (Waiter waiter : asking) {
            if (waiter.agreed == null && isLapsed(waiter)) {
                waiter.agreed = new Agreed(waiter.ends(), false);
            }
        }
    }

    private @Nullable Nodes nodes() {
        try {
            return membership.nodes();
        } catch (StoreUnavailableException e) {
            return null; // not known, so it waits for the leases
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
