package drawbridge.server.drill;

import drawbridge.model.view.DrillFigure;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillStep;
import drawbridge.model.view.ThreatReason;

import java.time.Instant;
import java.util.List;

/** How a drill's result goes on. */
final class Progress {
    private Progress() {}

    /** The same in another state. */
    static DrillResult with(DrillResult drill, String state) {
        return new DrillResult(
                drill.id(),
                state,
                drill.outcome(),
                drill.startedAt(),
                drill.endedAt(),
                drill.says(),
                drill.reasons(),
                drill.figures(),
                drill.steps(),
                drill.before(),
                drill.lastHeld());
    }

    static DrillResult running(DrillResult drill, Instant started, List<DrillStep> steps) {
        return new DrillResult(
                drill.id(),
                "running",
                null,
                started,
                null,
                "",
                List.of(),
                List.of(),
                steps,
                drill.before(),
                drill.lastHeld());
    }

    static DrillResult ended(
            DrillResult drill, Attack attack, Stage stage, Instant started, Instant now) {
        List<ThreatReason> reasons = stage.reasons();
        String outcome = Reasons.worst(reasons);
        return new DrillResult(
                drill.id(),
                "ended",
                outcome,
                started,
                now,
                reasons.isEmpty() ? attack.holds() : reasons.getFirst().what(),
                reasons,
                stage.figures(),
                stage.steps(),
                drill.before(),
                drill.lastHeld());
    }

    static DrillResult unfinished(
            DrillResult drill,
            Stage stage,
            Instant started,
            Instant now,
            String state,
            String why) {
        List<ThreatReason> reasons = stage.reasons();
        List<DrillFigure> figures = stage.figures();
        return new DrillResult(
                drill.id(),
                state,
                reasons.isEmpty() ? null : Reasons.worst(reasons),
                started,
                now,
                why,
                reasons,
                figures,
                stage.steps(),
                drill.before(),
                drill.lastHeld());
    }
}
