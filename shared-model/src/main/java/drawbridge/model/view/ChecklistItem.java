package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How a practice is kept.
 *
 * @param id such as {@code rate_limits}: the wire name of a {@link drawbridge.model.Practice}
 * @param verdict {@code pass}, {@code warn}, {@code fail} or {@code not_applicable}
 * @param evidence what was found, the worst first; never empty
 * @param judgedAt when the settings, the traffic and the database were looked at
 * @param triedAt when it was last tried by attacks; null when that was never done, or is no part of
 *     this practice
 */
public record ChecklistItem(
        String id,
        String verdict,
        List<ChecklistEvidence> evidence,
        Instant judgedAt,
        @Nullable Instant triedAt) {
    public ChecklistItem {
        evidence = List.copyOf(evidence);
    }
}
