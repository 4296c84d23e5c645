package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The revocation of many sessions, as far as it is.
 *
 * @param id names it, for as long as the server runs
 * @param state {@code running}, {@code done}, {@code cancelled}, {@code failed}, {@code restoring}
 *     or {@code restored}
 * @param filter the line whose live sessions are meant; empty when they were named one by one, or
 *     all are meant
 * @param reason why, in the words given; may be empty
 * @param total how many were live when it began
 * @param ended how many it has ended
 * @param passedOver how many had ended otherwise before their turn came
 * @param restored how many of those it had ended its undo has restored
 * @param nodes how many nodes refuse what it has ended
 * @param slowestMicros the longest that a part of it took until every node refused, in microseconds
 * @param startedAt when it was asked for
 * @param endedAt when it ended, whichever way; null while it runs
 * @param undoUntil until when all it has ended can be restored; null when nothing can
 * @param problem why it failed; empty when it did not
 */
public record RevocationJob(
        String id,
        String state,
        String filter,
        String reason,
        long total,
        long ended,
        long passedOver,
        long restored,
        int nodes,
        long slowestMicros,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Instant undoUntil,
        String problem) {
    /** Whether it is still at work, forwards or back. */
    public boolean isWorking() {
        return state.equals("running") || state.equals("restoring");
    }
}
