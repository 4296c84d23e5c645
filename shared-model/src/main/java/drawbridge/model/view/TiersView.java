package drawbridge.model.view;

import java.util.List;

/**
 * What sessions are served from.
 *
 * @param tiers the nearest first; without Redis there are two
 * @param tenants how each tenant was served
 * @param warming how memory is filled at the start
 */
public record TiersView(List<TierView> tiers, List<TenantTiers> tenants, Warming warming) {
    public TiersView {
        tiers = List.copyOf(tiers);
        tenants = List.copyOf(tenants);
    }
}
