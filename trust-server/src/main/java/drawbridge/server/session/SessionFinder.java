package drawbridge.server.session;

import drawbridge.model.SessionSource;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds sessions, from the nearest tier that has them to the authority, and fills the nearer ones.
 * Many callers who miss the same session share one read, unless a revocation came between. Safe for
 * many threads.
 */
public final class SessionFinder {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A read under way, and what was known when it began. */
    private record Load(Tombstones.Mark readAt, CompletableFuture<Optional<Session>> outcome) {}

    private final SessionCache memory;
    private final SessionStore authority;
    private final Tombstones tombstones;
    private final LastSeen lastSeen;
    private final Standing standing;
    private final ConcurrentHashMap<SessionKey, Load> loads = new ConcurrentHashMap<>();

    public SessionFinder(
            SessionCache memory,
            SessionStore authority,
            Tombstones tombstones,
            LastSeen lastSeen,
            Standing standing) {
        this.memory = memory;
        this.authority = authority;
        this.tombstones = tombstones;
        this.lastSeen = lastSeen;
        this.standing = standing;
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
            Optional<Found> near = memory.find(key);
            if (near.isPresent()) {
                return near;
            }
            return fromAuthority(key);
        }
        // Others may have revoked what this node has not heard of: a read that somebody else began
        // may be older than that.
        Tombstones.Mark before = tombstones.mark();
        Optional<Session> session = authority.find(key);
        session.ifPresent(s -> memory.put(s, before, lastSeen.of(s)));
        return found(session);
    }

    private Optional<Found> fromAuthority(SessionKey key) {
        while (true) {
            Load mine = new Load(tombstones.mark(), new CompletableFuture<>());
            Load other = loads.putIfAbsent(key, mine);
            if (other == null) {
                return found(read(key, mine));
            }
            Optional<Session> shared = join(other);
            if (shared.isEmpty()) {
                // The read may have begun before the login that opened the session.
                return found(authority.find(key));
            }
            // The read may have begun before a revocation that was answered before this call began.
            if (!tombstones.overtook(other.readAt(), shared.get())) {
                return found(shared);
            }
            loads.remove(key, other);
        }
    }

    private Optional<Session> read(SessionKey key, Load load) {
        try {
            Optional<Session> session = authority.find(key);
            session.ifPresent(s -> memory.put(s, load.readAt(), lastSeen.of(s)));
            load.outcome().complete(session);
            return session;
        } catch (RuntimeException e) {
            load.outcome().completeExceptionally(e);
            throw e;
        } finally {
            loads.remove(key, load);
        }
    }

    private Optional<Session> join(Load load) {
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

    private Optional<Found> found(Optional<Session> session) {
        return session.map(s -> new Found(s, SessionSource.DATABASE, lastSeen.of(s)));
    }
}
