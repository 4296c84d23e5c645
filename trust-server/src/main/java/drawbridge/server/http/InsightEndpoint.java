package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionRef;
import drawbridge.model.Signal;
import drawbridge.model.TenantId;
import drawbridge.server.bridge.BridgeCall;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.Explanation;
import drawbridge.server.bridge.Recent;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.RecentValidations;
import drawbridge.server.bridge.Trial;
import drawbridge.server.bridge.WhatIf;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.PolicySet;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.session.Found;
import drawbridge.server.session.Signals;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Why a call was answered as it was, and how recent calls would fare under other policies. */
final class InsightEndpoint {
    private static final int MOST_CALLERS = 200;
    private static final int MOST_LINE = 1_000;

    private final RequestReader reader;
    private final RecentValidations recent;
    private final Policies policies;
    private final Callers callers;
    private final Trials trials;

    /**
     * What a call is tried with that nobody made.
     *
     * @param sessions finds a session by its reference
     */
    record Trials(
            Trial trial,
            Devices devices,
            Function<SessionRef, Optional<Found>> sessions,
            Clock clock) {}

    InsightEndpoint(
            RequestReader reader,
            RecentValidations recent,
            Policies policies,
            Callers callers,
            Trials trials) {
        this.reader = reader;
        this.recent = recent;
        this.policies = policies;
        this.callers = callers;
        this.trials = trials;
    }

    // ---- what if ----

    void whatIf(Context ctx) {
        Body body = reader.body(ctx);
        PolicySet inForce = inForce(body);
        TenantId tenant = inForce.tenant();
        List<PolicyRule> rules =
                new ArrayList<>(PolicyJson.rules(body, "rules").orElse(inForce.rules()));
        body.object("change").ifPresent(change -> apply(change, rules));
        Map<String, Caller> asTried = callers(body, tenant);
        body.refuseOthers();
        WhatIf.Answer answer =
                WhatIf.of(
                        recent.judged(tenant),
                        proposed(inForce, rules),
                        caller -> asTried.getOrDefault(caller.id(), caller));
        ObjectNode json = Json.object();
        json.put("tenant", tenant.value());
        json.put("baseVersion", inForce.version());
        json.put("considered", answer.considered());
        json.put("from", answer.oldest() == null ? null : answer.oldest().toString());
        json.put("to", answer.newest() == null ? null : answer.newest().toString());
        json.put("trusted", answer.trusted());
        json.put("refused", answer.refused());
        json.set("newlyRefused", changes(answer.newlyRefused()));
        json.set("newlyTrusted", changes(answer.newlyTrusted()));
        ObjectNode unknown = json.putObject("notJudgeable");
        unknown.put(
                "total", answer.notJudgeable().values().stream().mapToLong(Long::longValue).sum());
        ObjectNode why = unknown.putObject("reasons");
        answer.notJudgeable().forEach(why::put);
        json.set("lines", lines(answer.lines()));
        json.set("warnings", PolicyJson.warnings(rules));
        Answers.json(ctx, 200, json);
    }

    /** One change to the rules: a rule put in before a line, in place of a line, or taken away. */
    private static void apply(Body change, List<PolicyRule> rules) {
        String what = change.needed(16, "what").toLowerCase(Locale.ROOT);
        boolean isNew = what.equals("insert");
        int most = isNew ? rules.size() + 1 : rules.size();
        int line =
                change.number("line", 1, MOST_LINE)
                        .orElseThrow(() -> change.wrong("line", "is missing; give a number"));
        if (line > most) {
            throw change.wrong("line", "there are only %d rules".formatted(rules.size()));
        }
        switch (what) {
            case "insert" -> rules.add(line - 1, rule(change));
            case "replace" -> rules.set(line - 1, rule(change));
            case "remove" -> rules.remove(line - 1);
            default -> throw change.wrong("what", "must be insert, replace or remove");
        }
        change.refuseOthers();
    }

    private static PolicyRule rule(Body change) {
        return PolicyJson.rule(
                change.object("rule").orElseThrow(() -> change.wrong("rule", "is missing")));
    }

    /** Callers as they are now, and those that the body changes as it says. */
    private Map<String, Caller> callers(Body body, TenantId tenant) {
        Map<String, Caller> known = new HashMap<>();
        for (CallerView view : callers.list(tenant)) {
            known.put(view.caller().id(), view.caller());
        }
        for (Body wanted : body.objects("callers", MOST_CALLERS).orElse(List.of())) {
            String id = wanted.needed(64, "id");
            Caller before = known.get(id);
            if (before == null) {
                throw wanted.wrong("id", "is no caller of this tenant");
            }
            known.put(id, CallerAdminEndpoint.changed(wanted, before));
            wanted.refuseOthers();
        }
        return known;
    }

    private static ArrayNode lines(List<WhatIf.ByLine> lines) {
        ArrayNode all = Json.object().putArray("lines");
        for (WhatIf.ByLine by : lines) {
            ObjectNode one = all.addObject();
            one.put("line", by.line());
            one.put("calls", by.calls());
            one.put("newlyRefused", by.newlyRefused());
            one.put("newlyTrusted", by.newlyTrusted());
            one.set("reasons", reasons(by.reasons()));
        }
        return all;
    }

    private static ArrayNode reasons(List<WhatIf.ByReason> reasons) {
        ArrayNode all = Json.object().putArray("reasons");
        for (WhatIf.ByReason by : reasons) {
            ObjectNode one = all.addObject();
            one.put("reason", by.reason());
            one.put("signal", by.signal().isEmpty() ? null : by.signal());
            one.put("count", by.count());
        }
        return all;
    }

    private static ArrayNode calls(List<WhatIf.One> calls) {
        ArrayNode all = Json.object().putArray("calls");
        for (WhatIf.One each : calls) {
            Judged call = each.call();
            Recent.Shown sent = call.sent();
            Reason reason = each.reason();
            Signal signal = each.signal();
            ObjectNode one = all.addObject();
            one.put("requestId", call.requestId());
            one.put("at", call.at().toString());
            one.put("caller", call.caller().name());
            one.put("route", call.route());
            one.put("line", each.ruling().decision().line());
            one.put("mode", each.ruling().mode().name());
            one.put("reason", reason == null ? null : reason.wireName());
            one.put("signal", signal == null ? null : signal.wireName());
            one.put("session", each.session().ref());
            one.put("userId", each.session().userId());
            one.put("network", sent.network() == null ? null : sent.network().toString());
            one.put("device", sent.device() == null ? null : sent.device().label());
            one.put("agent", sent.agent());
        }
        return all;
    }

    private static ObjectNode changes(WhatIf.Changes changes) {
        ObjectNode json = Json.object();
        json.put("total", changes.total());
        json.set("reasons", reasons(changes.reasons()));
        ArrayNode routes = json.putArray("routes");
        for (WhatIf.ByRoute by : changes.routes()) {
            ObjectNode one = routes.addObject();
            one.put("caller", by.caller());
            one.put("route", by.route());
            one.put("line", by.line());
            one.put("mode", by.mode());
            one.put("count", by.count());
            one.put("users", by.users());
            one.put("addresses", by.addresses());
        }
        ArrayNode users = json.putArray("users");
        for (WhatIf.ByUser by : changes.users()) {
            ObjectNode one = users.addObject();
            one.put("userId", by.userId());
            one.put("count", by.count());
        }
        json.put("usersInAll", changes.usersInAll());
        json.set("calls", calls(changes.calls()));
        return json;
    }

    /** The rules of the tenant that is asked about. */
    private PolicySet inForce(Body body) {
        TenantId tenant =
                body.text(64, "tenant")
                        .map(text -> CallerAdminEndpoint.tenant("tenant", text))
                        .orElse(TenantId.DEFAULT);
        return policies.inForce(tenant).orElseThrow(InsightEndpoint::unknown);
    }

    private static RouteTable proposed(PolicySet inForce, List<PolicyRule> rules) {
        return RouteTable.of(
                new PolicySet(
                        inForce.tenant(), inForce.version(), inForce.at(), "proposal", "", rules));
    }

    // ---- try it ----

    /** How a call would be judged that nobody made; nothing is left behind. */
    void tryOne(Context ctx) {
        Body body = reader.body(ctx);
        PolicySet inForce = inForce(body);
        TenantId tenant = inForce.tenant();
        List<PolicyRule> rules = PolicyJson.rules(body, "rules").orElse(inForce.rules());
        Caller caller = caller(body, tenant);
        Found found = session(body, tenant);
        BridgeCall call =
                new BridgeCall(
                        caller,
                        found == null ? null : found.session().key().id(),
                        signals(body, tenant, found),
                        body.text(16, "method").filter(text -> !text.isBlank()).orElse(null),
                        body.text(2048, "path")
                                .filter(text -> !text.isBlank())
                                .map(ValidateEndpoint::bare)
                                .orElse(null),
                        ValidateEndpoint.mode(body),
                        reader.requestId(ctx));
        body.refuseOthers();
        Judged judged =
                trials.trial().of(call, proposed(inForce, rules), found, trials.clock().instant());
        ObjectNode json = Json.object();
        ExplanationJson.put(json, judged);
        if (found == null) {
            json.putNull("verdict"); // without a session there is only the mode to tell
            json.putNull("reason");
        }
        ExplanationJson.put(
                json,
                found == null
                        ? new Explanation(List.of(), List.of(), List.of())
                        : Explanation.of(judged));
        Answers.json(ctx, 200, json);
    }

    /** The caller that would ask; the tenant's first when none is named. */
    private Caller caller(Body body, TenantId tenant) {
        Optional<String> id = body.text(64, "caller").filter(text -> !text.isBlank());
        List<CallerView> known = callers.list(tenant);
        return known.stream()
                .map(CallerView::caller)
                .filter(caller -> id.isEmpty() || caller.id().equals(id.get()))
                .findFirst()
                .orElseThrow(() ->
                        body.wrong(
                                "caller",
                                id.isEmpty()
                                        ? "is missing, and the tenant has none: create one first"
                                        : "is no caller of this tenant"));
    }

    private @Nullable Found session(Body body, TenantId tenant) {
        Optional<String> text = body.text(64, "session").filter(ref -> !ref.isBlank());
        if (text.isEmpty()) {
            return null;
        }
        return SessionRef.parse(text.get().strip())
                .flatMap(trials.sessions())
                .filter(found -> found.session().tenant().equals(tenant))
                .orElseThrow(() ->
                        body.wrong(
                                "session",
                                "is no session of this tenant; give its reference, never its id"));
    }

    /** As a back end reports them, or as they were recorded at the session's login. */
    private Signals signals(Body body, TenantId tenant, @Nullable Found found) {
        Signals told = ReportedSignals.of(body, tenant, trials.devices());
        Set<String> alike = body.texts("asAtLogin", Signal.values().length, 16).orElse(Set.of());
        Signals login = found == null ? Signals.NONE : found.session().recorded();
        for (String word : alike) {
            Signal signal =
                    Signal.parse(word)
                            .orElseThrow(() ->
                                    body.wrong("asAtLogin", "there are ip, device and agent"));
            told =
                    switch (signal) {
                        case IP ->
                                new Signals(login.ip(), told.device(), told.agent(), told.cookie());
                        case DEVICE ->
                                new Signals(
                                        told.ip(), login.device(), told.agent(), login.cookie());
                        case AGENT ->
                                new Signals(told.ip(), told.device(), login.agent(), told.cookie());
                    };
        }
        return told;
    }

    // ---- explain ----

    void explain(Context ctx) {
        List<Recent> found = recent.of(ctx.pathParam("requestId"));
        if (found.isEmpty()) {
            throw unknown();
        }
        Recent newest = found.getFirst();
        ObjectNode json = Json.object();
        json.put("requestId", newest.requestId());
        json.put("at", newest.at().toString());
        json.put("withThisId", found.size());
        switch (newest) {
            case Recent.TurnedAway away -> {
                json.put("caller", away.caller() == null ? null : away.caller().name());
                json.put("verdict", "refused");
                json.put(
                        "reason", away.caller() == null ? "unknown_caller" : "network_not_allowed");
            }
            case Judged judged -> ExplanationJson.put(json, judged);
        }
        ExplanationJson.put(json, Explanation.of(newest));
        Answers.json(ctx, 200, json);
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }
}
