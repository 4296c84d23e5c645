package drawbridge.console.client;

import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.CoverageView;
import drawbridge.model.view.SecretScan;

/**
 * The part of the admin API that is about the checklist. Blocks like every call of {@link
 * TrustClient}; safe for many threads.
 */
public interface ChecklistCalls {
    /** {@code GET /v1/checklist}: the ten practices, judged now. */
    Reply<ChecklistView> checklist(String tenant);

    /** {@code POST /v1/checklist/try}: the same after the server attacked itself; takes seconds. */
    Reply<ChecklistView> tryNow(String tenant);

    /** {@code GET /v1/checklist/coverage}: what covers endpoints and policies. */
    Reply<CoverageView> coverage(String tenant);

    /**
     * {@code GET /v1/checklist/scan}: the search under way, else the last; 404 before the first.
     */
    Reply<SecretScan> scan();

    /**
     * {@code POST /v1/checklist/scan}: begins a search; there is one at a time.
     *
     * @param folder on the server's machine; empty for the server's own logs
     */
    Reply<SecretScan> search(String folder);

    /** {@code POST /v1/checklist/scan/cancel}: ends it soon; what was found stays. */
    Reply<SecretScan> cancelSearch();
}
