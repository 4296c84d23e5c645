package drawbridge.model.view;

import java.time.Instant;
import java.util.List;

/**
 * How often each rule decided in the last hour, on all servers of the database.
 *
 * @param tenant whose rules
 * @param version the version in force
 * @param at when it was counted
 * @param rules one for each rule, in their order
 * @param withoutRule calls that no rule decided
 */
public record RouteUses(
        String tenant, int version, Instant at, List<Use> rules, WithoutRule withoutRule) {
    public RouteUses {
        rules = List.copyOf(rules);
    }

    /**
     * What was counted in one place.
     *
     * @param calls how many calls there were
     * @param refused how many of them were not trusted
     * @param reasons why, the most frequent first
     * @param callsByMinute the oldest minute first
     * @param refusedByMinute likewise
     */
    public record Use(
            long calls,
            long refused,
            List<ReasonCount> reasons,
            List<Long> callsByMinute,
            List<Long> refusedByMinute) {
        public Use {
            reasons = List.copyOf(reasons);
            callsByMinute = List.copyOf(callsByMinute);
            refusedByMinute = List.copyOf(refusedByMinute);
        }
    }

    /**
     * Calls that no rule decided: the caller's floor did.
     *
     * @param no_rule none matched
     * @param not_told the caller did not say which route it served
     * @param ambiguous the path could mean two routes
     */
    public record WithoutRule(Use no_rule, Use not_told, Use ambiguous) {}
}
