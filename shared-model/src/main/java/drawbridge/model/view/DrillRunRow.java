package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * A run of drills in a list.
 *
 * @param id the run
 * @param tenant whose policies, callers and settings were copied
 * @param state as in {@link DrillRun}
 * @param outcome as in {@link DrillRun}
 * @param startedAt when it began
 * @param endedAt null while it runs
 * @param by who asked for it
 * @param outcomes the outcome of each drill that ended, by its id
 */
public record DrillRunRow(
        String id,
        String tenant,
        String state,
        @Nullable String outcome,
        Instant startedAt,
        @Nullable Instant endedAt,
        String by,
        Map<String, String> outcomes) {
    public DrillRunRow {
        outcomes = Map.copyOf(outcomes);
    }
}
