package drawbridge.console.client;

import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.ThreatMatrix;

import java.util.List;

/**
 * The part of the admin API that is about threats and the drills that play them. Blocks like every
 * call of {@link TrustClient}; safe for many threads.
 */
public interface DrillCalls {
    /** {@code GET /v1/threats}: how that tenant stands against each threat. */
    Reply<ThreatMatrix> threats(String tenant);

    /**
     * {@code POST /v1/drills}: begins a run; there is one at a time.
     *
     * @param drills the threats to play; empty for all
     */
    Reply<DrillRun> begin(String tenant, List<String> drills);

    /** {@code GET /v1/drills}: the newest runs for that tenant, without their steps. */
    Reply<Page<DrillRunRow>> runs(String tenant);

    /** {@code GET /v1/drills/{id}}: a run with every step, also while it is under way. */
    Reply<DrillRun> run(String id);

    /** {@code POST /v1/drills/{id}/cancel}: ends it soon; what was played stays. */
    Reply<DrillRun> cancel(String id);

    /** {@code GET /v1/drills/{id}/report}: the signed report of a run that has ended. */
    Reply<DrillReport> report(String id);
}
