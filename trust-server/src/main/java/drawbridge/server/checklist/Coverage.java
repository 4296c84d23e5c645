package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.CoverageView;
import drawbridge.model.view.PolicyCoverage;
import drawbridge.model.view.PolicyCoverage.PolicyCaller;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.RecentValidations;
import drawbridge.server.policy.DatabaseRouteUse;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.policy.RouteTable.Why;
import drawbridge.server.tenant.Tenants;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What covers every endpoint and every route policy. Safe for many threads. */
public final class Coverage {
    private final Tries tries;
    private final Tenants tenants;
    private final Policies policies;
    private final DatabaseRouteUse routeUse;
    private final RecentValidations recent;
    private final Clock clock;

    Coverage(
            Tries tries,
            Tenants tenants,
            Policies policies,
            DatabaseRouteUse routeUse,
            RecentValidations recent,
            Clock clock) {
        this.tries = tries;
        this.tenants = tenants;
        this.policies = policies;
        this.routeUse = routeUse;
        this.recent = recent;
        this.clock = clock;
    }

    /** Both tables; empty when there is no such tenant. */
    public Optional<CoverageView> of(TenantId tenant) {
        if (tenants.find(tenant).isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return Optional.of(
                new CoverageView(tenant.value(), now, tries.proven(), policies(tenant, now)));
    }

    private static final class Sent {
        private final String name;
        private long calls;
        private long complete;
        private final TreeSet<String> lacks = new TreeSet<>();

        Sent(String name) {
            this.name = name;
        }
    }

    private List<PolicyCoverage> policies(TenantId tenant, Instant now) {
        RouteTable table = policies.table(tenant);
        List<PolicyRule> rules = table.policies().rules();
        Map<Integer, Map<String, Sent>> byLine = new HashMap<>();
        for (Judged call : recent.judged(tenant)) {
            if (call.ruling().decision().version() == table.policies().version()) {
                count(call, byLine);
            }
        }
        DatabaseRouteUse.Hours hours = routeUse.hours(tenant, table, now);
        List<PolicyCoverage> rows = new ArrayList<>();
        for (int line = 1; line <= rules.size(); line++) {
            PolicyRule rule = rules.get(line - 1);
            boolean asksDevice = rule.mode() != ValidationMode.STANDARD;
            rows.add(
                    new PolicyCoverage(
                            line,
                            rule.route(),
                            rule.mode().name(),
                            rule.ratePerMinute(),
                            asksDevice ? rule.leastEvidence().wireName() : "not_asked",
                            rule.ipMatch().wireName(),
                            hours.rules().get(line - 1).total(),
                            callers(byLine.getOrDefault(line, Map.of()))));
        }
        long unruled =
                hours.withoutRule(Why.NO_RULE).total()
                        + hours.withoutRule(Why.NOT_TOLD).total()
                        + hours.withoutRule(Why.AMBIGUOUS).total();
        rows.add(
                new PolicyCoverage(
                        0,
                        "",
                        "",
                        null,
                        "told",
                        "exact",
                        unruled,
                        callers(byLine.getOrDefault(0, Map.of()))));
        return rows;
    }

    private static void count(Judged call, Map<Integer, Map<String, Sent>> byLine) {
        Sent sent =
                byLine.computeIfAbsent(call.ruling().decision().line(), _ -> new TreeMap<>())
                        .computeIfAbsent(call.caller().id(), _ -> new Sent(call.caller().name()));
        List<String> lacks = lacks(call);
        sent.calls++;
        if (lacks.isEmpty()) {
            sent.complete++;
        }
        sent.lacks.addAll(lacks);
    }

    /** What of the signals that its mode compares a call did not carry. */
    private static List<String> lacks(Judged call) {
        ValidationMode mode = call.ruling().mode();
        boolean isAgentForDevice = call.caller().advancedMeans() == AdvancedMeans.AGENT;
        List<String> lacks = new ArrayList<>();
        if (call.sent().network() == null) {
            lacks.add("ip");
        }
        boolean asksDevice =
                mode == ValidationMode.STRICT
                        || (mode == ValidationMode.ADVANCED && !isAgentForDevice);
        if (asksDevice && call.sent().device() == null) {
            lacks.add("device");
        }
        boolean asksAgent =
                mode == ValidationMode.STRICT
                        || (mode == ValidationMode.ADVANCED && isAgentForDevice);
        if (asksAgent && call.sent().agent() == null) {
            lacks.add("agent");
        }
        return lacks;
    }

    private static List<PolicyCaller> callers(Map<String, Sent> byId) {
        return byId.entrySet().stream()
                .map(each ->
                        new PolicyCaller(
                                each.getKey(),
                                each.getValue().name,
                                each.getValue().calls,
                                each.getValue().complete,
                                List.copyOf(each.getValue().lacks)))
                .sorted((one, other) ->
                        one.name()
                                .toLowerCase(Locale.ROOT)
                                .compareTo(other.name().toLowerCase(Locale.ROOT)))
                .toList();
    }
}
