package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this node knows of the revocation log: the number it has applied, and for a while which
 * session, user or tenant the last rows named. Lets a reader see that what it read has been
 * overtaken by a revocation, and a cached session that its user's sessions were ended. Safe for
 * many threads; rows are applied by one thread in order.
 */
public final class Tombstones {
    private record UserKey(TenantId tenant, UserId user) {}

    private final Cache<SessionKey, Long> sessions;
    private final Cache<UserKey, Long> users;
    private final Cache<UserKey, Long> facts;
    private final Cache<TenantId, Long> tenants;
    private final AtomicLong everything = new AtomicLong();
    private final AtomicLong applied = new AtomicLong();

    /**
     * @param kept how long a row is remembered: longer than any cached session may live and any
     *     read may take
     * @param applied the log's number when this node started with empty tiers
     */
    public Tombstones(Duration kept, long applied, Ticker ticker) {
        this.sessions = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.users = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.facts = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.tenants = Caffeine.newBuilder().expireAfterWrite(kept).ticker(ticker).build();
        this.applied.set(applied);
    }

    /** Remembers a row, then counts it as applied. Rows must come in the order of their numbers. */
    public void apply(Revocation revocation) {
        switch (revocation) {
            case Revocation.OfSession(long number, SessionKey key) -> sessions.put(key, number);
            case Revocation.OfUser(long number, TenantId tenant, UserId user) ->
                    users.put(new UserKey(tenant, user), number);
            case Revocation.OfUserFacts(long number, TenantId tenant, UserId user) ->
                    facts.put(new UserKey(tenant, user), number);
            case Revocation.OfTenant(long number, TenantId tenant) -> tenants.put(tenant, number);
            case Revocation.OfEverything(long number) -> everything.set(number);
            case Revocation.OfSecret _ -> {} // the callers' registry has applied it
        }
        applied.set(revocation.number());
    }

    /**
     * The number of the last row applied: to be asked before a read, and given back with what was
     * read.
     */
    public long applied() {
        return applied.get();
    }

    /** Whether something read when {@code number} was applied may say more than is true now. */
    public boolean overtook(long number, Session session) {
        return after(sessions.getIfPresent(session.key()), number)
                || endsAll(number, session)
                || changed(number, session);
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
