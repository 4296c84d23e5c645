package drawbridge.server.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.model.view.NodeRow;
import drawbridge.server.cluster.Membership.Member;
import drawbridge.server.session.Standing;
import drawbridge.server.session.Witness;
import drawbridge.server.storage.Agreement;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * This server as one of several on a database: keeps its lease on a thread of its own, and has
 * answers wait for the other nodes. Safe for many threads.
 */
public final class ClusterNode implements Standing, Agreement, Witness, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    private static final int RECEIPTS = 10_000;

    /** Longer than the database may take for one round that began before the request came. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** What a node is watched by: how often it had renewed, and since when that did not change. */
    private record Watched(Member member, long since) {}

    private final String node;
    private final Clock clock;
    private final Membership membership;
    private final LeaseKeeper keeper;
    private final NodeLease lease;
    private final Barrier barrier;
    private final LeaseTerms terms;
    private final LongSupplier nanos;
    private final Thread thread;
    private final Semaphore pokes = new Semaphore(0);
    private final BlockingQueue<CompletableFuture<Boolean>> waiting = new LinkedBlockingQueue<>();
    private final Cache<Long, Held> ended = Caffeine.newBuilder().maximumSize(RECEIPTS).build();
    private volatile Map<Long, Watched> watched = Map.of();
    private long watchedAt;
    private long watchedBy;
    private boolean isCutOff;
    private volatile boolean closing;
    private volatile Told told = (number, held, took) -> {};
    private final AtomicLong toHint = new AtomicLong();
    private final AtomicLong hinted = new AtomicLong();
    private final AtomicBoolean hinting = new AtomicBoolean();

    /** Hears of rows that hold on every node. Must be quick and must not block. */
    public interface Told {
        /**
         * Every row up to that number does.
         *
         * @param took since it was committed
         */
        void holds(long number, Held held, Duration took);
    }

    /** How the lease is kept and answers are held back. */
    public record Parts(
            Membership membership, LeaseKeeper keeper, NodeLease lease, Barrier barrier) {}

    /**
     * Does nothing until {@link #start}.
     *
     * @param node its name
     * @param nanos the monotonic clock that the parts have
     */
    public ClusterNode(
            String node, Parts parts, LeaseTerms terms, Clock clock, LongSupplier nanos) {
        this.node = node;
        this.clock = clock;
        this.membership = parts.membership();
        this.keeper = parts.keeper();
        this.lease = parts.lease();
        this.barrier = parts.barrier();
        this.terms = terms;
        this.nanos = nanos;
        this.thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::run);
    }

    /** Joins, and keeps the lease from here on. */
    public void start() {
        thread.start();
    }

    @Override
    public boolean mayAnswer() {
        return lease.isAlive();
    }

    @Override
    public boolean hasOthers() {
        return true;
    }

    @Override
    public void catchUp() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        waiting.add(mine);
        pokes.release();
        try {
            boolean _ = mine.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unsure("catching up", e);
        } catch (ExecutionException e) {
            throw unsure("catching up", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unsure("catching up", e);
        }
    }

    /** Has that hear of rows that hold on every node. */
    public void tell(Told wanted) {
        told = wanted;
    }

    /** There is something to read. */
    public void poke() {
        pokes.release();
    }

    @Override
    public void await(long number, String doing) {
        long committedAt = nanos.getAsLong();
        poke();
        hint(number);
        try {
            Barrier.Agreed agreed = barrier.await(number, committedAt);
            if (!agreed.isInLog()) {
                requireStill(number, doing);
            }
            // Whoever repeats a revocation is told how it ended, and not how it was looked at
            // again.
            Held held = ended.get(number, _ -> agreed.held());
            told.holds(number, held, Duration.ofNanos(nanos.getAsLong() - committedAt));
            if (!agreed.held().struckOut().isEmpty()) {
                LOG.warn(
                        "nodes did not answer and were struck out nodes={} number={}",
                        agreed.held().struckOut(),
                        number);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unsure(doing, e);
        }
    }

    /**
     * The others may have agreed because the row is there no more: a stand-by took over that had
     * not got it. A database that is away has lost nothing.
     */
    private void requireStill(long number, String doing) {
        long reached;
        try {
            reached = membership.reached();
        } catch (StoreUnavailableException e) {
            LOG.debug("not looked at again number={}: {}", number, e.getMessage());
            return;
        }
        if (reached < number) {
            throw unsure(
                    doing,
                    new IllegalStateException("row %d of the log was lost".formatted(number)));
        }
    }

    /** However many rows are committed, one hint after the last of them does for all. */
    private void hint(long number) {
        toHint.accumulateAndGet(number, Math::max);
        while (hinted.get() < toHint.get() && hinting.compareAndSet(false, true)) {
            try {
                long last = toHint.get();
                membership.hint(last);
                hinted.accumulateAndGet(last, Math::max);
            } finally {
                hinting.set(false);
            }
        }
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public Held heldBy(long number) {
        Held held = ended.getIfPresent(number);
        return held == null ? new Held(clock.instant(), List.of(), List.of()) : held;
    }

    private static StoreUnavailableException unsure(String doing, Throwable why) {
        return new StoreUnavailableException("database", doing, why);
    }

    private void run() {
        while (!closing) {
            long began = nanos.getAsLong();
            List<CompletableFuture<Boolean>> asking = new ArrayList<>();
            waiting.drainTo(asking); // those who came before this round
            int _ = pokes.drainPermits();
            renew(asking);
            rest(began);
        }
    }

    private void renew(List<CompletableFuture<Boolean>> asking) {
        try {
            keeper.renew();
            asking.forEach(one -> one.complete(true));
            if (isCutOff) {
                LOG.info("the database answers again");
                isCutOff = false;
            }
            strikeOutSilent();
        } catch (StoreUnavailableException e) {
            asking.forEach(one -> one.completeExceptionally(e));
            if (!isCutOff) {
                LOG.warn("the lease could not be renewed: {}", e.getMessage());
                isCutOff = true;
            }
        } catch (RuntimeException e) {
            LOG.error("keeping the lease", e);
            asking.forEach(one -> one.completeExceptionally(e));
        }
    }

    /** Until somebody wants something, or it is time again. */
    private void rest(long began) {
        try {
            long left = terms.renewEvery().toNanos() - (nanos.getAsLong() - began);
            if (left > 0 && waiting.isEmpty()) {
                boolean _ = pokes.tryAcquire(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    /**
     * A node that has not renewed for as long as a lease lasts has none. Struck out now, it costs
     * no revocation a wait.
     */
    private void strikeOutSilent() {
        if (nanos.getAsLong() - watchedAt < terms.renewEvery().toNanos()) {
            return;
        }
        if (watchedBy != keeper.incarnation()) { // who is silent there is not known to be so here
            watched = Map.of();
            watchedBy = keeper.incarnation();
        }
        Map<Long, Watched> seen = new HashMap<>();
        List<Member> members = membership.members();
        long now = nanos.getAsLong(); // after asking: what was granted by then lapses later at most
        for (Member member : members) {
            Watched before = watched.get(member.incarnation());
            Watched each =
                    before != null && before.member().renewals() == member.renewals()
                            ? before
                            : new Watched(member, now);
            if (now - each.since() >= terms.lapsed().toNanos()) {
                LOG.warn("node is silent and was struck out node={}", member.node());
                membership.expelSilent(member);
            } else {
                seen.put(member.incarnation(), each);
            }
        }
        watched = Map.copyOf(seen);
        watchedAt = now;
    }

    /** Every node that is registered, by name. */
    List<NodeRow> nodes() {
        Map<Long, Watched> known = watched;
        return membership.members().stream()
                .map(member -> row(member, silence(known.get(member.incarnation()), member)))
                .sorted(Comparator.comparing(NodeRow::node).thenComparingLong(NodeRow::incarnation))
                .toList();
    }

    private NodeRow row(Member member, Duration silent) {
        boolean isSelf = keeper.incarnation() == member.incarnation();
        boolean isHeld = isSelf ? mayAnswer() : silent.compareTo(terms.length()) < 0;
        return new NodeRow(
                member.node(),
                member.incarnation(),
                member.applied(),
                isHeld ? "held" : "lapsed",
                silent.toMillis(),
                member.version(),
                member.url().isEmpty() ? null : member.url(),
                isSelf);
    }

    private Duration silence(@Nullable Watched before, Member now) {
        return before == null || before.member().renewals() != now.renewals()
                ? Duration.ZERO
                : Duration.ofNanos(nanos.getAsLong() - before.since());
    }

    /** Gives the lease up and leaves, so that no revocation waits for this node. */
    @Override
    public void close() {
        closing = true;
        pokes.release();
        try {
            if (thread.join(PATIENCE)) {
                keeper.leave();
            }
        } catch (StoreUnavailableException e) {
            LOG.debug("this node could not leave: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
