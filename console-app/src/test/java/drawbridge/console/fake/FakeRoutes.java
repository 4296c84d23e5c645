package drawbridge.console.fake;

import drawbridge.console.client.Reply;
import drawbridge.console.client.RouteCalls;
import drawbridge.model.Problem;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.Page;
import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.PolicyFile;
import drawbridge.model.view.PolicyVersionRow;
import drawbridge.model.view.RoutePolicies;
import drawbridge.model.view.RouteRule;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.TriedCall;
import drawbridge.model.view.WhatIfResult;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Route policies in memory, of any tenant. Rules are taken as they are, but for a pattern without a
 * slash at its beginning, which is refused as a server does. Safe for many threads.
 */
public final class FakeRoutes implements RouteCalls {
    private static final RouteUses.Use NONE =
            new RouteUses.Use(
                    0, 0, List.of(), Collections.nCopies(60, 0L), Collections.nCopies(60, 0L));
    private static final WhatIfResult.Changes NO_CHANGES =
            new WhatIfResult.Changes(0, List.of(), 0, List.of());

    private final Clock clock;
    private final Map<String, List<RoutePolicies>> versions = new HashMap<>();
    private final Map<String, RouteUses.Use> uses = new HashMap<>();
    private final List<TenantName> tenants = new ArrayList<>();
    private final List<CallerStrictness> callers = new ArrayList<>();
    private @Nullable WhatIfResult effect;
    private @Nullable ExplainedCall explained;
    private @Nullable TriedCall tried;
    private @Nullable String silence;
    private int whatIfs;

    FakeRoutes(Clock clock) {
        this.clock = clock;
        tenants.add(new TenantName("default", "Default"));
    }

    /** A rule with what most rules have. */
    public static RouteRule rule(String method, String pattern, String mode) {
        return new RouteRule(null, method, pattern, mode, null, "exact", "told");
    }

    /** Puts rules in force, as somebody else would. */
    public synchronized void put(String tenant, String by, String note, RouteRule... rules) {
        replaced(tenant, List.of(rules), by, note);
    }

    /** What was counted of that route in the last hour. */
    public synchronized void used(String route, RouteUses.Use use) {
        uses.put(route, use);
    }

    /** One more tenant. */
    public synchronized void tenant(TenantName name) {
        tenants.add(name);
    }

    /** One more caller, of every tenant. */
    public synchronized void caller(CallerStrictness caller) {
        callers.add(caller);
    }

    /** What every proposal would do. */
    public synchronized void effect(WhatIfResult result) {
        effect = result;
    }

    /** How every call is judged. */
    public synchronized void explain(ExplainedCall call) {
        explained = call;
    }

    /** From now on nothing is answered; null ends that. */
    public synchronized void fallSilent(@Nullable String why) {
        silence = why;
    }

    /** The call that was tried last. */
    public synchronized @Nullable TriedCall tried() {
        return tried;
    }

    /** How often a proposal was judged. */
    public synchronized int whatIfs() {
        return whatIfs;
    }

    /** What is in force. */
    public synchronized RoutePolicies inForce(String tenant) {
        List<RoutePolicies> all = versions.getOrDefault(tenant, List.of());
        return all.isEmpty()
                ? new RoutePolicies(tenant, 0, null, "server", "", List.of(), List.of())
                : all.getLast();
    }

    private RoutePolicies replaced(String tenant, List<RouteRule> rules, String by, String note) {
        List<RouteRule> numbered = new ArrayList<>();
        rules.forEach(rule -> numbered.add(rule.at(numbered.size() + 1)));
        List<RoutePolicies> all = versions.computeIfAbsent(tenant, _ -> new ArrayList<>());
        RoutePolicies fresh =
                new RoutePolicies(
                        tenant, all.size() + 1, clock.instant(), by, note, numbered, List.of());
        all.add(fresh);
        return fresh;
    }

    private <T> Optional<Reply<T>> trouble(String tried) {
        return silence == null
                ? Optional.empty()
                : Optional.of(new Reply.Unreachable<>(tried, silence));
    }

    private static <T> Optional<Reply<T>> refusal(List<RouteRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            if (!rules.get(i).pattern().startsWith("/")) {
                String field = "rules[" + i + "].pattern";
                String text = field + ": must begin with a slash";
                return Optional.of(
                        new Reply.Rejected<>(
                                400,
                                new Problem(false, text, text, "INVALID_FIELD", field, "req-1")));
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized Reply<Page<TenantName>> tenants() {
        return new Reply.Done<>(new Page<>(tenants, null, tenants.size()));
    }

    @Override
    public synchronized Reply<Page<CallerStrictness>> callers(String tenant) {
        return new Reply.Done<>(new Page<>(callers, null, callers.size()));
    }

    @Override
    public synchronized Reply<RoutePolicies> policies(String tenant) {
        Optional<Reply<RoutePolicies>> trouble = trouble("GET /v1/policies");
        return trouble.orElseGet(() -> new Reply.Done<>(inForce(tenant)));
    }

    @Override
    public synchronized Reply<RouteUses> use(String tenant) {
        RoutePolicies now = inForce(tenant);
        return new Reply.Done<>(
                new RouteUses(
                        tenant,
                        now.version(),
                        clock.instant(),
                        now.rules().stream()
                                .map(rule -> uses.getOrDefault(rule.route(), NONE))
                                .toList(),
                        new RouteUses.WithoutRule(
                                uses.getOrDefault("no_rule", NONE),
                                uses.getOrDefault("not_told", NONE),
                                uses.getOrDefault("ambiguous", NONE))));
    }

    @Override
    public synchronized Reply<Page<PolicyVersionRow>> versions(String tenant) {
        List<RoutePolicies> all = versions.getOrDefault(tenant, List.of());
        List<PolicyVersionRow> rows = new ArrayList<>();
        for (RoutePolicies each : all.reversed()) {
            rows.add(
                    new PolicyVersionRow(
                            each.version(),
                            each.at() == null ? clock.instant() : each.at(),
                            each.by(),
                            each.note(),
                            each.rules().size(),
                            each.version() == all.size()));
        }
        return new Reply.Done<>(new Page<>(rows, null, rows.size()));
    }

    @Override
    public synchronized Reply<RoutePolicies> version(String tenant, int version) {
        return new Reply.Done<>(versions.getOrDefault(tenant, List.of()).get(version - 1));
    }

    @Override
    public synchronized Reply<PolicyDifference> difference(String tenant, int from, int to) {
        List<RoutePolicies> all = versions.getOrDefault(tenant, List.of());
        return new Reply.Done<>(
                between(
                        from == 0 ? List.of() : all.get(from - 1).rules(),
                        all.get(to - 1).rules()));
    }

    @Override
    public synchronized Reply<PolicyDifference> difference(
            String tenant, List<RouteRule> proposal) {
        return new Reply.Done<>(between(inForce(tenant).rules(), proposal));
    }

    private static PolicyDifference between(List<RouteRule> from, List<RouteRule> to) {
        List<PolicyDifference.Change> changes = new ArrayList<>();
        for (RouteRule was : from) {
            if (to.stream().noneMatch(is -> is.route().equals(was.route()))) {
                changes.add(new PolicyDifference.Change("removed", was, null));
            }
        }
        for (RouteRule is : to) {
            from.stream()
                    .filter(was -> was.route().equals(is.route()))
                    .findFirst()
                    .ifPresentOrElse(
                            was -> {
                                if (!was.at(null).equals(is.at(null))) {
                                    changes.add(new PolicyDifference.Change("changed", was, is));
                                }
                            },
                            () -> changes.add(new PolicyDifference.Change("added", null, is)));
        }
        return new PolicyDifference(changes);
    }

    @Override
    public synchronized Reply<WhatIfResult> whatIf(String tenant, List<RouteRule> proposal) {
        whatIfs++;
        Optional<Reply<WhatIfResult>> trouble = trouble("POST /v1/whatif");
        return trouble.or(() -> refusal(proposal))
                .orElseGet(() ->
                        new Reply.Done<>(
                                effect == null
                                        ? new WhatIfResult(
                                                inForce(tenant).version(),
                                                0,
                                                null,
                                                null,
                                                0,
                                                0,
                                                NO_CHANGES,
                                                NO_CHANGES,
                                                new WhatIfResult.NotJudgeable(0, Map.of()),
                                                List.of(),
                                                List.of())
                                        : effect));
    }

    @Override
    public synchronized Reply<RoutePolicies> replace(
            String tenant, int base, List<RouteRule> rules, String note) {
        Optional<Reply<RoutePolicies>> trouble = trouble("PUT /v1/policies");
        return trouble.or(() -> conflict(tenant, base))
                .or(() -> refusal(rules))
                .orElseGet(() -> new Reply.Done<>(replaced(tenant, rules, "admin", note)));
    }

    private Optional<Reply<RoutePolicies>> conflict(String tenant, int base) {
        int version = inForce(tenant).version();
        if (version == base) {
            return Optional.empty();
        }
        String text = "version %d is in force by now".formatted(version);
        return Optional.of(
                new Reply.Rejected<>(
                        409, new Problem(false, text, text, "VERSION_CONFLICT", null, "req-2")));
    }

    @Override
    public synchronized Reply<RoutePolicies> restore(String tenant, int base, int version) {
        return conflict(tenant, base)
                .orElseGet(() ->
                        new Reply.Done<>(
                                replaced(
                                        tenant,
                                        versions.getOrDefault(tenant, List.of())
                                                .get(version - 1)
                                                .rules(),
                                        "admin",
                                        "version " + version + " restored")));
    }

    @Override
    public synchronized Reply<PolicyFile> export(String tenant) {
        RoutePolicies now = inForce(tenant);
        return new Reply.Done<>(
                new PolicyFile(
                        PolicyFile.FORMAT,
                        tenant,
                        now.version(),
                        now.rules().stream().map(rule -> rule.at(null)).toList()));
    }

    @Override
    public synchronized Reply<ExplainedCall> tryCall(TriedCall call) {
        tried = call;
        return explain("");
    }

    @Override
    public synchronized Reply<ExplainedCall> explain(String requestId) {
        Optional<Reply<ExplainedCall>> trouble = trouble("GET /v1/explain/…");
        return trouble.orElseGet(() ->
                new Reply.Done<>(
                        explained == null
                                ? new ExplainedCall(
                                        null, null, null, null, null, null, List.of(), List.of(),
                                        List.of())
                                : explained));
    }
}
