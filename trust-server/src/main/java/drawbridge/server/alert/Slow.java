package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;
import drawbridge.model.view.MetricsTick;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Fires when validations are slower than usual. One thread. */
final class Slow implements Watch {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int LEAST_VALIDATIONS = 20;

    private final Supplier<List<MetricsTick>> ticks;
    private final Usual usual = new Usual();

    /**
     * @param ticks the latest seconds' figures, the oldest first
     */
    Slow(Supplier<List<MetricsTick>> ticks) {
        this.ticks = ticks;
    }

    @Override
    public AlertRule rule() {
        return AlertRule.LATENCY;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        Instant begin = now.at().minus(WINDOW);
        List<MetricsTick> latest =
                ticks.get().reversed().stream()
                        .limit(WINDOW.toSeconds())
                        .filter(tick -> tick.at().isAfter(begin) && tick.validations() > 0)
                        .toList();
        long validations = latest.stream().mapToLong(MetricsTick::validations).sum();
        // The median of the seconds: one slow second is no alert.
        long[] sorted = latest.stream().mapToLong(MetricsTick::p99Micros).sorted().toArray();
        double figure =
                validations >= LEAST_VALIDATIONS && sorted.length > 0
                        ? sorted[sorted.length / 2]
                        : 0;
        double limit = usual.limit(terms);
        boolean fires = figure > 0 && figure >= (isFiring ? limit / 2 : limit);
        double before = usual.value();
        if (figure > 0) {
            usual.learn(now.at(), figure, fires);
        }
        List<Finding> findings =
                fires ? List.of(finding(figure, before, limit, validations, sorted)) : List.of();
        return new Reading(Optional.empty(), figure, before, limit, findings);
    }

    private static Finding finding(
            double figure, double before, double limit, long validations, long[] sorted) {
        return new Finding(
                "server",
                "99 of 100 validations took up to %s, where %s is usual"
                        .formatted(millis(figure), millis(before)),
                List.of(
                        new AlertFact("99th percentile, last ten seconds", millis(figure)),
                        new AlertFact("slowest second", millis((double) sorted[sorted.length - 1])),
                        new AlertFact("usual", millis(before)),
                        new AlertFact("fires from", millis(limit)),
                        new AlertFact("validations looked at", String.valueOf(validations))));
    }

    private static String millis(double micros) {
        return Rising.Figures.text(micros / 1_000) + " ms";
    }
}
