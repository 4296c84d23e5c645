package drawbridge.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

final class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0s, PT0S, 0s",
        "250ms, PT0.25S, 250ms",
        "90s, PT1M30S, 90s",
        "30m, PT30M, 30m",
        "24h, PT24H, 1d",
        "7d, PT168H, 7d"
    })
    void readsAndWritesDurations(String text, Duration duration, String written) {
        assertThat(Units.duration(text)).contains(duration);
        assertThat(Units.text(duration)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5h", "30 s", "30S", "1w", "99999999999s"})
    void readsNothingElseAsADuration(String text) {
        assertThat(Units.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0B, 0, 0B",
        "64KiB, 65536, 64KiB",
        "1024KiB, 1048576, 1MiB",
        "1000B, 1000, 1000B",
        "2GiB, 2147483648, 2GiB"
    })
    void readsAndWritesSizes(String text, long bytes, String written) {
        assertThat(Units.bytes(text)).hasValue(bytes);
        assertThat(Units.text(bytes)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64KB", "64K", "64 KiB", "-1B", "0x10B"})
    void readsNothingElseAsASize(String text) {
        assertThat(Units.bytes(text)).isEmpty();
    }
}
