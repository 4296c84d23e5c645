package drawbridge.server.policy;

import static drawbridge.server.policy.RoutePathTest.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.policy.RouteTable.Decision;
import drawbridge.server.policy.RouteTable.Why;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

final class RouteTableTest {
    private static final String SHOP = "clr_shop";

    private static PolicyRule rule(String method, String path, ValidationMode mode) {
        return new PolicyRule(
                method, pattern(path), mode, null, IpMatch.EXACT, DeviceEvidence.TOLD);
    }

    private static PolicyRule limited(String path, @Nullable Integer rate) {
        return new PolicyRule(
                "*",
                pattern(path),
                ValidationMode.STANDARD,
                rate,
                IpMatch.EXACT,
                DeviceEvidence.TOLD);
    }

    private static RouteTable table(PolicyRule... rules) {
        return RouteTable.of(
                new PolicySet(TenantId.DEFAULT, 3, Instant.EPOCH, "admin", "", List.of(rules)));
    }

    @Test
    void letsTheFirstRuleThatMatchesDecide() {
        RouteTable table =
                table(
                        rule("POST", "/payments/{id}/refund", ValidationMode.STRICT),
                        rule("*", "/payments/**", ValidationMode.ADVANCED),
                        rule("GET", "/**", ValidationMode.STANDARD));

        assertThat(table.decide("post", "/Payments/7/refund/").line()).isEqualTo(1);
        assertThat(table.decide("GET", "/payments/7/refund").line()).isEqualTo(2);
        assertThat(table.decide("GET", "/else").line()).isEqualTo(3);
        assertThat(table.decide("PUT", "/else").why()).isEqualTo(Why.NO_RULE);
        assertThat(table.decide("PUT", null).why()).isEqualTo(Why.NOT_TOLD);
    }

    @Test
    void judgesAmbiguousPathAsStrictlyAsAnyRuleCould() {
        RouteTable table =
                table(
                        new PolicyRule(
                                "*",
                                pattern("/public/**"),
                                ValidationMode.STANDARD,
                                null,
                                IpMatch.PREFIX,
                                DeviceEvidence.TOLD),
                        new PolicyRule(
                                "*",
                                pattern("/vault/**"),
                                ValidationMode.ADVANCED,
                                null,
                                IpMatch.EXACT,
                                DeviceEvidence.COOKIE));

        Decision decided = table.decide("GET", "/public/..%2fvault");

        assertThat(decided.why()).isEqualTo(Why.AMBIGUOUS);
        assertThat(decided.mode()).isEqualTo(ValidationMode.STRICT);
        assertThat(decided.ipMatch()).isEqualTo(IpMatch.EXACT);
        assertThat(decided.leastEvidence()).isEqualTo(DeviceEvidence.COOKIE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET ", " GET", "G T", "GéT", "", "GET\t", "1GET"})
    void aMethodThatNobodyCanSendReachesNoLaxerRule(String method) {
        RouteTable table = table(rule("GET", "/payments/**", ValidationMode.ADVANCED));

        Decision decided = table.decide(method, "/payments/7");

        assertThat(decided.why()).isEqualTo(Why.AMBIGUOUS);
        assertThat(decided.mode()).isEqualTo(ValidationMode.STRICT);
    }

    @Test
    void headMeetsTheRulesOfGet() {
        RouteTable table = table(rule("GET", "/payments/**", ValidationMode.STRICT));

        assertThat(table.decide("HEAD", "/payments/7").mode()).isEqualTo(ValidationMode.STRICT);
        assertThat(table.decide("HEAD", "/payments/7").line()).isEqualTo(1);
    }

    @Test
    void gainsNothingByLeavingTheMethodOut() {
        RouteTable table =
                table(
                        rule("GET", "/payments/*", ValidationMode.STANDARD),
                        rule("POST", "/payments/*", ValidationMode.STRICT),
                        rule("*", "/payments/*", ValidationMode.ADVANCED),
                        rule("DELETE", "/payments/*", ValidationMode.STRICT));

        Decision decided = table.decide(null, "/payments/7");

        assertThat(decided.mode()).isEqualTo(ValidationMode.STRICT);
        assertThat(decided.line()).isEqualTo(2);
    }

    @Test
    void warnsOfRuleThatCanNeverDecide() {
        List<PolicyRule> rules =
                List.of(
                        rule("*", "/payments/**", ValidationMode.STANDARD),
                        rule("POST", "/payments/{id}/refund", ValidationMode.STRICT),
                        rule("POST", "/orders/*", ValidationMode.STANDARD),
                        rule("*", "/orders/*", ValidationMode.STRICT));

        assertThat(PolicySet.warnings(rules))
                .extracting(PolicySet.Warning::line, PolicySet.Warning::shadowedBy)
                .containsExactly(tuple(2, 1));
    }

    @Test
    void letsSoManyPassAtOnceAndThenOneForEachShareOfAMinute() {
        RouteTable table = table(limited("/a", 3));
        Decision decided = table.decide("GET", "/a");
        long now = 1_000;

        for (int i = 0; i < 3; i++) {
            assertThat(table.take(decided, SHOP, now)).isZero();
        }
        assertThat(table.take(decided, SHOP, now)).isEqualTo(Duration.ofSeconds(20));
        assertThat(table.take(decided, "clr_other", now)).isZero();
        long later = now + TimeUnit.SECONDS.toNanos(20);
        assertThat(table.take(decided, SHOP, later - 1)).isEqualTo(Duration.ofNanos(1));
        assertThat(table.take(decided, SHOP, later)).isZero();
        assertThat(table.take(decided, SHOP, later)).isPositive();
    }

    @Test
    void goesOnCountingInTheNextVersionUnlessTheRateIsAnother() {
        RouteTable first = table(limited("/a", 1), limited("/b", 1));
        assertThat(first.take(first.decide("GET", "/a"), SHOP, 0)).isZero();
        assertThat(first.take(first.decide("GET", "/b"), SHOP, 0)).isZero();

        RouteTable next =
                table(limited("/c", null), limited("/a", 1), limited("/b", 2)).after(first);

        assertThat(next.take(next.decide("GET", "/a"), SHOP, 0)).isPositive();
        assertThat(next.take(next.decide("GET", "/b"), SHOP, 0)).isZero();
        assertThat(next.take(next.decide("GET", "/c"), SHOP, 0)).isZero();
    }

    @Test
    void tellsWhatWasAddedRemovedChangedAndMoved() {
        PolicyRule a = rule("*", "/a", ValidationMode.STANDARD);
        PolicyRule b = rule("*", "/b", ValidationMode.STANDARD);
        PolicyRule c = rule("*", "/c", ValidationMode.STANDARD);
        PolicyRule strictC = rule("*", "/c", ValidationMode.STRICT);
        PolicyRule d = rule("*", "/d", ValidationMode.STANDARD);

        List<PolicyDiff.Change> changes =
                PolicyDiff.between(List.of(a, b, c), List.of(strictC, b, d));

        assertThat(changes)
                .extracting(PolicyDiff.Change::what)
                .containsExactly(
                        PolicyDiff.What.REMOVED,
                        PolicyDiff.What.CHANGED,
                        PolicyDiff.What.MOVED,
                        PolicyDiff.What.ADDED);
        assertThat(PolicyDiff.between(List.of(a, b, c), List.of(a, b, c))).isEmpty();
    }
}
