package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One drill of a run.
 *
 * @param id such as {@code token_theft}
 * @param state {@code waiting}, {@code running}, {@code ended}, {@code failed} when it could not be
 *     played, or {@code skipped} when the run was cancelled before
 * @param outcome {@code holds}, {@code weak} or {@code open}; null until it ended
 * @param startedAt null until it began
 * @param endedAt null until it ended
 * @param says the outcome as a sentence; empty until it ended
 * @param reasons why it does not hold; empty when it does
 * @param figures what was measured, and with which test
 * @param steps what was tried, in that order
 * @param before the last drill of this threat in an earlier run for this tenant; null when there
 *     was none
 * @param lastHeld the last time it held, before this run; null when it never did
 */
public record DrillResult(
        String id,
        String state,
        @Nullable String outcome,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        String says,
        List<ThreatReason> reasons,
        List<DrillFigure> figures,
        List<DrillStep> steps,
        @Nullable DrillMark before,
        @Nullable DrillMark lastHeld) {
    public DrillResult {
        reasons = List.copyOf(reasons);
        figures = List.copyOf(figures);
        steps = List.copyOf(steps);
    }
}
