package drawbridge.server.policy;

import drawbridge.model.TenantId;
import drawbridge.model.event.ServerEvent;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.event.EventHub;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The route policies of all tenants. A change is one transaction with its audit row, and in force
 * for every validation that begins after it was answered. Safe for many threads; asking for a table
 * is one volatile read, and one look into a map where the tenant has no policies.
 */
public final class Policies {
    /** How a change ended. */
    public sealed interface Outcome {
        /** It is in force. */
        record Done(PolicySet policies) implements Outcome {}

        /** The rules are in force already; the version they have. */
        record Unchanged(PolicySet policies) implements Outcome {}

        /** Another version than the one it starts from is in force. */
        record Conflict(int inForce) implements Outcome {}

        /** There is no such tenant, or no such version. */
        record Unknown() implements Outcome {}
    }

    private record Applied(Outcome outcome, By by) {}

    private final DatabasePolicyStore store;
    private final Database database;
    private final DatabaseAuditLog audit;
    private final EventHub events;
    private final Clock clock;
    private volatile Map<TenantId, RouteTable> tables;

    /** For tenants without policies: there is nothing in them but what their calls count. */
    private final ConcurrentHashMap<TenantId, RouteTable> withoutRules = new ConcurrentHashMap<>();

    /** Reads what is in force. */
    public Policies(
            DatabasePolicyStore store,
            Database database,
            DatabaseAuditLog audit,
            EventHub events,
            Clock clock) {
        this.store = store;
        this.database = database;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
        this.tables = read(Map.of());
    }

    /** What is in force, with the rates of what was before and goes on. */
    private Map<TenantId, RouteTable> read(Map<TenantId, RouteTable> before) {
        Map<TenantId, RouteTable> read = new HashMap<>();
        for (PolicySet set : store.allInForce()) {
            RouteTable known = before.get(set.tenant());
            boolean isSame = known != null && known.policies().version() == set.version();
            read.put(
                    set.tenant(),
                    isSame && known != null
                            ? known
                            : RouteTable.of(set)
                                    .after(known == null ? withoutRules(set.tenant()) : known));
        }
        return Map.copyOf(read);
    }

    /** Reads afresh what is in force, since any node may have changed it. For one thread. */
    public void reload() {
        tables = read(tables);
    }

    /** What validations of that tenant are asked by now. */
    public RouteTable table(TenantId tenant) {
        RouteTable table = tables.get(tenant);
        return table == null ? withoutRules(tenant) : table;
    }

    private RouteTable withoutRules(TenantId tenant) {
        RouteTable known = withoutRules.get(tenant);
        return known == null
                ? withoutRules.computeIfAbsent(tenant, t -> RouteTable.of(PolicySet.none(t)))
                : known;
    }

    /** One for each tenant of which anything is counted. */
    List<RouteTable> tables() {
        Map<TenantId, RouteTable> all = new HashMap<>(withoutRules);
        all.putAll(tables); // such a table goes on counting where that one was
        return List.copyOf(all.values());
    }

    /** Up to {@code most} limits that are not full at that time. */
    List<RouteSharing.Used> used(int most, long now) {
        List<RouteSharing.Used> used = new ArrayList<>();
        tables.values().forEach(table -> table.collectUsed(used, most, now));
        return used;
    }

    /** The policies in force; empty when there is no such tenant. */
    public Optional<PolicySet> inForce(TenantId tenant) {
        RouteTable table = tables.get(tenant);
        if (table != null) {
            return Optional.of(table.policies());
        }
        return store.hasTenant(tenant) ? Optional.of(PolicySet.none(tenant)) : Optional.empty();
    }

    /** Any version; empty when there is none of that number. Version 0 has no rules. */
    public Optional<PolicySet> version(TenantId tenant, int version) {
        return version == 0 ? Optional.of(PolicySet.none(tenant)) : store.find(tenant, version);
    }

    /** The newest versions, the newest first. */
    public List<DatabasePolicyStore.Version> versions(TenantId tenant, int limit) {
        return store.versions(tenant, limit);
    }

    /**
     * Makes a new version of these rules.
     *
     * @param base the version the change starts from; another one in force is a conflict
     */
    public Outcome change(TenantId tenant, int base, List<PolicyRule> rules, String note, By by) {
        return write(
                tenant,
                handle -> change(handle, tenant, base, rules, note, "policy.changed", by),
                by);
    }

    /** The same, of rules from a file; those that are in force already make no version. */
    public Outcome importRules(TenantId tenant, int base, List<PolicyRule> rules, By by) {
        return write(
                tenant,
                handle -> {
                    int inForce = DatabasePolicyStore.latest(handle, tenant);
                    PolicySet now =
                            DatabasePolicyStore.find(handle, tenant, inForce)
                                    .orElseGet(() -> PolicySet.none(tenant));
                    if (inForce == base
                            && now.rules().equals(rules)
                            && DatabasePolicyStore.hasTenant(handle, tenant)) {
                        RevocationLog.restOnAll(handle); // they may be in force since a moment ago
                        return new Outcome.Unchanged(now);
                    }
                    return change(handle, tenant, base, rules, "imported", "policy.changed", by);
                },
                by);
    }

    /** Makes a new version with the rules of an old one. */
    public Outcome restore(TenantId tenant, int base, int version, By by) {
        return write(
                tenant,
                handle ->
                        DatabasePolicyStore.find(handle, tenant, version)
                                .map(old ->
                                        change(
                                                handle,
                                                tenant,
                                                base,
                                                old.rules(),
                                                "version " + version + " restored",
                                                "policy.restored",
                                                by))
                                .orElseGet(Outcome.Unknown::new),
                by);
    }

    /** Holds nothing of a tenant that is deleted any more. */
    public void forget(TenantId tenant) {
        if (database.isShared()) {
            return; // what is read next is without it
        }
        database.write(
                DataScope.of(tenant),
                "forgetting the policies of a deleted tenant",
                handle -> true,
                done -> {
                    Map<TenantId, RouteTable> next = new HashMap<>(tables);
                    next.remove(tenant);
                    tables = Map.copyOf(next);
                });
    }

    private Outcome write(TenantId tenant, Function<Handle, Outcome> work, By by) {
        return database.write(
                        DataScope.of(tenant),
                        "changing the policies",
                        handle -> new Applied(work.apply(handle), by),
                        this::committed)
                .outcome();
    }

    private Outcome change(
            Handle handle,
            TenantId tenant,
            int base,
            List<PolicyRule> rules,
            String note,
            String kind,
            By by) {
        if (!DatabasePolicyStore.hasTenant(handle, tenant)) {
            return new Outcome.Unknown();
        }
        int inForce = DatabasePolicyStore.latest(handle, tenant);
        if (inForce != base) {
            return new Outcome.Conflict(inForce);
        }
        List<PolicyRule> before =
                DatabasePolicyStore.find(handle, tenant, inForce)
                        .map(PolicySet::rules)
                        .orElse(List.of());
        Instant now = clock.instant();
        PolicySet set = new PolicySet(tenant, inForce + 1, now, by.actor(), note, rules);
        DatabasePolicyStore.insert(handle, set);
        RevocationLog.appendSettings(handle, SharedSettings.POLICIES, tenant, now, by.actor());
        audit.append(
                handle,
                AuditEntry.of(tenant, now, kind, by.actor())
                        .because(note, null)
                        .request(by.requestId())
                        .detail(
                                "version=%d rules=%d differences=%d"
                                        .formatted(
                                                set.version(),
                                                rules.size(),
                                                PolicyDiff.between(before, rules).size())));
        return new Outcome.Done(set);
    }

    /** On the writer's thread, after the commit and before the answer. */
    private void committed(Applied applied) {
        if (!(applied.outcome() instanceof Outcome.Done(PolicySet set))) {
            return;
        }
        if (!database.isShared()) { // else it is read when the row comes by the log
            Map<TenantId, RouteTable> next = new HashMap<>(tables);
            next.put(set.tenant(), RouteTable.of(set).after(table(set.tenant())));
            tables = Map.copyOf(next);
        }
        events.publish((seq, at) ->
                new ServerEvent.PolicyChanged(
                        seq,
                        at,
                        set.tenant().value(),
                        set.version(),
                        set.rules().size(),
                        applied.by().actor()));
    }
}
