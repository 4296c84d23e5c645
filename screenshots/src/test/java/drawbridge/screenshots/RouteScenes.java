package drawbridge.screenshots;

import drawbridge.console.fake.FakeRoutes;
import drawbridge.console.screen.routes.TryViewModel;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.ReasonCount;
import drawbridge.model.view.RouteRule;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.WhatIfResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The routes of the pictures. */
final class RouteScenes {
    private RouteScenes() {}

    private static List<RouteRule> rules() {
        return List.of(
                FakeRoutes.rule("*", "/health/**", "STANDARD"),
                new RouteRule(
                        null, "POST", "/payments/{id}/refund", "STRICT", 60, "exact", "cookie"),
                FakeRoutes.rule("POST", "/payments/*", "ADVANCED"),
                FakeRoutes.rule("GET", "/payments/**", "ADVANCED"),
                new RouteRule(null, "*", "/app/**", "STANDARD", null, "prefix", "told"),
                FakeRoutes.rule("DELETE", "/account/**", "STRICT"),
                new RouteRule(null, "*", "/reports/**", "ADVANCED", 600, "exact", "told"));
    }

    private static RouteUses.Use use(long calls, long refused, ReasonCount... reasons) {
        List<Long> minutes = new ArrayList<>();
        List<Long> bad = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            minutes.add(Math.round(calls / 60.0 * (1 + 0.6 * Math.sin(i / 7.0 + calls))));
            bad.add(i % 9 == 0 ? refused / 7 : 0);
        }
        return new RouteUses.Use(calls, refused, List.of(reasons), minutes, bad);
    }

    private static ReasonCount why(String reason, String signal, long count) {
        return new ReasonCount(reason, signal, count);
    }

    /** Rules in force, traffic on them, and what a stricter rule would do. */
    static void busy(FakeRoutes routes) {
        routes.put(
                "default", "admin", "first rules", rules().subList(0, 4).toArray(RouteRule[]::new));
        routes.put(
                "default",
                "admin",
                "app and account",
                rules().subList(0, 6).toArray(RouteRule[]::new));
        routes.put("default", "admin", "reports need a device", rules().toArray(RouteRule[]::new));
        routes.caller(
                new CallerStrictness("clr_default", "default", "required", "STANDARD", "device"));
        routes.caller(
                new CallerStrictness("clr_2", "legacy-shop", "when-sent", "STANDARD", "device"));
        routes.caller(new CallerStrictness("clr_3", "billing", "required", "ADVANCED", "device"));
        routes.used("* /health/**", use(3_600, 0));
        routes.used(
                "POST /payments/{id}/refund",
                use(
                        182,
                        6,
                        why("signal_too_weak", "device", 4),
                        why("signal_differs", "agent", 2)));
        routes.used(
                "POST /payments/*",
                use(
                        4_310,
                        21,
                        why("signal_missing", "device", 14),
                        why("signal_differs", "ip", 7)));
        routes.used("GET /payments/**", use(18_442, 3, why("signal_differs", "device", 3)));
        routes.used("* /app/**", use(96_120, 41, why("signal_differs", "ip", 41)));
        routes.used("DELETE /account/**", use(12, 0));
        routes.used("* /reports/**", use(760, 0));
        routes.used("no_rule", use(1_204, 0));
        routes.used("not_told", use(38, 0));
        routes.used("ambiguous", use(4, 4));
        routes.effect(effect());
        routes.explain(explained());
    }

    /** Somebody else is quicker. */
    static void somebodyElse(FakeRoutes routes) {
        List<RouteRule> rules = new ArrayList<>(rules());
        rules.add(0, FakeRoutes.rule("*", "/admin/**", "STRICT"));
        routes.put("default", "admin", "admin pages are strict", rules.toArray(RouteRule[]::new));
    }

    private static WhatIfResult.Call call(int i, String signal, String reason) {
        List<String> users = List.of("usr-ana", "usr-bela", "usr-chidi", "usr-daria");
        return new WhatIfResult.Call(
                "req-%04d".formatted(i),
                Scenes.NOW.minusSeconds(31L * i + 4),
                i % 3 == 0 ? "legacy-shop" : "default",
                "POST /payments/" + (4_700 + 13 * i),
                3,
                "STRICT",
                reason,
                signal,
                "s-%06x".formatted(0x51c0 + 7 * i),
                users.get(i % users.size()),
                "198.51.%d.0/24".formatted(100 + i),
                signal.equals("device") ? null : "dev-1f0c9a2b",
                i % 2 == 0 ? "Firefox 146" : "okhttp/5");
    }

    private static WhatIfResult effect() {
        List<WhatIfResult.Call> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            calls.add(
                    i % 4 == 3
                            ? call(i, "agent", "signal_differs")
                            : call(i, "device", "signal_missing"));
        }
        List<ReasonCount> reasons =
                List.of(why("signal_missing", "device", 9), why("signal_differs", "agent", 3));
        return new WhatIfResult(
                3,
                48_211,
                Scenes.NOW.minusSeconds(1_720),
                Scenes.NOW,
                48_020,
                71,
                new WhatIfResult.Changes(12, reasons, 4, calls),
                new WhatIfResult.Changes(0, List.of(), 0, List.of()),
                new WhatIfResult.NotJudgeable(108, Map.of("no_session", 108L)),
                List.of(
                        new WhatIfResult.Line(1, 1_720, 0, 0, List.of()),
                        new WhatIfResult.Line(3, 4_310, 12, 0, reasons)),
                List.of());
    }

    private static ExplainedCall explained() {
        return new ExplainedCall(
                "default",
                "POST /payments/4739",
                "refused",
                "signal_differs",
                "agent",
                new ExplainedCall.Mode(
                        "STRICT",
                        "rule",
                        "STANDARD",
                        3,
                        "rule",
                        FakeRoutes.rule("POST", "/payments/*", "STRICT").at(3),
                        ""),
                List.of(
                        new ExplainedCall.Check("caller", "passed", null, null, "caller default"),
                        new ExplainedCall.Check(
                                "rate", "passed", null, null, "the route has no rate"),
                        new ExplainedCall.Check("session", "passed", null, null, ""),
                        new ExplainedCall.Check("state", "passed", null, null, ""),
                        new ExplainedCall.Check(
                                "ip", "passed", "198.51.100.0/24", "198.51.100.0/24", ""),
                        new ExplainedCall.Check(
                                "device", "passed", "dev-1f0c9a2b", "dev-1f0c9a2b", ""),
                        new ExplainedCall.Check(
                                "agent",
                                "differs",
                                "Firefox 146",
                                "okhttp/5",
                                "it is another one")),
                List.of("the user agent of the login"),
                List.of("STANDARD", "ADVANCED"));
    }

    /** A call that was pasted and judged. */
    static void tried(TryViewModel trial) {
        trial.fill(
                """
                {"method":"POST","path":"/payments/4739","session":"s-0051e3",
                 "ip":"198.51.100.7","user_agent":"okhttp/5"}
                """);
        trial.run();
    }
}
