package drawbridge.server.session;

import java.time.Instant;
import java.util.Optional;

/**
 * A tier in front of the authority. It may forget at any time; it never holds an ended session,
 * none that was found by a replaced id, and never one that a revocation has overtaken. Safe for
 * many threads.
 */
public interface SessionCache {
    /** The session, if it is held and no revocation has overtaken it. */
    Optional<Found> find(SessionKey key);

    /**
     * Holds the session, unless it is ended, was found by a replaced id, a revocation applied after
     * {@code readAt} names it, or the node started anew since. Both are decided and done at once
     * for a key, so that no revocation can pass between.
     *
     * @param readAt the mark from before the session was read from the authority
     * @param lastSeenAt when it was last trusted
     */
    void put(Session session, Tombstones.Mark readAt, Instant lastSeenAt);

    /** Notes that a held session was trusted; nothing happens when it is not held. */
    void touch(SessionKey key, Instant at);

    /** Forgets the session. */
    void remove(SessionKey key);

    /** Forgets everything. */
    void clear();
}
