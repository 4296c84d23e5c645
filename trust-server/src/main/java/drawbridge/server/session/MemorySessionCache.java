package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.SessionSource;
import drawbridge.server.storage.Times;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The memory tier: bounded by number, and by age so that facts do not grow old. Safe for many
 * threads.
 */
public final class MemorySessionCache implements SessionCache {
    /**
     * A held session; when it was last trusted moves on without a new entry, and as a number: an
     * object for each time would be one more that the collector has to move to where the old ones
     * are.
     */
    private static final class Held {
        private final Session session;
        private final Tombstones.Mark readAt;
        private volatile long lastSeenMicros;

        Held(Session session, Tombstones.Mark readAt, long lastSeenMicros) {
            this.session = session;
            this.readAt = readAt;
            this.lastSeenMicros = lastSeenMicros;
        }
    }

    /** Long enough to take the weight off a client that repeats a dead id, and no longer. */
    private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(2);

    /** About ten megabytes. A flood of ever new ids gains nothing: each is asked for once. */
    private static final int MOST_UNKNOWN = 50_000;

    private final Cache<SessionKey, Held> held;
    private final Cache<SessionKey, Tombstones.Mark> unknown;
    private final SlimSessions slim = new SlimSessions();
    private final Tombstones tombstones;
    private final long capacity;

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
        this.unknown =
                Caffeine.newBuilder()
                        .maximumSize(MOST_UNKNOWN)
                        .expireAfterWrite(UNKNOWN_KEPT)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
        this.capacity = capacity;
        this.tombstones = tombstones;
    }

    @Override
    public Optional<Found> find(SessionKey key) {
        Held entry = held.getIfPresent(key);
        if (entry == null
                || !tombstones.isOfThisLife(entry.readAt) // put while this node started anew
                || tombstones.endsAll(entry.session)
                || tombstones.changed(entry.readAt.applied(), entry.session)) {
            return Optional.empty();
        }
        return Optional.of(
                new Found(
                        entry.session, SessionSource.MEMORY, Times.instant(entry.lastSeenMicros)));
    }

    @Override
    public void put(Session session, Tombstones.Mark readAt, Instant lastSeenAt) {
        // A replaced id is worth something for seconds only, by the clock: the authority says.
        if (session.ended() != null || session.renewal().replaced() != null) {
            return;
        }
        unknown.invalidate(session.key());
        Session kept = slim.of(session);
        long seenMicros = Times.micros(lastSeenAt);
        held.asMap()
                .compute(
                        kept.key(),
                        (key, before) -> {
                            if (tombstones.overtook(readAt, session)) {
                                return before;
                            }
                            long seenBefore = before == null ? seenMicros : before.lastSeenMicros;
                            return new Held(kept, readAt, Math.max(seenMicros, seenBefore));
                        });
    }

    @Override
    public boolean isUnknown(SessionKey key) {
        Tombstones.Mark readAt = unknown.getIfPresent(key);
        return readAt != null && !tombstones.names(readAt, key);
    }

    @Override
    public void putUnknown(SessionKey key, Tombstones.Mark readAt) {
        unknown.put(key, readAt);
    }

    @Override
    public void touch(SessionKey key, Instant at) {
        Held entry = held.getIfPresent(key);
        long micros = Times.micros(at);
        if (entry != null && micros > entry.lastSeenMicros) {
            entry.lastSeenMicros = micros;
        }
    }

    @Override
    public void remove(SessionKey key) {
        held.invalidate(key);
    }

    @Override
    public void clear() {
        held.invalidateAll();
        unknown.invalidateAll();
    }

    /** How many sessions are held at most. */
    public long capacity() {
        return capacity;
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
