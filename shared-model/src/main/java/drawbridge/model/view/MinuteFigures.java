package drawbridge.model.view;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What the server did in one minute of the clock.
 *
 * @param at the end of the minute
 * @param seconds how many seconds of it were measured, at most 60; fewer where the server was
 *     started, stopped or held up within it
 * @param validations bridge validations answered, whatever the verdict
 * @param trusted how many of them were trusted
 * @param refused the others by reason; reasons that did not occur are absent
 * @param bySource validations whose session was found, by the tier that served it; tiers that
 *     served none are absent
 * @param p50Micros median time of a validation inside the server, in microseconds; 0 when there was
 *     none
 * @param p99Micros the same, 99th percentile
 * @param maxMicros the same, slowest
 * @param logins logins that succeeded
 * @param loginsRefused logins that were refused
 * @param revocations revocations committed, logouts included
 * @param slowestRevocationMicros the longest that a revocation took until no node trusted any more
 *     what it ended; 0 when there was none
 * @param liveSessions sessions that would have been accepted at its end
 */
public record MinuteFigures(
        Instant at,
        int seconds,
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
        long slowestRevocationMicros,
        long liveSessions) {
    public MinuteFigures {
        Objects.requireNonNull(at, "at");
        refused = Map.copyOf(refused);
        bySource = Map.copyOf(bySource);
    }
}
