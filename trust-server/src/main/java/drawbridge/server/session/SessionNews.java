package drawbridge.server.session;

import drawbridge.model.TenantId;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.RevocationJob;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

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

    /**
     * Many sessions of one tenant.
     *
     * @param job the revocation of many that they belong to
     * @param refs their references
     * @param number the last of their numbers in the revocation log
     * @param live how many of them were accepted before, or are now
     */
    record Many(
            String job, TenantId tenant, List<String> refs, long number, long live, String actor) {
        public Many {
            refs = List.copyOf(refs);
        }
    }

    /** Many sessions are refused from now on. */
    void revoked(
            Many many, String reason, long tookMicros, Instant undoUntil, List<NodeApplied> nodes);

    /** Many held sessions were restored. */
    void restored(Many many);

    /** A revocation of many went on. */
    void progressed(RevocationJob job);

    /** A session was ended because somebody used an id of it that had been replaced. */
    void reused(SessionRow session);

    /** A held session was restored. */
    void restored(Receipt receipt, SessionRow session, String actor);
}
