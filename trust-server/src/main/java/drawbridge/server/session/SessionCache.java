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

    /**
     * Whether the authority said lately, and after whatever this node was told since, that there is
     * no session with that key. It cannot be wrong about a session somebody may use: an id is 256
     * bits, drawn by the server in the transaction that opens its session, and given away after the
     * commit. Whoever asks for it before can only have guessed it.
     */
    boolean isUnknown(SessionKey key);

    /**
     * Notes, for a moment, that the authority has no session with that key; until one is put, or a
     * row of the log names it.
     *
     * @param readAt the mark from before the authority was asked
     */
    void putUnknown(SessionKey key, Tombstones.Mark readAt);

    /** Notes that a held session was trusted; nothing happens when it is not held. */
    void touch(SessionKey key, Instant at);

    /** Forgets the session. */
    void remove(SessionKey key);

    /** Forgets everything. */
    void clear();
}
