package drawbridge.server.session;

import java.util.Optional;

/**
 * A tier between memory and the authority, of copies that other nodes may have made. It decides
 * nothing: it may be empty, late, away or hostile, and whatever it gives is true as of the call.
 * Nothing here fails, and only {@link #find} may wait, briefly. Safe for many threads.
 */
public interface SharedSessions {
    /** Without such a tier. */
    SharedSessions NONE =
            new SharedSessions() {
                @Override
                public Optional<Copied> find(SessionKey key) {
                    return Optional.empty();
                }

                @Override
                public void put(Session session, Tombstones.Mark readAt) {}

                @Override
                public void remove(SessionKey key) {}

                @Override
                public boolean isAsked() {
                    return false;
                }
            };

    /**
     * A session that no revocation this node has applied when the call began has overtaken.
     *
     * @param readAt the mark under which memory may hold it
     */
    record Copied(Session session, Tombstones.Mark readAt) {}

    /** A copy that is as good as a read from the authority; empty when there is none. */
    Optional<Copied> find(SessionKey key);

    /**
     * Keeps a copy, soon and perhaps; never of a session that is ended or was found by a replaced
     * id. To be given only what was read from the authority, or was just committed to it: what
     * comes from memory may be older than the mark says.
     *
     * @param readAt the mark from before the session was read
     */
    void put(Session session, Tombstones.Mark readAt);

    /** Forgets a copy, soon and perhaps. Nothing depends on it. */
    void remove(SessionKey key);

    /** Whether {@link #find} would ask at all now. */
    boolean isAsked();
}
