package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What this node knows of the revocation log: the number it has applied, and for a while which
 * session, user or tenant the last rows named. Lets a reader see that what it read has been
 * overtaken by a revocation, and a cached session that its user's sessions were ended. Safe for
 * many threads; rows are applied by one thread in order.
 */
public final class Tombstones {
    private record UserKey(TenantId tenant, UserId user) {}

    /** In how many steps rows are forgotten. */
    private static final int STRETCHES = 64;

    /** Rows that were applied within a stretch of time; all count as forgotten with the first. */
    private static final class Stretch {
        private final long since;
        private long last;

        Stretch(long since, long last) {
            this.since = since;
            this.last = last;
        }
    }

    private final Cache<SessionKey, Long> sessions;
    private final Cache<UserKey, Long> users;
    private final Cache<UserKey, Long> facts;
    private final Cache<TenantId, Long> tenants;
    private final Follows follows;
    private final AtomicLong everything = new AtomicLong();
    private final List<Runnable> whenApplied = new CopyOnWriteArrayList<>();
    private final long keptNanos;
    private final Ticker ticker;
    private final Deque<Stretch> stretches = new ArrayDeque<>(); // guarded by itself
    private long forgotten; // guarded by stretches
    private final AtomicLong wentBack = new AtomicLong();
    private long appliedBefore; // only the thread that applies rows
    private volatile Mark mark;
    private volatile long startedAt;
    private final AtomicLong highest = new AtomicLong();

    /** Where this node learns from which rows there are. */
    public enum Follows {
        /** It is alone with its database: every row is one that it committed itself. */
        OWN_COMMITS,
        /** Other nodes write the log as well: from reading it. */
        THE_LOG
    }

    /**
     * What a reader knew before it read.
     *
     * @param life which of the times between two fresh starts it is
     * @param applied the number of the last row applied
     */
    public record Mark(long life, long applied) {}

    /**
     * @param kept how long a row is remembered: longer than any cached session may live and any
     *     read may take
     * @param applied the log's number when this node started with empty tiers
     */
    public Tombstones(Duration kept, long applied, Ticker ticker, Follows follows) {
        this.follows = follows;
        this.sessions = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.users = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.facts = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.tenants = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.keptNanos = kept.toNanos();
        this.ticker = ticker;
        this.mark = new Mark(1, applied);
        this.startedAt = applied;
        highest.set(applied);
    }

    /**
     * Remembers a row that this node committed. When it is alone, the row counts as applied too, so
     * that rows must come in the order of their numbers; when others write the log as well, one of
     * theirs may lie between, and only who reads the log knows how far it is applied.
     */
    public void committed(Revocation revocation) {
        remember(revocation);
        count(revocation);
    }

    /**
     * The same of a row that ends a session.
     *
     * @param drop takes the session out of the tiers; runs before the row counts as applied, since
     *     an answer says up to which row it knows everything
     */
    public void committed(Revocation.OfSession ended, Consumer<SessionKey> drop) {
        remember(ended);
        drop.accept(ended.key());
        count(ended);
    }

    private void count(Revocation revocation) {
        highest.accumulateAndGet(revocation.number(), Math::max);
        if (follows == Follows.OWN_COMMITS) {
            advance(revocation.number());
        }
    }

    /**
     * Remembers a row, in any order and as often as may be, without counting it as applied: whoever
     * has read what it names before it must not use that.
     */
    public void remember(Revocation revocation) {
        long number = revocation.number();
        willForget(number);
        switch (revocation) {
            case Revocation.OfSession(long _, SessionKey key) -> raise(sessions, key, number);
            case Revocation.OfUser(long _, TenantId tenant, UserId user) ->
                    raise(users, new UserKey(tenant, user), number);
            case Revocation.OfUserFacts(long _, TenantId tenant, UserId user) ->
                    raise(facts, new UserKey(tenant, user), number);
            case Revocation.OfTenant(long _, TenantId tenant) -> raise(tenants, tenant, number);
            case Revocation.OfEverything _ -> everything.accumulateAndGet(number, Math::max);
            // What callers and settings are is held elsewhere.
            case Revocation.OfSecret _, Revocation.OfSettings _ -> {}
        }
    }

    private static <K> void raise(Cache<K, Long> named, K key, long number) {
        named.asMap().merge(key, number, Math::max);
    }

    /**
     * Every row up to that one was committed by this node, and what it names is remembered or
     * changed; nothing when more is known.
     */
    public void reached(long number) {
        if (follows == Follows.OWN_COMMITS && number > mark.applied()) {
            advance(number);
        }
    }

    /** Every row up to that one is remembered. For the one thread that applies rows. */
    public void advance(long number) {
        highest.accumulateAndGet(number, Math::max);
        mark = new Mark(mark.life(), number);
        whenApplied.forEach(Runnable::run);
    }

    /**
     * Has that run after every row that was applied, whoever wrote it, and after a fresh start.
     *
     * @param told runs on the applying thread; must be quick and must not block
     */
    public void whenApplied(Runnable told) {
        whenApplied.add(told);
    }

    /** Before the row is remembered, so that it is never forgotten unnoticed. */
    private void willForget(long number) {
        synchronized (stretches) {
            long now = ticker.read();
            forget(now);
            Stretch latest = stretches.peekLast();
            if (latest == null || now - latest.since >= keptNanos / STRETCHES) {
                stretches.addLast(new Stretch(now, number));
            } else {
                latest.last = Math.max(latest.last, number);
            }
        }
    }

    private void forget(long now) {
        Stretch oldest = stretches.peekFirst();
        while (oldest != null && now - oldest.since >= keptNanos) {
            forgotten = Math.max(forgotten, oldest.last);
            stretches.removeFirst();
            oldest = stretches.peekFirst();
        }
    }

    /**
     * From which number on every row is still remembered, or was never needed: what somebody read
     * when the log had a smaller number may be overtaken without this node knowing it. Never falls
     * while the node is in touch.
     */
    public long coverage() {
        synchronized (stretches) {
            forget(ticker.read());
            return Math.max(forgotten, startedAt);
        }
    }

    /**
     * Whether what anybody read when the log had that number says no more than is true now. Not so
     * when this node has forgotten rows that came later, or knows of fewer rows than were known
     * there.
     */
    public boolean vouchesFor(long number, Session session) {
        Mark now = mark;
        // First the rows, then whether all of them were there: they may be forgotten in between.
        return number <= now.applied()
                && number < Long.MAX_VALUE
                && !overtook(new Mark(now.life(), number), session)
                && number >= coverage();
    }

    /**
     * The number that a copy of what was read under that mark must carry; empty when it must not be
     * copied, because this node was out of touch.
     */
    public OptionalLong numberOf(Mark read) {
        return read.life() == mark.life() && read.applied() != Long.MAX_VALUE
                ? OptionalLong.of(read.applied())
                : OptionalLong.empty();
    }

    /** The number of the last row applied. */
    public long applied() {
        return mark.applied();
    }

    /**
     * The last row this node ever knew to be committed. A database whose log does not reach it has
     * lost rows. Never falls.
     */
    public long highest() {
        return highest.get();
    }

    /** To be asked before a read, and given back with what was read. */
    public Mark mark() {
        return mark;
    }

    /**
     * The mark of something that was read, or written, when the log had that number; worth nothing
     * when this node started anew since.
     */
    public Mark markAt(long number) {
        Mark now = mark;
        return number >= startedAt ? new Mark(now.life(), number) : new Mark(0, number);
    }

    /**
     * From here on, what was read before is worth nothing: this node was out of touch, and rows may
     * have passed it by. {@link #startAnew} must follow.
     */
    public void distrust() {
        if (mark.applied() != Long.MAX_VALUE) {
            appliedBefore = mark.applied();
        }
        startedAt = Long.MAX_VALUE;
        mark = new Mark(mark.life() + 1, Long.MAX_VALUE);
    }

    /** Goes on from that number, after {@link #distrust} and with empty tiers. */
    public void startAnew(long number) {
        sessions.invalidateAll();
        users.invalidateAll();
        tenants.invalidateAll();
        facts.invalidateAll();
        everything.set(0);
        if (number < appliedBefore) {
            wentBack.incrementAndGet();
        }
        synchronized (stretches) {
            stretches.clear();
            forgotten = 0;
        }
        highest.accumulateAndGet(number, Math::max);
        mark = new Mark(mark.life() + 1, number);
        startedAt = number;
        whenApplied.forEach(Runnable::run);
    }

    /** Whether something read under that mark may say more than is true now. */
    public boolean overtook(Mark read, Session session) {
        return names(read, session.key())
                || endsAll(read.applied(), session)
                || changed(read.applied(), session);
    }

    /**
     * How often the log's number had fallen when this node started anew: the database is not what
     * it was, and what was copied of it elsewhere is void.
     */
    public long wentBack() {
        return wentBack.get();
    }

    /** The last row that ended everything, as far as this node knows in this life; 0 for none. */
    public long everything() {
        return everything.get();
    }

    /**
     * Whether a row that was applied after that mark names the key itself, or the node started anew
     * since.
     */
    public boolean names(Mark read, SessionKey key) {
        return !isOfThisLife(read) || after(sessions.getIfPresent(key), read.applied());
    }

    /**
     * Whether this node was in touch when the mark was taken, and has not started anew since. What
     * was read between {@link #distrust} and {@link #startAnew} is worth nothing: the row that ends
     * it may be committed after the read and still be included in the number that the node starts
     * anew from.
     */
    boolean isOfThisLife(Mark read) {
        return read.life() == mark.life() && read.applied() != Long.MAX_VALUE;
    }

    /** Whether the facts of the session's user changed after {@code number} was applied. */
    public boolean changed(long number, Session session) {
        return after(
                facts.getIfPresent(new UserKey(session.tenant(), session.user().id())), number);
    }

    /**
     * Whether a revocation of the session's user, tenant or of everything came after it was opened.
     */
    public boolean endsAll(Session session) {
        return endsAll(session.openedNumber(), session);
    }

    private boolean endsAll(long number, Session session) {
        return everything.get() > number
                || after(
                        users.getIfPresent(new UserKey(session.tenant(), session.user().id())),
                        number)
                || after(tenants.getIfPresent(session.tenant()), number);
    }

    private static boolean after(@Nullable Long row, long number) {
        return row != null && row > number;
    }
}
