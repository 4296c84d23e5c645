package drawbridge.server.session;

import drawbridge.model.view.Receipt;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Hears what became of sessions, in the order it was committed. Must be quick and must not block.
 */
public interface SessionNews {
    /** A session was opened. */
    void opened(SessionRow session);

    /**
     * Sessions are refused from now on.
     *
     * @param tenant whose sessions; null for everybody's
     * @param openedBefore sessions opened later are not meant; null when one session is
     */
    void revoked(
            Receipt receipt,
            String scope,
            @Nullable String tenant,
            @Nullable Instant openedBefore,
            String reason,
            String actor);

    /** A session was ended because somebody used an id of it that had been replaced. */
    void reused(SessionRow session);

    /** A held session was restored. */
    void restored(Receipt receipt, SessionRow session, String actor);
}
