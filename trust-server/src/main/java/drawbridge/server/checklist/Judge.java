package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;

import java.time.Instant;
import java.util.List;

/** Judges one practice from what is set, counted and stored. Safe for many threads. */
interface Judge {
    /**
     * What is found for that tenant, and for the server it is on.
     *
     * @throws drawbridge.server.storage.StoreUnavailableException when the database does not answer
     */
    List<ChecklistEvidence> judge(TenantId tenant, Instant now);
}
