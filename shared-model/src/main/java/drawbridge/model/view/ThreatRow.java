package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A row of the threat matrix, for one tenant.
 *
 * @param id such as {@code token_theft}: the wire name of a {@link drawbridge.model.Threat}
 * @param state {@code holds}, {@code weak} or {@code open}: the worst of its reasons
 * @param reasons why it does not hold; empty when it does
 * @param blocked24h how many such attempts the audit says were refused within the last 24 hours
 * @param lastSeenAt when the last one was; null when the audit of that time has none
 * @param lastDrill the last drill of it that came to an end; null before the first
 */
public record ThreatRow(
        String id,
        String state,
        List<ThreatReason> reasons,
        long blocked24h,
        @Nullable Instant lastSeenAt,
        @Nullable DrillMark lastDrill) {
    public ThreatRow {
        reasons = List.copyOf(reasons);
    }
}
