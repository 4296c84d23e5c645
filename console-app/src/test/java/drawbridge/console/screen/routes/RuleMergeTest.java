package drawbridge.console.screen.routes;

import static drawbridge.console.fake.FakeRoutes.rule;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.view.RouteRule;

import org.junit.jupiter.api.Test;

import java.util.List;

class RuleMergeTest {
    private static final RouteRule A = rule("GET", "/a", "STANDARD");
    private static final RouteRule B = rule("GET", "/b", "STANDARD");
    private static final RouteRule C = rule("GET", "/c", "STANDARD");
    private static final RouteRule B_STRICT = rule("GET", "/b", "STRICT");
    private static final RouteRule B_ADVANCED = rule("GET", "/b", "ADVANCED");
    private static final RouteRule NEW = rule("POST", "/new", "STRICT");
    private static final RouteRule THEIRS = rule("POST", "/theirs", "STRICT");

    @Test
    void keepsWhatBothDid() {
        var merged =
                RuleMerge.of(
                        List.of(A, B, C), List.of(A, B_STRICT, NEW, C), List.of(THEIRS, A, B, C));

        assertThat(merged.rules()).containsExactly(THEIRS, A, B_STRICT, NEW, C);
        assertThat(merged.origins()).containsExactly(THEIRS, A, B, null, C);
        assertThat(merged.clashes()).isEmpty();
    }

    @Test
    void tellsRuleThatBothChangedAndKeepsTheDraftsWish() {
        var merged = RuleMerge.of(List.of(A, B), List.of(A, B_STRICT), List.of(A, B_ADVANCED));

        assertThat(merged.rules()).containsExactly(A, B_STRICT);
        assertThat(merged.clashes()).containsExactly("GET /b");
    }

    @Test
    void tellsRuleThatOneChangedAndTheOtherRemoved() {
        var removedByMe = RuleMerge.of(List.of(A, B), List.of(A), List.of(A, B_STRICT));
        var removedByThem = RuleMerge.of(List.of(A, B), List.of(A, B_STRICT), List.of(A));

        assertThat(removedByMe.rules()).containsExactly(A);
        assertThat(removedByMe.clashes()).containsExactly("GET /b");
        assertThat(removedByThem.rules()).containsExactly(A, B_STRICT);
        assertThat(removedByThem.clashes()).containsExactly("GET /b");
    }

    @Test
    void keepsTheDraftsOrderAmongItsOwnRules() {
        var merged = RuleMerge.of(List.of(A, B, C), List.of(C, A, B), List.of(A, THEIRS, B, C));

        assertThat(merged.rules()).containsExactly(C, THEIRS, A, B);
    }

    @Test
    void agreesWithItselfWhereBothDidTheSame() {
        var merged = RuleMerge.of(List.of(A, B), List.of(A, B_STRICT), List.of(A, B_STRICT));

        assertThat(merged.rules()).containsExactly(A, B_STRICT);
        assertThat(merged.clashes()).isEmpty();
    }
}
