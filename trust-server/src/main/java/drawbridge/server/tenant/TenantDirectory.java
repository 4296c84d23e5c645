package drawbridge.server.tenant;

import drawbridge.model.TenantId;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The tenants as every request looks them up, without the database. Changed between commit and
 * answer, so that a suspension that was answered holds for whatever begins later. Safe for many
 * threads.
 */
public final class TenantDirectory {
    private record Known(Map<TenantId, Tenant> byId, Map<String, TenantId> byHost) {}

    private final AtomicReference<Known> known =
            new AtomicReference<>(new Known(Map.of(), Map.of()));

    /** The tenant with that id. */
    public Optional<Tenant> find(TenantId id) {
        return Optional.ofNullable(known.get().byId().get(id));
    }

    /** The tenant that is meant under a host name, which is in lower case and has no port. */
    public Optional<TenantId> ofHost(String host) {
        return Optional.ofNullable(known.get().byHost().get(host));
    }

    /** From now on exactly these are known. */
    void replace(List<Tenant> tenants) {
        Map<TenantId, Tenant> all = new HashMap<>();
        tenants.forEach(tenant -> all.put(tenant.id(), tenant));
        known.set(of(all));
    }

    /** Adds a tenant, or puts it in the place of what it was before. */
    void put(Tenant tenant) {
        known.updateAndGet(old -> {
            Map<TenantId, Tenant> all = new HashMap<>(old.byId());
            all.put(tenant.id(), tenant);
            return of(all);
        });
    }

    /** Knows it no more. */
    void remove(TenantId id) {
        known.updateAndGet(old -> {
            Map<TenantId, Tenant> all = new HashMap<>(old.byId());
            all.remove(id);
            return of(all);
        });
    }

    private static Known of(Map<TenantId, Tenant> all) {
        Map<String, TenantId> hosts = new HashMap<>();
        all.values()
                .forEach(tenant ->
                        tenant.reach().hosts().forEach(host -> hosts.put(host, tenant.id())));
        return new Known(Map.copyOf(all), Map.copyOf(hosts));
    }
}
