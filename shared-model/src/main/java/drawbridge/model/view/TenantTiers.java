package drawbridge.model.view;

import java.util.Map;

/**
 * How the tiers served one tenant since the server started. Each map has an entry for every tier
 * there is, by its name.
 *
 * @param tenant its id; {@code (others)} for all beyond the first hundred that were asked for
 * @param hits by tier
 * @param misses by tier
 * @param p50Nanos median time of a tier being asked, to within a tenth; 0 while it was not
 * @param p99Nanos the same, 99th percentile
 */
public record TenantTiers(
        String tenant,
        Map<String, Long> hits,
        Map<String, Long> misses,
        Map<String, Long> p50Nanos,
        Map<String, Long> p99Nanos) {
    public TenantTiers {
        hits = Map.copyOf(hits);
        misses = Map.copyOf(misses);
        p50Nanos = Map.copyOf(p50Nanos);
        p99Nanos = Map.copyOf(p99Nanos);
    }
}
