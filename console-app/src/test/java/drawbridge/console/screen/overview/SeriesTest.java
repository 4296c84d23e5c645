package drawbridge.console.screen.overview;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class SeriesTest {
    private static final Instant NOW = Instant.parse("2026-03-12T09:00:03Z");
    private static final Duration SPAN = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofSeconds(5);

    private static Sample tick(long secondsAgo, long validations, long p99) {
        long at = NOW.minusSeconds(secondsAgo).toEpochMilli();
        return new Sample(at - 1_000, at, 1, validations, Map.of(), Map.of(), 0, p99);
    }

    private static Sample minute(Instant end, int seconds, long validations) {
        long at = end.toEpochMilli();
        return new Sample(at - 60_000, at, seconds, validations, Map.of(), Map.of(), 0, 0);
    }

    @Test
    void countsTheSecondJustOverInTheStepThatGoesOn() {
        Series series = Series.of(List.of(tick(0, 12, 0)), SPAN, STEP, NOW);

        assertThat(series.perSecond(Sample::validations))
                .containsExactly(Double.NaN, Double.NaN, Double.NaN, 12);
    }

    @Test
    void putsATickIntoTheStepThatEndsWithIt() {
        Series series = Series.of(List.of(tick(3, 4, 0)), SPAN, STEP, NOW);

        assertThat(series.perSecond(Sample::validations))
                .containsExactly(Double.NaN, Double.NaN, 4, Double.NaN);
    }

    @Test
    void weighsLatencyByHowManyValidationsItTook() {
        Series series = Series.of(List.of(tick(1, 1, 900), tick(0, 9, 100)), SPAN, STEP, NOW);

        assertThat(series.meanOfValidations(Sample::p99Micros)[3]).isEqualTo(180);
    }

    @Test
    void knowsNoLatencyWhereNothingWasValidated() {
        Series series = Series.of(List.of(tick(0, 0, 0)), SPAN, STEP, NOW);

        assertThat(series.meanOfValidations(Sample::p99Micros)[3]).isNaN();
    }

    @Test
    void showsAPauseAsAPauseAndNotAsZero() {
        Series series = Series.of(List.of(tick(16, 5, 0), tick(1, 5, 0)), SPAN, STEP, NOW);

        assertThat(series.perSecond(Sample::validations))
                .containsExactly(5, Double.NaN, Double.NaN, 5);
    }

    @Test
    void bridgesASecondWhoseFiguresCameBesideIt() {
        List<Sample> ticks = List.of(tick(3, 4, 0), tick(1, 8, 0), tick(0, 8, 0));
        Series series = Series.of(ticks, Duration.ofSeconds(4), Duration.ofSeconds(1), NOW);

        assertThat(series.perSecond(Sample::validations)).containsExactly(4, 6, 8, 8);
    }

    @Test
    void countsWhatHappenedInAStepAndNotWhatAMinuteOfItWouldBe() {
        Series series =
                Series.of(List.of(tick(12, 0, 0), tick(1, 2, 0), tick(0, 1, 0)), SPAN, STEP, NOW);

        assertThat(series.counts(Sample::validations))
                .containsExactly(Double.NaN, 0, Double.NaN, 3);
    }

    @Test
    void sharesTheCountsOfAMinuteAmongItsSteps() {
        Instant noon = Instant.parse("2026-03-12T12:00:00Z");
        Series series =
                Series.of(
                        List.of(minute(noon, 60, 3)),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10),
                        noon);

        assertThat(series.counts(Sample::validations)).containsExactly(.5, .5, .5, .5, .5, .5);
    }

    @Test
    void takesAMinuteForTheRateOfItsSeconds() {
        Instant noon = Instant.parse("2026-03-12T12:00:00Z");
        List<Sample> minutes =
                List.of(minute(noon.minusSeconds(60), 60, 600), minute(noon, 20, 400));

        assertThat(
                        Series.of(minutes, Duration.ofMinutes(3), Duration.ofMinutes(1), noon)
                                .perSecond(Sample::validations))
                .containsExactly(Double.NaN, 10, 20);
        assertThat(
                        Series.of(minutes, Duration.ofMinutes(2), Duration.ofSeconds(30), noon)
                                .perSecond(Sample::validations))
                .as("half a minute that was measured in part only is not known")
                .containsExactly(10, 10, Double.NaN, Double.NaN);
    }
}
