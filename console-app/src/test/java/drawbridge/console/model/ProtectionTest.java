package drawbridge.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.MutableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class ProtectionTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final Protection protection = Protection.locked(clock);

    @Test
    void isLockedUntilUnlockedAndLocksByItself() {
        assertThat(protection.refusal()).isPresent();
        protection.unlock();
        assertThat(protection.refusal()).isEmpty();
        assertThat(protection.lockedProperty().get()).isFalse();
        assertThat(protection.left()).isEqualTo(Protection.OPEN_FOR);

        clock.advance(Protection.OPEN_FOR.minus(Duration.ofMillis(1)));
        assertThat(protection.refusal()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(protection.refusal()).as("without any timer").isPresent();
        protection.tick();
        assertThat(protection.lockedProperty().get()).isTrue();
        assertThat(protection.left()).isZero();
    }

    @Test
    void locksAtOnceWhenToldTo() {
        protection.unlock();
        protection.lock();

        assertThat(protection.refusal()).isPresent();
        assertThat(protection.lockedProperty().get()).isTrue();
    }

    @Test
    void withoutProtectionNothingIsEverLocked() {
        Protection none = Protection.none();
        none.lock();

        assertThat(none.refusal()).isEmpty();
        assertThat(none.lockedProperty().get()).isFalse();
    }
}
