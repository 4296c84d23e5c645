package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One version of a tenant's route policies.
 *
 * @param tenant whose they are
 * @param version counts up from 1; 0 for a tenant that never had any
 * @param at when it was made; null for version 0
 * @param by who made it
 * @param note what was said about it; may be empty
 * @param rules in the order they are asked
 * @param warnings rules that can never decide
 */
public record RoutePolicies(
        String tenant,
        int version,
        @Nullable Instant at,
        String by,
        String note,
        List<RouteRule> rules,
        List<RouteWarning> warnings) {
    public RoutePolicies {
        rules = List.copyOf(rules);
        warnings = List.copyOf(warnings);
    }
}
