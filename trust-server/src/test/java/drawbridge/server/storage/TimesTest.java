package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

class TimesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 999_999, 1_000_000, -1_000_001, 1_795_000_000_123_456L})
    void whatWasWrittenIsRead(long micros) {
        assertThat(Times.micros(Times.instant(micros))).isEqualTo(micros);
    }

    @Test
    void isCutToMicroseconds() {
        Instant at = Instant.parse("2026-11-23T10:00:00.123456789Z");

        assertThat(Times.instant(Times.micros(at)))
                .isEqualTo(Instant.parse("2026-11-23T10:00:00.123456Z"));
    }

    @Test
    void timesThatNoDatabaseHoldsAreRefused() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Times.micros(Instant.MAX));
    }
}
