package drawbridge.server.session;

import drawbridge.model.SessionSource;
import drawbridge.model.TenantId;

/** Counts what tiers were asked. On the validation path: must be quick and must not block. */
@FunctionalInterface
public interface TierWatch {
    /** Counts nothing. */
    TierWatch NONE = (tier, tenant, isHit, nanos) -> {};

    /**
     * A tier was asked for a session and answered, or could not.
     *
     * @param isHit whether it had one that could be used
     * @param nanos how long that took
     */
    void asked(SessionSource tier, TenantId tenant, boolean isHit, long nanos);
}
