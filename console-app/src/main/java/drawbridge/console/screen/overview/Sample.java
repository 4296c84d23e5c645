package drawbridge.console.screen.overview;

import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.MinuteFigures;

import java.util.Map;
import java.util.Set;

/**
 * What was counted in a second or in a minute.
 *
 * @param fromMillis when it begins, in milliseconds of the epoch
 * @param toMillis when it ends
 * @param seconds how many seconds of it were measured
 * @param validations bridge validations answered
 * @param refused those refused, by reason
 * @param bySource those whose session was found, by tier
 * @param p50Micros their median time; 0 when there was none
 * @param p99Micros the same, 99th percentile
 */
record Sample(
        long fromMillis,
        long toMillis,
        int seconds,
        long validations,
        Map<String, Long> refused,
        Map<String, Long> bySource,
        long p50Micros,
        long p99Micros) {
    /** Why a call is refused before a session is looked for. */
    static final Set<String> TURNED_AWAY =
            Set.of("unknown_caller", "network_not_allowed", "rate_limited");

    static Sample of(MetricsTick tick) {
        long end = tick.at().toEpochMilli();
        return new Sample(
                end - 1_000,
                end,
                1,
                tick.validations(),
                tick.refused(),
                tick.bySource(),
                tick.p50Micros(),
                tick.p99Micros());
    }

    static Sample of(MinuteFigures minute) {
        long end = minute.at().toEpochMilli();
        return new Sample(
                end - 60_000,
                end,
                minute.seconds(),
                minute.validations(),
                minute.refused(),
                minute.bySource(),
                minute.p50Micros(),
                minute.p99Micros());
    }

    /** Validations whose session no tier had. */
    long notFound() {
        return refused("no_session");
    }

    /** Validations of which nobody can know, as a store that was needed did not answer. */
    long undecided() {
        return refused("undecided");
    }

    /** Calls that were refused before a session was looked for. */
    long turnedAway() {
        long found = bySource.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(0, validations - found - notFound() - undecided());
    }

    long refused(String reason) {
        return refused.getOrDefault(reason, 0L);
    }

    long from(String tier) {
        return bySource.getOrDefault(tier, 0L);
    }
}
