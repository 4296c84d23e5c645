package drawbridge.console.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

class FormatsTest {
    private static final Instant NOW = Instant.parse("2026-03-12T09:41:27.400Z");

    private final Formats formats =
            new Formats(Words.in(Locale.ENGLISH), Locale.ENGLISH, ZoneId.of("Europe/Helsinki"));

    @ParameterizedTest
    @CsvSource({
        "0,0 s",
        "59,59 s",
        "60,1 min",
        "3599,59 min",
        "3600,1 h",
        "8040,2 h 14 min",
        "86400,1 d",
        "97200,1 d 3 h"
    })
    void namesSpansInTheirTwoLargestUnits(long seconds, String expected) {
        assertThat(formats.span(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"84,84 µs", "310,0.31 ms", "9999,10.00 ms", "12000,12 ms", "1200000,1.2 s"})
    void choosesTheUnitThatReadsBest(long micros, String expected) {
        assertThat(formats.micros(micros)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"400,0.4 ms", "9000,9 ms", "8600,9 ms", "64000,64 ms", "1500000,1.5 s"})
    void roundsHowLongAnActionTook(long micros, String expected) {
        assertThat(formats.took(micros)).isEqualTo(expected);
    }

    @Test
    void tellsTimesInTheWorkstationsZoneAndTheExactInstantInUtc() {
        assertThat(formats.time(NOW)).isEqualTo("11:41:27");
        assertThat(formats.exact(NOW, NOW.plusSeconds(4)))
                .contains("11:41:27", "2026-03-12 09:41:27.400 UTC", "4 s ago");
    }

    /** What was said to last two minutes must not be called one at once. */
    @ParameterizedTest
    @CsvSource({"59,59 s", "60,1 min", "89,1 min", "119,2 min", "3580,1 h", "86390,1 d"})
    void tellsWhatIsLeftToTheNearestMinute(long seconds, String expected) {
        assertThat(formats.spanUntil(NOW.plusSeconds(seconds), NOW)).isEqualTo(expected);
    }

    @Test
    void tellsWhatIsToComeAndWhatWas() {
        assertThat(formats.until(NOW.plusSeconds(120), NOW)).isEqualTo("in 2 min");
        assertThat(formats.until(NOW.minusSeconds(120), NOW)).isEqualTo("2 min ago");
        assertThat(formats.roughlyAgo(NOW.minusSeconds(8_040), NOW)).isEqualTo("2 h ago");
        assertThat(formats.justAgo(NOW.minusMillis(200), NOW)).isEqualTo("0.2 s ago");
    }
}
