package drawbridge.server.cluster;

import drawbridge.server.cluster.Membership.Joined;
import drawbridge.server.cluster.Membership.LastValid;
import drawbridge.server.cluster.Membership.News;
import drawbridge.server.cluster.Membership.Renewal;
import drawbridge.server.session.LastTrusted;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.SessionCache;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.session.Tombstones;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Keeps a node's lease: applies what it lacks of the revocation log, and starts anew when it was
 * expelled. For one thread, which also is the only one that counts rows as applied.
 *
 * <p>Every method throws {@link drawbridge.server.storage.StoreUnavailableException} when the
 * database did not answer; the lease then runs out.
 */
public final class LeaseKeeper {
    /** So many rounds behind and the next call goes on; the lease has lapsed meanwhile anyway. */
    private static final int MOST_ROUNDS = 100;

    /** What was last valid is told for so long, and of so many sessions at most. */
    private static final Duration TOLD = Duration.ofSeconds(5);

    private static final int MOST_TOLD = 64;

    private record Telling(LastValid what, long since) {}

    private final Membership membership;
    private final NodeLease lease;
    private final Tombstones tombstones;
    private final SessionCache memory;
    private final Holdings held;
    private final LeaseTerms terms;
    private final Clock clock;
    private final LongSupplier nanos;

    private final LastTrusted trusted;
    private final Deque<Telling> telling = new ArrayDeque<>();
    private volatile @Nullable Joined joined;
    private boolean isComplete;
    private long prolongedAt;
    private long lastNanos;
    private Instant lastWall;

    /**
     * What a node answers from: its lease, and what is right while it lasts.
     *
     * @param trusted what it answered last
     */
    public record Memory(
            NodeLease lease,
            Tombstones tombstones,
            SessionCache sessions,
            Holdings settings,
            LastTrusted trusted) {}

    /**
     * @param nanos the monotonic clock that the lease has
     */
    public LeaseKeeper(
            Membership membership,
            Memory memory,
            LeaseTerms terms,
            Clock clock,
            LongSupplier nanos) {
        this.membership = membership;
        this.lease = memory.lease();
        this.tombstones = memory.tombstones();
        this.memory = memory.sessions();
        this.held = memory.settings();
        this.trusted = memory.trusted();
        this.terms = terms;
        this.clock = clock;
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
        this.prolongedAt = lastNanos;
        this.lastWall = clock.instant();
    }

    /**
     * Renews the lease; called every {@link LeaseTerms#renewEvery}. Whether it was prolonged or
     * not, this node has then applied everything that was committed before the call.
     */
    public void renew() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Joined me = joined;
            if (me == null) {
                me = startAnew();
            }
            if (!isComplete) {
                complete();
            }
            long sent = nanos.getAsLong(); // before asking: the answer may take long
            dropAfterSuspension(sent);
            // Between two that last, others only report what was applied.
            boolean isLasting =
                    !lease.isAlive() || sent - prolongedAt >= terms.renewEvery().toNanos() / 2;
            switch (membership.renew(me, tombstones.applied(), lastValid(), isLasting)) {
                case Renewal.Granted _ -> {
                    if (isLasting) {
                        lease.prolong(sent + terms.believed().toNanos());
                        prolongedAt = sent;
                    }
                    return;
                }
                case Renewal.Behind(News news) -> apply(news);
                case Renewal.Expelled _ -> joined = null;
                case Renewal.Blocked _ -> {
                    if (catchUp(me)) {
                        return;
                    }
                    joined = null;
                }
            }
        }
    }

    /** Whether there is nothing more to read; false when it joined another history. */
    private boolean catchUp(Joined me) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            long from = tombstones.applied();
            Optional<News> news = membership.read(me, from);
            if (news.isEmpty()) {
                return false;
            }
            apply(news.get());
            if (news.get().through() == from) {
                return true;
            }
        }
        return false; // it cannot keep up
    }

    /** Remembered and gone from memory first, counted as applied last. */
    private void apply(News news) {
        Set<SharedSettings> changed = EnumSet.noneOf(SharedSettings.class);
        for (Revocation row : news.rows()) {
            if (row instanceof Revocation.OfSession one) {
                memory.find(one.key())
                        .ifPresent(f -> trusted.ended(one.number(), f.session().ref()));
            }
            tombstones.remember(row);
            switch (row) {
                case Revocation.OfSession one -> {
                    memory.remove(one.key());
                    tell(one.number());
                }
                case Revocation.OfSecret _ -> changed.add(SharedSettings.CALLERS);
                case Revocation.OfSettings one -> changed.add(one.settings());
                // A restore writes it, and then nothing is as it was.
                case Revocation.OfEverything _ -> changed.addAll(Set.of(SharedSettings.values()));
                // Held sessions are compared with what was ended when they are asked for.
                case Revocation.OfUser _, Revocation.OfUserFacts _, Revocation.OfTenant _ -> {}
            }
        }
        changed.forEach(held::reload);
        tombstones.advance(news.through());
    }

    private void tell(long number) {
        Instant last = trusted.before(number);
        if (last != null) {
            telling.addLast(new Telling(new LastValid(number, last), nanos.getAsLong()));
        }
    }

    private List<LastValid> lastValid() {
        long now = nanos.getAsLong();
        telling.removeIf(each -> now - each.since() > TOLD.toNanos());
        while (telling.size() > MOST_TOLD) {
            telling.removeFirst();
        }
        return telling.stream().map(Telling::what).toList();
    }

    /** The order matters: no answer from memory, no fill from before, nothing held, then join. */
    private Joined startAnew() {
        lease.drop();
        tombstones.distrust();
        memory.clear();
        Joined fresh = membership.join(tombstones.highest());
        tombstones.startAnew(fresh.number());
        isComplete = false;
        joined = fresh;
        return fresh;
    }

    private void complete() {
        for (SharedSettings each : SharedSettings.values()) {
            held.reload(each);
        }
        isComplete = true;
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

    /** Which life of this node it is; 0 while it has not joined. For any thread. */
    long incarnation() {
        Joined me = joined;
        return me == null ? 0 : me.incarnation();
    }

    /** Gives the lease up and takes this node away, so that no revocation waits for it. */
    public void leave() {
        lease.drop();
        Joined me = joined;
        if (me != null) {
            membership.leave(me);
        }
    }
}
