package drawbridge.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutePathTest {
    @ParameterizedTest
    @CsvSource({
        "/payments/12, payments 12",
        "/Payments/12, payments 12",
        "//payments///12/, payments 12",
        "/p%61yments/12, payments 12",
        "/%70%41yments/1%32, payments 12",
        "/a%20b, 'a b'",
        "/caf%C3%A9, café",
        "/CAFÉ, café",
        "/cafe%CC%81, café",
        "/, ''",
        "/a:b@c!$&()*+=, a:b@c!$&()*+=",
    })
    void readsSpellingsThatMeanOneRouteAsOne(String path, String joined) {
        RoutePath read = RoutePath.of(path);

        assertThat(read).isInstanceOf(RoutePath.Plain.class);
        assertThat(String.join(" ", ((RoutePath.Plain) read).segments())).isEqualTo(joined);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments",
                "",
                "*",
                "/a/../b",
                "/a/./b",
                "/..",
                "/a/%2e%2e/b",
                "/a/%2E/b",
                "/a%2fb",
                "/a%5Cb",
                "/a\\b",
                "/a;x=1/b",
                "/a%3Bx/b",
                "/a%252fb",
                "/a%00b",
                "/a%0ab",
                "/a%7f",
                "/a%",
                "/a%4",
                "/a%zz",
                "/a%ff",
                "/a%c0%af",
                "/a b",
                "/a#b",
                "/a?b",
            })
    void refusesToGuessWhatCouldBeTwoRoutes(String path) {
        assertThat(RoutePath.of(path)).isInstanceOf(RoutePath.Ambiguous.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/payments/*, /payments/12, true",
        "/payments/*, /payments, false",
        "/payments/*, /payments/, false",
        "/payments/*, /payments/12/refund, false",
        "/payments/{id}/refund, /payments/12/refund, true",
        "/payments/{id}/refund, /payments/12/cancel, false",
        "/payments/**, /payments, true",
        "/payments/**, /payments/1/2/3, true",
        "/payments/**, /paymentsx, false",
        "/**/refund, /a/b/refund, true",
        "/**/refund, /refund, true",
        "/**/refund/**, /a/refund/b/refund/c, true",
        "/a/**/b/*/c, /a/x/b/y/b/z/c, true",
        "/a/**/b/*/c, /a/x/b/y/b/z, false",
        "/**, /, true",
        "/, /, true",
        "/, /a, false",
        "/Admin, /ADMIN/, true",
        "/a%20b, /a%20B, true",
    })
    void matches(String pattern, String path, boolean expected) {
        assertThat(RoutePathTest.pattern(pattern).matches((RoutePath.Plain) RoutePath.of(path)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/**, /payments/*, true",
        "/payments/**, /payments/*, true",
        "/payments/**, /payments, true",
        "/payments/*, /payments/{id}, true",
        "/payments/*, /payments/12, true",
        "/payments/12, /payments/*, false",
        "/payments/*, /payments/**, false",
        "/payments/*, /payments/*/refund, false",
        "/**/refund, /payments/{id}/refund, true",
        "/payments/**, /payments/**, true",
    })
    void knowsWhichPatternTakesAllThatAnotherTakes(String wide, String narrow, boolean expected) {
        assertThat(pattern(wide).covers(pattern(narrow))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"payments", "", "/a*", "/a/***", "/{}", "/{a", "/../a", "/a;b", "/a%2fb"})
    void refusesPatternThatCouldMatchNothingOrTooMuch(String text) {
        assertThat(RoutePattern.parse(text)).isInstanceOf(RoutePattern.Outcome.Bad.class);
    }

    static RoutePattern pattern(String text) {
        return switch (RoutePattern.parse(text)) {
            case RoutePattern.Outcome.Good(RoutePattern good) -> good;
            case RoutePattern.Outcome.Bad(String why) ->
                    throw new IllegalArgumentException(text + ": " + why);
        };
    }
}
