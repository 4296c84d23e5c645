package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.SessionSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The memory tier: bounded by number, and by age so that facts do not grow old. Safe for many
 * threads.
 */
public final class MemorySessionCache implements SessionCache {
    /** A held session; when it was last trusted moves on without a new entry. */
    private static final class Held {
        private final Session session;
        private final long readAt;
        private volatile Instant lastSeenAt;

        Held(Session session, long readAt, Instant lastSeenAt) {
            this.session = session;
            this.readAt = readAt;
            this.lastSeenAt = lastSeenAt;
        }
    }

    private final Cache<SessionKey, Held> held;
    private final Tombstones tombstones;

    /**
     * @param capacity how many sessions are held at most
     * @param age how long one is held at most
     */
    public MemorySessionCache(long capacity, Duration age, Tombstones tombstones, Ticker ticker) {
        this.held =
                Caffeine.newBuilder()
                        .maximumSize(capacity)
                        .expireAfterWrite(age)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .recordStats()
                        .build();
        this.tombstones = tombstones;
    }

    @Override
    public Optional<Found> find(SessionKey key) {
        Held entry = held.getIfPresent(key);
        if (entry == null
                || tombstones.endsAll(entry.session)
                || tombstones.changed(entry.readAt, entry.session)) {
            return Optional.empty();
        }
        return Optional.of(new Found(entry.session, SessionSource.MEMORY, entry.lastSeenAt));
    }

    @Override
    public void put(Session session, Tombstones.Mark readAt, Instant lastSeenAt) {
        // A replaced id is worth something for seconds only, by the clock: the authority says.
        if (session.ended() != null || session.renewal().replaced() != null) {
            return;
        }
        held.asMap()
                .compute(
                        session.key(),
                        (key, before) -> {
                            if (tombstones.overtook(readAt, session)) {
                                return before;
                            }
                            if (before != null && before.lastSeenAt.isAfter(lastSeenAt)) {
                                return new Held(session, readAt.applied(), before.lastSeenAt);
                            }
                            return new Held(session, readAt.applied(), lastSeenAt);
                        });
    }

    @Override
    public void touch(SessionKey key, Instant at) {
        Held entry = held.getIfPresent(key);
        if (entry != null && at.isAfter(entry.lastSeenAt)) {
            entry.lastSeenAt = at;
        }
    }

    @Override
    public void remove(SessionKey key) {
        held.invalidate(key);
    }

    @Override
    public void clear() {
        held.invalidateAll();
    }

    /** About how many sessions are held. */
    public long size() {
        return held.estimatedSize();
    }

    /** How many were pushed out by others or by age since the start. */
    public long evictions() {
        return held.stats().evictionCount();
    }
}
