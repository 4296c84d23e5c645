package drawbridge.server.policy;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.IpMatch;

import org.jspecify.annotations.Nullable;

/**
 * One line of a tenant's policies.
 *
 * @param method an HTTP method in upper case, or {@code *}
 * @param pattern the paths it is for
 * @param mode the mode these routes are judged by at least
 * @param ratePerMinute how many validations each caller may ask for in a minute; null for any
 *     number
 * @param ipMatch how closely addresses are compared
 * @param leastEvidence how sure the device must be
 */
public record PolicyRule(
        String method,
        RoutePattern pattern,
        ValidationMode mode,
        @Nullable Integer ratePerMinute,
        IpMatch ipMatch,
        DeviceEvidence leastEvidence) {
    /** The method that stands for every one. */
    public static final String ANY_METHOD = "*";

    /** Method and pattern, as people write them. */
    public String route() {
        return method + " " + pattern;
    }

    boolean isForAnyMethod() {
        return method.equals(ANY_METHOD);
    }

    /** Whether the other rule, standing behind this one, can never decide. */
    boolean shadows(PolicyRule later) {
        boolean takesItsMethod =
                isForAnyMethod()
                        || method.equals(later.method)
                        || (method.equals("GET") && later.method.equals("HEAD"));
        return takesItsMethod && pattern.covers(later.pattern);
    }
}
