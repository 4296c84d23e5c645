package drawbridge.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.account.PasswordHasher.Cost;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class Argon2TuningTest {
    private static final Cost LEAST = new Cost(19_456, 2, 1);
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        "10, 50, 1000000, 97280",
        "10, 50, 65536, 65536",
        "50, 50, 1000000, 19456",
        "500, 50, 1000000, 19456",
        "10, 50, 100, 19456",
    })
    void takesWhatTheTimeAllowsWithinTheBudgetAndNeverLessThanTheLeast(
            long millisAtLeast, long wantedMillis, long mostKib, int kib) {
        assertThat(
                        Argon2Tuning.memoryKib(
                                LEAST,
                                millisAtLeast * 1_000_000,
                                wantedMillis * 1_000_000,
                                mostKib))
                .isEqualTo(kib);
    }

    @Test
    void sharesTheBudgetAmongTheThreads() {
        AtomicLong ticks = new AtomicLong();

        Cost cost =
                Argon2Tuning.tune(
                        LEAST,
                        Duration.ofSeconds(1),
                        128 * MIB,
                        4,
                        () -> ticks.addAndGet(1_000_000));

        assertThat(cost).isEqualTo(new Cost(32 * 1024, 2, 1));
    }

    @Test
    void staysAtTheLeastWhenTheBudgetHasNoMore() {
        assertThat(Argon2Tuning.tune(LEAST, Duration.ofSeconds(1), 20 * MIB, 4, System::nanoTime))
                .isEqualTo(LEAST);
    }
}
