package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.model.SessionSource;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds sessions, from the nearest tier that has them to the authority, and fills the nearer ones.
 * Many callers who miss the same session share one look, unless a revocation came between. Safe for
 * many threads.
 */
public final class SessionFinder {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The tiers, the nearest first. */
    public record Tiers(SessionCache memory, SharedSessions shared, SessionStore authority) {}

    /** A look under way, and what was known when it began. */
    private record Load(Tombstones.Mark readAt, CompletableFuture<Optional<Found>> outcome) {}

    private final SessionCache memory;
    private final SharedSessions shared;
    private final SessionStore authority;
    private final Tombstones tombstones;
    private final LastSeen lastSeen;
    private final Standing standing;
    private final TierWatch watch;
    private final ConcurrentHashMap<SessionKey, Load> loads = new ConcurrentHashMap<>();

    /** Those that the authority has just said the same of: a client may ask again and again. */
    private final Cache<SessionKey, Instant> unused =
            Caffeine.newBuilder()
                    .maximumSize(10_000)
                    .expireAfterWrite(Duration.ofSeconds(1))
                    .build();

    /** Assembled by the wiring. */
    public SessionFinder(
            Tiers tiers,
            Tombstones tombstones,
            LastSeen lastSeen,
            Standing standing,
            TierWatch watch) {
        this.memory = tiers.memory();
        this.shared = tiers.shared();
        this.authority = tiers.authority();
        this.tombstones = tombstones;
        this.lastSeen = lastSeen;
        this.standing = standing;
        this.watch = watch;
    }

    /**
     * The session with that key, ended ones included. Whatever was revoked before the call began is
     * seen as ended.
     *
     * @return empty when there is none
     * @throws StoreUnavailableException when the authority is needed and gives no sure answer
     */
    public Optional<Found> find(SessionKey key) {
        if (standing.mayAnswer()) {
            long began = System.nanoTime();
            Optional<Found> near = memory.find(key);
            boolean isKnown = near.isPresent() || memory.isUnknown(key);
            asked(SessionSource.MEMORY, key, isKnown, began);
            return isKnown ? near : fromFarther(key);
        }
        // Others may have revoked what this node has not heard of: neither a copy nor a read that
        // somebody else began will do.
        return fromAuthority(key);
    }

    /**
     * The same; one that by what this node knows was not used for too long is looked for again.
     *
     * @throws StoreUnavailableException when the authority is needed and gives no sure answer
     */
    public Optional<Found> find(SessionKey key, Instant now) {
        Optional<Found> found = find(key);
        return found.isPresent() && isIdle(found.get(), now) ? lookAgain(found.get()) : found;
    }

    /**
     * The session with that key, as far as memory alone may say; waits for nothing.
     *
     * <p>Counts nothing; {@link #usesHeld} does.
     *
     * @return empty when it has to be looked for, by {@link #find(SessionKey)} and {@link
     *     #lookAgain}
     */
    public Optional<Found> held(SessionKey key, Instant now) {
        return standing.mayAnswer()
                ? memory.find(key).filter(found -> !standing.hasOthers() || !isIdle(found, now))
                : Optional.empty();
    }

    /** Counts that what memory held was used, and how long it took to find. */
    public void usesHeld(SessionKey key, long nanos) {
        watch.asked(SessionSource.MEMORY, key.tenant(), true, nanos);
    }

    private static boolean isIdle(Found found, Instant now) {
        return found.session()
                .over(found.lastSeenAt(), now)
                .filter(over -> over == Session.Over.IDLE_LIFETIME)
                .isPresent();
    }

    /**
     * The same session as the authority knows it, for one that by what this node knows was not used
     * for too long: it may have been used on another node, which writes that down in time.
     *
     * @return what was found, when no other node is there or the authority said so already; empty
     *     when there is none any more
     * @throws StoreUnavailableException when the authority gives no sure answer
     */
    public Optional<Found> lookAgain(Found found) {
        SessionKey key = found.session().key();
        if (!standing.hasOthers()
                || found.source() == SessionSource.DATABASE
                || unused.getIfPresent(key) != null) {
            return Optional.of(found);
        }
        Optional<Found> again = fromAuthority(key);
        again.filter(newer -> !newer.lastSeenAt().isAfter(found.lastSeenAt()))
                .ifPresent(newer -> unused.put(key, newer.lastSeenAt()));
        return again;
    }

    private Optional<Found> fromAuthority(SessionKey key) {
        Tombstones.Mark before = tombstones.mark();
        Optional<Session> session = ask(key);
        session.ifPresent(s -> memory.put(s, before, lastSeen.of(s)));
        return found(session, SessionSource.DATABASE);
    }

    private Optional<Found> fromFarther(SessionKey key) {
        while (true) {
            Load mine = new Load(tombstones.mark(), new CompletableFuture<>());
            Load other = loads.putIfAbsent(key, mine);
            if (other == null) {
                return load(key, mine);
            }
            Optional<Found> theirs = join(other);
            if (theirs.isEmpty()) {
                // The read may have begun before the login that opened the session.
                return found(ask(key), SessionSource.DATABASE);
            }
            // The look may have begun before a revocation that was answered before this call began.
            if (!tombstones.overtook(other.readAt(), theirs.get().session())) {
                return theirs;
            }
            loads.remove(key, other);
        }
    }

    private Optional<Found> load(SessionKey key, Load load) {
        try {
            Optional<Found> found = copied(key).or(() -> read(key, load.readAt()));
            load.outcome().complete(found);
            return found;
        } catch (RuntimeException e) {
            load.outcome().completeExceptionally(e);
            throw e;
        } finally {
            loads.remove(key, load);
        }
    }

    private Optional<Found> copied(SessionKey key) {
        if (!shared.isAsked()) {
            return Optional.empty();
        }
        long began = System.nanoTime();
        Optional<SharedSessions.Copied> copy = shared.find(key);
        asked(SessionSource.REDIS, key, copy.isPresent(), began);
        copy.ifPresent(c -> memory.put(c.session(), c.readAt(), lastSeen.of(c.session())));
        return found(copy.map(SharedSessions.Copied::session), SessionSource.REDIS);
    }

    private Optional<Found> read(SessionKey key, Tombstones.Mark readAt) {
        Optional<Session> session = ask(key);
        if (session.isPresent()) {
            memory.put(session.get(), readAt, lastSeen.of(session.get()));
            shared.put(session.get(), readAt);
        } else {
            memory.putUnknown(key, readAt);
        }
        return found(session, SessionSource.DATABASE);
    }

    private Optional<Session> ask(SessionKey key) {
        long began = System.nanoTime();
        Optional<Session> session = authority.find(key);
        asked(SessionSource.DATABASE, key, session.isPresent(), began);
        return session;
    }

    private void asked(SessionSource tier, SessionKey key, boolean isHit, long began) {
        watch.asked(tier, key.tenant(), isHit, System.nanoTime() - began);
    }

    private Optional<Found> join(Load load) {
        try {
            return load.outcome().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("database", "finding a session", e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("database", "finding a session", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw new StoreUnavailableException("database", "finding a session", e);
        }
    }

    /** A session that was read from the database, with what this node knows of its last use. */
    public Found found(Session session) {
        return new Found(session, SessionSource.DATABASE, lastSeen.of(session));
    }

    private Optional<Found> found(Optional<Session> session, SessionSource tier) {
        return session.map(s -> new Found(s, tier, lastSeen.of(s)));
    }
}
