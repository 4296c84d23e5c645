package drawbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.ValidationMode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
    private final Guard guard =
            Guard.everywhere()
                    .with("/orders/", ValidationMode.ADVANCED)
                    .with("/orders/refunds/", ValidationMode.STANDARD)
                    .with("/payments/", ValidationMode.STRICT);

    @ParameterizedTest
    @CsvSource({
        "/, ",
        "/menu, ",
        "/orders/17, ADVANCED",
        "/orders/refunds/17, STANDARD",
        "/payments/17, STRICT",
        // What could be read as another path:
        "/%70ayments/17, STRICT",
        "//payments/17, STRICT",
        "/menu/../payments/17, STRICT",
        "/./payments/17, STRICT",
        "/menu;a=b/17, STRICT",
        "/menu\\17, STRICT",
        "/menu/.., STRICT",
        "/menu/..17, ",
    })
    void asksForTheModeOfThePath(String path, ValidationMode mode) {
        Question question =
                guard.question("GET", path, "198.51.100.4", name -> "ses_1", name -> null)
                        .orElseThrow();

        assertThat(question.atLeast()).isEqualTo(mode);
    }
}
