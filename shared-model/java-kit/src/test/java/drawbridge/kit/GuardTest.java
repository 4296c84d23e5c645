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
        "payments/17, STRICT",
        "'', STRICT",
        // What a back end may or may not take for the same route:
        "/PAYMENTS/17, STRICT",
        "/payments, STRICT",
        "/Payments, STRICT",
        "/orders/refunds, ADVANCED",
        "/orders/REFUNDS/17, ADVANCED",
    })
    void asksForTheModeOfThePath(String path, ValidationMode mode) {
        Question question =
                guard.question("GET", path, "198.51.100.4", name -> "ses_1", name -> null)
                        .orElseThrow();

        assertThat(question.atLeast()).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({
        "/shop/payments/17, /shop, STRICT",
        "/shop/payments/17, /shop/, STRICT",
        "/shop/payments, /shop, STRICT",
        "/shop/menu, /shop, ",
        "/shop, /shop, ",
        "/my%20shop/menu, /my%20shop, ",
        "/my%20shop/payments/17, /my%20shop, STRICT",
        // An application that is called as one of its routes:
        "/payments/menu, /payments, ",
        // Another spelling of the context:
        "/%73hop/menu, /shop, STRICT",
        "/shop;a=b/menu, /shop, STRICT",
        "//shop/menu, /shop, STRICT",
        "/shop/%6denu, /shop, STRICT",
        "/shopping, /shop, STRICT",
    })
    void asksForTheModeOfThePathInsideItsContext(String path, String context, ValidationMode mode) {
        Question question =
                guard.question("GET", path, context, "198.51.100.4", name -> "ses_1", name -> null)
                        .orElseThrow();

        assertThat(question.atLeast()).isEqualTo(mode);
        assertThat(question.path()).isEqualTo(path);
    }
}
