package drawbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValidationModeTest {
    @Test
    void eachModeComparesAllThatALaxerOneCompares() {
        ValidationMode[] modes = ValidationMode.values();
        for (int i = 1; i < modes.length; i++) {
            assertThat(modes[i].signals())
                    .containsAll(modes[i - 1].signals())
                    .hasSizeGreaterThan(modes[i - 1].signals().size());
        }
        assertThat(ValidationMode.STRICT.signals()).containsExactlyInAnyOrder(Signal.values());
    }

    @Test
    void aFloorOnlyEverMakesAModeStricter() {
        for (ValidationMode asked : ValidationMode.values()) {
            for (ValidationMode floor : ValidationMode.values()) {
                assertThat(asked.atLeast(floor))
                        .isGreaterThanOrEqualTo(asked)
                        .isGreaterThanOrEqualTo(floor)
                        .isIn(asked, floor);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STANDARD, STANDARD",
        "standard, STANDARD",
        "Advanced, ADVANCED",
        "' strict ', STRICT"
    })
    void isReadInAnyCase(String word, ValidationMode mode) {
        assertThat(ValidationMode.parse(word)).contains(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "STRICTER", "STRIC", "DISABLED", "NONE", "0", "ſTRICT"})
    void anUnknownWordIsNoMode(String word) {
        assertThat(ValidationMode.parse(word)).isEmpty();
    }
}
