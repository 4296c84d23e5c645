package drawbridge.screenshots;

import drawbridge.console.fake.FakeChecklist;
import drawbridge.model.Practice;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ChecklistItem;
import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.CoverageView;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.model.view.PolicyCoverage;
import drawbridge.model.view.PolicyCoverage.PolicyCaller;
import drawbridge.model.view.SecretHit;
import drawbridge.model.view.SecretScan;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The checklist of the pictures. */
final class ChecklistScenes {
    private static final Instant JUDGED = Scenes.NOW.minusSeconds(3);
    private static final Instant TRIED = Scenes.NOW.minus(Duration.ofMinutes(26));

    private ChecklistScenes() {}

    private static ChecklistEvidence evidence(
            String code, String verdict, String what, String mend) {
        return new ChecklistEvidence(code, verdict, what, mend, null, null, null, null);
    }

    private static ChecklistItem item(
            Practice practice, String verdict, boolean isTried, ChecklistEvidence... evidence) {
        @Nullable Instant tried = isTried ? TRIED : null;
        return new ChecklistItem(practice.wireName(), verdict, List.of(evidence), JUDGED, tried);
    }

    private static List<ChecklistItem> items() {
        List<ChecklistItem> items = new ArrayList<>();
        items.add(
                item(
                        Practice.SECRETS,
                        "pass",
                        false,
                        evidence(
                                "searched",
                                "pass",
                                "no live secret in the server's own logs: 3 files and 0 git objects looked through",
                                ""),
                        evidence(
                                "in_time",
                                "pass",
                                "admin token, master key and signing key are not overdue",
                                "")));
        items.add(
                item(
                        Practice.AUTHENTICATION,
                        "warn",
                        true,
                        evidence(
                                "signals_when_sent",
                                "warn",
                                "legacy-portal may leave signals out, and then nothing is compared: whoever has the session id has the session",
                                "secrets"),
                        evidence(
                                "registration_tells",
                                "warn",
                                "whoever registers is told whether an address has an account; with e-mail verification on, both are answered alike",
                                "settings"),
                        evidence(
                                "endpoints_refuse",
                                "pass",
                                "148 endpoints that ask who is there refused 767 calls: missing, malformed, unknown, expired and foreign credentials, and pages",
                                "")));
        items.add(
                item(
                        Practice.ROW_SECURITY,
                        "pass",
                        false,
                        evidence(
                                "walls_hold",
                                "pass",
                                "row-level security is forced on every table, and 176 statements without a tenant, the four commands on each of 22 tables, were refused",
                                "")));
        items.add(
                item(
                        Practice.LEAST_PRIVILEGE,
                        "warn",
                        false,
                        evidence(
                                "right_unused",
                                "warn",
                                "checkout has not used issue-token for 30 days",
                                "secrets"),
                        evidence(
                                "folder_closed",
                                "pass",
                                "the data folder is open to drawbridge only",
                                "")));
        items.add(
                item(
                        Practice.RATE_LIMITS,
                        "pass",
                        true,
                        evidence(
                                "limit_holds",
                                "pass",
                                "11 calls from one address to POST /auth/login within a second ended with 429",
                                "")));
        items.add(
                item(
                        Practice.CENTRAL_LOGS,
                        "warn",
                        false,
                        evidence(
                                "logs_stay_here",
                                "warn",
                                "logs stay on this machine: whoever takes it over can rewrite them",
                                "server")));
        items.add(
                item(
                        Practice.INPUT,
                        "pass",
                        true,
                        evidence(
                                "bounded",
                                "pass",
                                "a body has at most 64 KiB and 10 s, and its fields a type and a length each",
                                "")));
        items.add(
                item(
                        Practice.BROWSERS,
                        "pass",
                        true,
                        evidence(
                                "exact_origins",
                                "pass",
                                "pages of exactly these may call: https://app.acme.example",
                                "")));
        items.add(
                item(
                        Practice.MONITORING,
                        "pass",
                        false,
                        evidence("rules_watch", "pass", "10 alert rules are on", "")));
        items.add(
                item(
                        Practice.LEFTOVERS,
                        "not_applicable",
                        false,
                        evidence(
                                "pooled",
                                "not_applicable",
                                "4 pooled connections read, none of them now, and one writes; none carries a tenant over",
                                "")));
        return items;
    }

    private static ChecklistView view(List<ChecklistItem> items, String verdict, int kept) {
        return new ChecklistView("default", JUDGED, verdict, kept, TRIED, false, items);
    }

    /** Three items to look at. */
    static void weak(FakeChecklist checklist) {
        checklist.checklist(view(items(), "warn", 7));
        checklist.coverage(coverage());
    }

    /** A secret in a repository, and an endpoint that answers everybody. */
    static void failing(FakeChecklist checklist) {
        List<ChecklistItem> items = items();
        items.set(
                0,
                item(
                        Practice.SECRETS,
                        "fail",
                        false,
                        evidence(
                                "secret_in_files",
                                "fail",
                                "the bridge secret of checkout, version 3 stands in deploy/production.env line 14, brought by commit 9f3c1e07ab, and still opens what it is for",
                                "scan")));
        items.set(
                1,
                item(
                        Practice.AUTHENTICATION,
                        "fail",
                        true,
                        evidence(
                                "drill_open",
                                "fail",
                                "the drill revocation_window got through on 2026-03-01T09:12:00Z",
                                "threats")));
        checklist.checklist(view(items, "fail", 6));
        checklist.coverage(coverage());
        found(checklist);
    }

    private static EndpointCoverage endpoint(
            String listener,
            String route,
            String access,
            String limiter,
            @Nullable Integer rate,
            String schema,
            String proof,
            int attempts) {
        String[] parts = route.split(" ", 2);
        return new EndpointCoverage(
                listener,
                parts[0],
                parts[1],
                access,
                limiter,
                rate,
                schema,
                schema.equals("nothing") ? 0 : 65_536,
                access.equals("bridge") || access.equals("operator") ? "none" : "exact_origins",
                proof,
                attempts);
    }

    private static CoverageView coverage() {
        List<EndpointCoverage> endpoints = new ArrayList<>();
        endpoints.add(
                endpoint(
                        "public",
                        "POST /auth/register",
                        "anybody",
                        "hashing",
                        5,
                        "fields",
                        "open",
                        0));
        endpoints.add(
                endpoint(
                        "public",
                        "POST /auth/login",
                        "anybody",
                        "authentication",
                        10,
                        "fields",
                        "open",
                        0));
        endpoints.add(
                endpoint(
                        "public",
                        "POST /auth/logout",
                        "session",
                        "requests",
                        600,
                        "nothing",
                        "refused",
                        6));
        endpoints.add(
                endpoint(
                        "public",
                        "POST /auth/bridge/validate",
                        "bridge",
                        "wrong_secrets",
                        60,
                        "fields",
                        "refused",
                        5));
        endpoints.add(
                endpoint(
                        "public",
                        "GET /auth/users",
                        "tenant_admin",
                        "requests",
                        600,
                        "nothing",
                        "refused",
                        6));
        endpoints.add(
                endpoint(
                        "public",
                        "POST /auth/confirm",
                        "anybody",
                        "requests",
                        600,
                        "form",
                        "open",
                        0));
        for (String route :
                List.of(
                        "GET /v1/snapshot",
                        "GET /v1/sessions",
                        "POST /v1/sessions/{ref}/revoke",
                        "POST /v1/callers",
                        "PUT /v1/policies",
                        "POST /v1/stop")) {
            endpoints.add(
                    endpoint(
                            "admin",
                            route,
                            "operator",
                            "operator_key",
                            null,
                            route.startsWith("GET") ? "nothing" : "fields",
                            "refused",
                            5));
        }
        List<PolicyCoverage> policies =
                List.of(
                        new PolicyCoverage(
                                1,
                                "POST /payments/**",
                                "STRICT",
                                60,
                                "cookie",
                                "exact",
                                4_310,
                                List.of(
                                        new PolicyCaller(
                                                "clr_a", "checkout", 4_310, 4_310, List.of()))),
                        new PolicyCoverage(
                                2,
                                "* /account/**",
                                "ADVANCED",
                                null,
                                "told",
                                "prefix",
                                1_902,
                                List.of(
                                        new PolicyCaller(
                                                "clr_a", "checkout", 1_200, 1_200, List.of()),
                                        new PolicyCaller(
                                                "clr_b",
                                                "legacy-portal",
                                                702,
                                                611,
                                                List.of("device")))),
                        new PolicyCoverage(
                                3,
                                "GET /catalog/**",
                                "STANDARD",
                                null,
                                "not_asked",
                                "exact",
                                0,
                                List.of()),
                        new PolicyCoverage(
                                0,
                                "",
                                "",
                                null,
                                "told",
                                "exact",
                                17,
                                List.of(
                                        new PolicyCaller(
                                                "clr_b", "legacy-portal", 17, 17, List.of()))));
        return new CoverageView("default", JUDGED, endpoints, policies);
    }

    private static SecretScan scan(
            String state, @Nullable Instant ended, String now, List<SecretHit> hits) {
        return new SecretScan(
                state,
                "/srv/shop",
                Scenes.NOW.minusSeconds(41),
                ended,
                1_284,
                40_912,
                312_000_000,
                37,
                now,
                "",
                hits);
    }

    /** Three places: one live secret, one live session, one that was burned since. */
    static void found(FakeChecklist checklist) {
        if (checklist.checklist("default") instanceof drawbridge.console.client.Reply.Rejected<?>) {
            weak(checklist);
        }
        checklist.scan(
                scan(
                        "ended",
                        Scenes.NOW.minusSeconds(9),
                        "",
                        List.of(
                                new SecretHit(
                                        "bridge_secret",
                                        "the bridge secret of checkout, version 3",
                                        true,
                                        "deploy/production.env",
                                        14,
                                        "9f3c1e07ab",
                                        "clr_a",
                                        3,
                                        null),
                                new SecretHit(
                                        "session",
                                        "the id of session ref_Jw2mR8tYxK0aPq7LcVbN4A",
                                        true,
                                        "logs/access.log",
                                        20_417,
                                        null,
                                        null,
                                        null,
                                        "ref_Jw2mR8tYxK0aPq7LcVbN4A"),
                                new SecretHit(
                                        "admin_token",
                                        "the admin token",
                                        true,
                                        "notes/setup.md",
                                        3,
                                        null,
                                        null,
                                        null,
                                        null),
                                new SecretHit(
                                        "bridge_secret",
                                        "the bridge secret of checkout, version 2",
                                        false,
                                        "deploy/production.env",
                                        14,
                                        "1b77d0c4e2",
                                        "clr_a",
                                        2,
                                        null))));
    }

    /** One that is under way. */
    static void searching(FakeChecklist checklist) {
        weak(checklist);
        checklist.scan(scan("running", null, "history of /srv/shop", List.of()));
    }
}
