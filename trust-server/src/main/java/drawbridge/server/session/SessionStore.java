package drawbridge.server.session;

import java.util.Optional;

/** The authority on sessions. Safe for many threads. */
public interface SessionStore {
    /**
     * The session as committed before the call began, ended ones included.
     *
     * @return empty when there is none with this id in this tenant
     * @throws drawbridge.server.storage.StoreUnavailableException when there is no sure answer
     */
    Optional<Session> find(SessionKey key);
}
