package drawbridge.server.drill;

import drawbridge.server.policy.PolicyRule;

import java.util.List;

/**
 * A route of the sandbox that a rule of the tenant decides.
 *
 * @param rule the rule
 * @param method a method it is for
 * @param path a path it decides
 * @param alike every rule that asks the same, this one among them
 */
record CopiedRule(PolicyRule rule, String method, String path, List<PolicyRule> alike) {
    CopiedRule {
        alike = List.copyOf(alike);
    }

    /** Their routes. */
    String routes() {
        return String.join(", ", alike.stream().limit(5).map(PolicyRule::route).toList())
                + (alike.size() > 5 ? " and " + (alike.size() - 5) + " more" : "");
    }
}
