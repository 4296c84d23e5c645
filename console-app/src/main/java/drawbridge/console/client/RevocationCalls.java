package drawbridge.console.client;

import drawbridge.model.view.Explanation;
import drawbridge.model.view.RevocationJob;

import java.io.OutputStream;
import java.util.List;

/**
 * Sessions by a filter: all of them ended, or written out. Every method blocks until the answer is
 * there and never throws for what the network or the server does: call it from a background thread
 * only. Safe for many threads.
 */
public interface RevocationCalls {
    /** Which sessions are meant; only those that are live. */
    sealed interface Which {
        /** All that a filter finds, as {@code SessionFilter} reads it; empty for all. */
        record Matching(String filter) implements Which {}

        /** Those named one by one, at most 1 000. */
        record Named(List<String> refs) implements Which {
            public Named {
                refs = List.copyOf(refs);
            }
        }
    }

    /**
     * {@code POST /v1/revocations}: begins to end them; refused when there are more or fewer by
     * now.
     *
     * @param reason may be empty
     * @param seen how many live sessions the administrator was told of, and typed above 100
     */
    Reply<RevocationJob> begin(Which which, String reason, long seen);

    /** {@code GET /v1/revocations/{id}}. */
    Reply<RevocationJob> show(String id);

    /** {@code POST /v1/revocations/{id}/cancel}: what it has ended stays held. */
    Reply<RevocationJob> cancel(String id);

    /** {@code POST /v1/revocations/{id}/undo}: restores all it has ended. */
    Reply<RevocationJob> undo(String id);

    /**
     * {@code GET /v1/sessions/export}, as it is sent.
     *
     * @param format {@code csv} or {@code json}
     * @return how many bytes were written
     */
    Reply<Long> export(String filter, String format, OutputStream to);

    /** {@code GET /v1/explain/{requestId}}: why a call was decided as it was. */
    Reply<Explanation> explain(String requestId);
}
