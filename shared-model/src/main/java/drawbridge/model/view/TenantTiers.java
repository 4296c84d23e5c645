package drawbridge.model.view;

import java.util.Map;

/**
 * How the tiers served one tenant since the server started.
 *
 * @param tenant its id; {@code (others)} for all beyond the first hundred that were asked for
 * @param hits by tier
 * @param misses by tier
 */
public record TenantTiers(String tenant, Map<String, Long> hits, Map<String, Long> misses) {
    public TenantTiers {
        hits = Map.copyOf(hits);
        misses = Map.copyOf(misses);
    }
}
