package drawbridge.model.view;

import java.time.Instant;
import java.util.List;

/**
 * What covers every endpoint of the server and every route policy of a tenant. No cell is blank.
 *
 * @param tenant whose policies
 * @param at when it was looked at
 * @param endpoints in the order of the route tables
 * @param policies in matching order, and what no policy names at the end
 */
public record CoverageView(
        String tenant,
        Instant at,
        List<EndpointCoverage> endpoints,
        List<PolicyCoverage> policies) {
    public CoverageView {
        endpoints = List.copyOf(endpoints);
        policies = List.copyOf(policies);
    }
}
