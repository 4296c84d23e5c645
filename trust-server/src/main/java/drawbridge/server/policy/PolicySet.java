package drawbridge.server.policy;

import drawbridge.model.TenantId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One version of a tenant's policies. A version is never changed.
 *
 * @param tenant whose they are
 * @param version counts up from 1; 0 for a tenant that never had any
 * @param at when it was made
 * @param by who made it
 * @param note what was said about it; may be empty
 * @param rules in the order they are asked: the first that matches decides
 */
public record PolicySet(
        TenantId tenant, int version, Instant at, String by, String note, List<PolicyRule> rules) {
    public PolicySet {
        rules = List.copyOf(rules);
    }

    /** What a tenant has that never had any. */
    static PolicySet none(TenantId tenant) {
        return new PolicySet(tenant, 0, Instant.EPOCH, "server", "", List.of());
    }

    /**
     * A rule that can never decide.
     *
     * @param line its line
     * @param shadowedBy the earlier line that decides instead
     * @param text one sentence
     */
    public record Warning(int line, int shadowedBy, String text) {}

    /** Every rule that an earlier one shadows, by line. */
    public static List<Warning> warnings(List<PolicyRule> rules) {
        List<Warning> warnings = new ArrayList<>();
        for (int later = 1; later < rules.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                if (rules.get(earlier).shadows(rules.get(later))) {
                    warnings.add(warning(rules, earlier, later));
                    break;
                }
            }
        }
        return warnings;
    }

    private static Warning warning(List<PolicyRule> rules, int earlier, int later) {
        PolicyRule first = rules.get(earlier);
        PolicyRule never = rules.get(later);
        return new Warning(
                later + 1,
                earlier + 1,
                "line %d (%s, %s) never decides: line %d (%s, %s) takes every route it is for; move it up"
                        .formatted(
                                later + 1,
                                never.route(),
                                never.mode(),
                                earlier + 1,
                                first.route(),
                                first.mode()));
    }
}
