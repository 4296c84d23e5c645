package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class RestartPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "1, 250",
        "2, 500",
        "3, 1000",
        "4, 2000",
        "5, 4000",
        "6, 8000",
        "7, 16000",
        "8, 30000",
        "9, 30000",
        "2147483647, 30000"
    })
    void waitsTwiceAsLongEachTimeUpToThirtySeconds(int failures, long millis) {
        assertThat(RestartPolicy.delay(failures)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void countsAnewAfterTenGoodSeconds() {
        assertThat(RestartPolicy.failures(6, Duration.ZERO)).isEqualTo(7);
        assertThat(RestartPolicy.failures(6, Duration.ofMillis(9_999))).isEqualTo(7);
        assertThat(RestartPolicy.failures(6, Duration.ofSeconds(10))).isEqualTo(1);
    }
}
