package drawbridge.model.view;

import java.time.Instant;
import java.util.Map;

/**
 * What the server did in one second, and how it was at its end.
 *
 * @param at the end of the second
 * @param validations bridge validations answered, whatever the verdict
 * @param trusted how many of them were trusted
 * @param refused the others by reason, such as {@code signal_differs}; reasons that did not occur
 *     are absent
 * @param bySource validations whose session was found, by the tier that served it: {@code memory},
 *     {@code redis}, {@code database}; tiers that served none are absent
 * @param p50Micros median time of a validation inside the server, in microseconds; 0 when there was
 *     none
 * @param p99Micros the same, 99th percentile
 * @param maxMicros the same, slowest
 * @param minuteP50Micros median over the last minute up to this second; 0 when there was none
 * @param minuteP99Micros 99th percentile over the last minute up to this second; 0 when there was
 *     none
 * @param logins logins that succeeded
 * @param loginsRefused logins that were refused
 * @param revocations revocations committed, logouts included
 * @param slowestRevocationMicros the longest that one of them took until no node trusted any more
 *     what it ended; 0 when there was none
 * @param liveSessions sessions that would be accepted now
 * @param hashQueue password hashes waiting for a thread
 * @param heapUsedBytes heap in use
 * @param heapMaxBytes heap limit
 * @param residentBytes memory the process holds, 0 where the system does not tell
 * @param threads platform threads
 * @param cpuLoad the process's share of all processors, 0 to 1
 */
public record MetricsTick(
        Instant at,
        long validations,
        long trusted,
        Map<String, Long> refused,
        Map<String, Long> bySource,
        long p50Micros,
        long p99Micros,
        long maxMicros,
        long minuteP50Micros,
        long minuteP99Micros,
        long logins,
        long loginsRefused,
        long revocations,
        long slowestRevocationMicros,
        long liveSessions,
        int hashQueue,
        long heapUsedBytes,
        long heapMaxBytes,
        long residentBytes,
        int threads,
        double cpuLoad) {
    public MetricsTick {
        refused = Map.copyOf(refused);
        bySource = Map.copyOf(bySource);
    }

    /**
     * A second whose percentiles stand for its minute as well, and whose revocations took no time
     * worth telling: the first one, or one alike.
     */
    public MetricsTick(
            Instant at,
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
            long liveSessions,
            int hashQueue,
            long heapUsedBytes,
            long heapMaxBytes,
            long residentBytes,
            int threads,
            double cpuLoad) {
        this(
                at,
                validations,
                trusted,
                refused,
                bySource,
                p50Micros,
                p99Micros,
                maxMicros,
                p50Micros,
                p99Micros,
                logins,
                loginsRefused,
                revocations,
                0,
                liveSessions,
                hashQueue,
                heapUsedBytes,
                heapMaxBytes,
                residentBytes,
                threads,
                cpuLoad);
    }
}
