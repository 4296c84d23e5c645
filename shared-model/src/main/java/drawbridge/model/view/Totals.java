package drawbridge.model.view;

import java.util.Map;

/**
 * Counts since the server started.
 *
 * @param validations bridge validations answered
 * @param trusted how many of them were trusted
 * @param refused the others by reason
 * @param bySource validations whose session was found, by the tier that served it
 * @param p50Micros median time of a validation inside the server, in microseconds; 0 when there was
 *     none
 * @param p99Micros the same, 99th percentile
 * @param maxMicros the same, slowest
 * @param logins logins that succeeded
 * @param loginsRefused logins that were refused
 * @param revocations revocations committed, logouts included
 * @param auditDropped refusals whose audit row was lost because the queue was full
 */
public record Totals(
        long validations,
        long trusted,
        Map<String, Long> refused,
        Map<String, Long> bySource,
        long p50Micros,
        long p99Micros,
        long maxMicros,
        long logins,
        long loginsRefused,
        long revocations,
        long auditDropped) {
    public Totals {
        refused = Map.copyOf(refused);
        bySource = Map.copyOf(bySource);
    }
}
