package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Drills played one after the other.
 *
 * @param id the run
 * @param tenant whose policies, callers and settings were copied
 * @param sandbox the tenant it was played in, which is gone when the run has ended
 * @param state {@code running}, {@code ended}, {@code cancelled}, {@code failed}, or {@code
 *     interrupted} when the server ended meanwhile
 * @param outcome the worst outcome of its drills, {@code holds}, {@code weak} or {@code open}; null
 *     until all that were asked for have ended
 * @param startedAt when it began
 * @param endedAt null while it runs
 * @param by who asked for it
 * @param why why it failed, as a sentence; empty otherwise
 * @param server the server's version
 * @param node the server's node
 * @param drills in the order they are played
 */
public record DrillRun(
        String id,
        String tenant,
        String sandbox,
        String state,
        @Nullable String outcome,
        Instant startedAt,
        @Nullable Instant endedAt,
        String by,
        String why,
        String server,
        String node,
        List<DrillResult> drills) {
    public DrillRun {
        drills = List.copyOf(drills);
    }
}
