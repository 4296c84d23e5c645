package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a tenant's route policies.
 *
 * @param line its place, beginning with 1; null where the list says it
 * @param method an HTTP method, or {@code *}
 * @param pattern the paths it is for
 * @param mode {@code STANDARD}, {@code ADVANCED} or {@code STRICT}
 * @param ratePerMinute how many validations each caller may ask for; null for any number
 * @param ipMatch {@code exact} or {@code prefix}
 * @param leastDeviceEvidence {@code told} or {@code cookie}
 */
public record RouteRule(
        @Nullable Integer line,
        String method,
        String pattern,
        String mode,
        @Nullable Integer ratePerMinute,
        String ipMatch,
        String leastDeviceEvidence) {
    /** Method and pattern, as people write them. */
    public String route() {
        return method + " " + pattern;
    }

    /** The same rule in another place; null for one without a place. */
    public RouteRule at(@Nullable Integer place) {
        return new RouteRule(
                place, method, pattern, mode, ratePerMinute, ipMatch, leastDeviceEvidence);
    }
}
