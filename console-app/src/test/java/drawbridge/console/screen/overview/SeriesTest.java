package drawbridge.console.screen.overview;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.view.MetricsTick;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class SeriesTest {
    private static final Instant NOW = Instant.parse("2026-03-12T09:00:03Z");
    private static final Duration SPAN = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofSeconds(5);

    private static MetricsTick tick(long secondsAgo, long validations, long p99) {
        return new MetricsTick(
                NOW.minusSeconds(secondsAgo),
                validations,
                validations,
                Map.of(),
                Map.of(),
                0,
                p99,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
    }

    @Test
    void countsTheSecondJustOverInTheStepThatGoesOn() {
        Series series = Series.of(List.of(tick(0, 12, 0)), SPAN, STEP, NOW);

        assertThat(series.mean(MetricsTick::validations))
                .containsExactly(Double.NaN, Double.NaN, Double.NaN, 12);
    }

    @Test
    void putsATickIntoTheStepThatEndsWithIt() {
        Series series = Series.of(List.of(tick(3, 4, 0)), SPAN, STEP, NOW);

        assertThat(series.mean(MetricsTick::validations))
                .containsExactly(Double.NaN, Double.NaN, 4, Double.NaN);
    }

    @Test
    void weighsLatencyByHowManyValidationsItTook() {
        Series series = Series.of(List.of(tick(1, 1, 900), tick(0, 9, 100)), SPAN, STEP, NOW);

        assertThat(series.meanOfValidations(MetricsTick::p99Micros)[3]).isEqualTo(180);
    }

    @Test
    void knowsNoLatencyWhereNothingWasValidated() {
        Series series = Series.of(List.of(tick(0, 0, 0)), SPAN, STEP, NOW);

        assertThat(series.meanOfValidations(MetricsTick::p99Micros)[3]).isNaN();
    }
}
