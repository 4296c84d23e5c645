package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import drawbridge.server.RouteTables;
import drawbridge.server.http.Routes.Route;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** {@code docs/openapi.yaml} describes every route, and what is answered is as it says. */
final class OpenApiTest {
    @TempDir static Path temp = Path.of("");

    private static final JsonNode DESCRIBED = read();
    private static RunningServer server;
    private static String session = "";

    private static JsonNode read() {
        return new YAMLMapper().readTree(Path.of("..", "docs", "openapi.yaml").toFile());
    }

    @BeforeAll
    static void start() {
        server = RunningServer.start(temp.resolve("data"), new MutableClock(Given.OPENED));
        session = server.register("ana@example.test");
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void everyRouteIsDescribed() {
        HttpListeners listeners = RouteTables.of(server.server());
        List<String> routes =
                Stream.concat(listeners.publicRoutes().stream(), listeners.adminRoutes().stream())
                        .map(OpenApiTest::name)
                        .toList();

        assertThat(described().toList()).containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    void whatOperatorsMayAskInAQueryIsDescribed() {
        for (Route route : RouteTables.of(server.server()).adminRoutes()) {
            JsonNode path = DESCRIBED.get("paths").get(route.path());
            List<String> described =
                    Stream.of(path, path.get(route.method().toLowerCase(Locale.ROOT)))
                            .flatMap(at -> at.path("parameters").valueStream())
                            .map(OpenApiTest::resolved)
                            .filter(parameter -> parameter.get("in").asString().equals("query"))
                            .map(parameter -> parameter.get("name").asString())
                            .toList();

            assertThat(described)
                    .as(name(route))
                    .containsExactlyInAnyOrderElementsOf(route.query());
        }
    }

    private static JsonNode resolved(JsonNode parameter) {
        return parameter.has("$ref")
                ? DESCRIBED.at(parameter.get("$ref").asString().substring(1))
                : parameter;
    }

    private static String name(Route route) {
        return route.method() + " " + route.path();
    }

    private static Stream<String> described() {
        return DESCRIBED.get("paths").properties().stream()
                .flatMap(path ->
                        path.getValue().properties().stream()
                                .filter(operation -> operation.getValue().has("responses"))
                                .map(operation ->
                                        operation.getKey().toUpperCase(Locale.ROOT)
                                                + " "
                                                + path.getKey()));
    }

    @Test
    void clientsAreAnsweredAsDescribed() {
        String login =
                "{\"email\":\"ana@example.test\",\"password\":\"%s\"}"
                        .formatted(RunningServer.PASSWORD);
        String own = session;
        String[] mine = {"X-Session-ID", own, "X-Device-ID", "device-1", "User-Agent", "Test/1"};

        check("POST /auth/login", server.post("/auth/login", login));
        check("POST /auth/login", server.post("/auth/login", login.replace("violet", "red")));
        check("POST /auth/login", server.post("/auth/login", "{"));
        check("POST /auth/register", server.post("/auth/register", login.replace("ana@", "new@")));
        check("POST /auth/register", server.post("/auth/register", login));
        check("GET /auth/validation", server.get("/auth/validation", mine));
        check("GET /auth/validation", server.get("/auth/validation"));
        check("GET /auth/me", server.get("/auth/me", mine));
        check("GET /auth/sessions", server.get("/auth/sessions", mine));
        check("GET /auth/social/providers", server.get("/auth/social/providers"));
        check("GET /health", server.get("/health"));
        check("GET /ready", server.get("/ready"));
    }

    @Test
    void whatIsNotThereIsAnsweredAsDescribed() {
        String[] mine = {
            "X-Session-ID", session, "X-Device-ID", "device-1", "User-Agent", "Test/1"
        };
        String toggle = "{\"two_factor_enabled\":%s}";
        String off = "/auth/two_factor/toggle";

        check("GET /auth/two_factor/system", server.get("/auth/two_factor/system"));
        check("GET /auth/two_factor/methods", server.get("/auth/two_factor/methods", mine));
        check("POST /auth/two_factor/toggle", server.post(off, toggle.formatted(false), mine));
        check("POST /auth/two_factor/toggle", server.post(off, toggle.formatted(true), mine));
        check("GET /auth/social/accounts", server.get("/auth/social/accounts", mine));
        for (String never :
                List.of(
                        "POST /auth/two_factor/verify",
                        "POST /auth/two_factor/{method}/setup",
                        "POST /auth/two_factor/{method}/start",
                        "DELETE /auth/two_factor/{id}",
                        "DELETE /auth/social/accounts/{provider}",
                        "GET /auth/social/{provider}/login",
                        "GET /auth/social/{provider}/callback",
                        "POST /auth/social/{provider}/login-api",
                        "POST /auth/upload/picture",
                        "DELETE /auth/upload/picture")) {
            String[] parts = never.split(" ", 2);
            String path = parts[1].replaceAll("\\{[a-z]+}", "google");
            Answer answer =
                    parts[0].equals("GET")
                            ? server.get(path)
                            : server.call(parts[0], path, "{}", mine);
            check(never, answer);
            assertThat(answer.status()).as(never).isEqualTo(404);
        }
    }

    @Test
    void mailsAreToldAsDescribed() {
        server.register("mailed@example.test");
        server.admin(
                "/v1/tokens",
                "{\"purpose\":\"password_reset\",\"email\":\"mailed@example.test\",\"send\":true}");
        Answer mails = server.admin("/v1/outbox");
        String mail = "/v1/outbox/" + mails.json().get("items").get(0).get("id").asString();

        check("GET /v1/outbox", mails);
        check("GET /v1/outbox/{id}", server.admin(mail));
        check("GET /v1/outbox/{id}", server.admin("/v1/outbox/mail_none"));
        check("POST /v1/outbox/{id}/retry", server.admin(mail + "/retry", "{}"));
    }

    @Test
    void backEndsAreAnsweredAsDescribed() {
        Map<String, String> call = Map.of("session_id", session, "ip", "127.0.0.1");

        check("POST /auth/bridge/validate", server.validate(call));
        check(
                "POST /auth/bridge/validate",
                server.validate(Map.of("session_id", session, "ip", "198.51.100.1")));
        check("POST /auth/bridge/validate", server.validate(Map.of("session_id", session)));
        check("POST /auth/bridge/validate", server.post("/auth/bridge/validate", "{}"));
        check(
                "POST /auth/bridge/validate",
                server.validate(Map.of("session_id", session, "validation_mode", "loose")));
    }

    @Test
    void operatorsAreAnsweredAsDescribed() {
        String other = server.register("ben@example.test");
        assertThat(other).isNotEmpty();
        Answer page = server.admin("/v1/sessions");
        String ref = page.json().get("items").get(0).get("ref").asString();

        check("GET /v1/sessions", page);
        check("GET /v1/tiers", server.admin("/v1/tiers"));
        check("GET /v1/history", server.admin("/v1/history"));
        check("GET /v1/history", server.admin("/v1/history?minutes=1441"));
        check("GET /v1/sessions/{ref}", server.admin("/v1/sessions/" + ref));
        check(
                "POST /v1/sessions/{ref}/revoke",
                server.admin("/v1/sessions/" + ref + "/revoke", "{\"reason\":\"test\"}"));
        check(
                "POST /v1/sessions/{ref}/restore",
                server.admin("/v1/sessions/" + ref + "/restore", "{}"));
        check("GET /v1/sessions/{ref}", server.admin("/v1/sessions/ref_none"));
        check(
                "GET /v1/sessions/export",
                server.admin("/v1/sessions/export?filter=user:nobody&format=json"));
        check(
                "POST /v1/revocations",
                server.admin("/v1/revocations", "{\"filter\":\"user:nobody\",\"seen\":9}"));
        check("GET /v1/revocations", server.admin("/v1/revocations"));
        check("GET /v1/revocations/{id}", server.admin("/v1/revocations/rev-0"));
        check("POST /v1/revocations/{id}/undo", server.admin("/v1/revocations/rev-0/undo", "{}"));
        check("GET /v1/snapshot", server.admin("/v1/snapshot"));
        check("GET /v1/config", server.admin("/v1/config"));
        check("GET /v1/users", server.admin("/v1/users"));
        check("GET /v1/audit", server.admin("/v1/audit"));
        check("GET /v1/audit", server.admin("/v1/audit?limit=none"));
        check("POST /v1/audit/verify", server.admin("/v1/audit/verify", "{}"));
        server.admin("/v1/audit/export");
        check("GET /v1/audit/checkpoints", server.admin("/v1/audit/checkpoints"));
        check("POST /v1/backup", server.admin("/v1/backup", "{}"));
        check("GET /v1/backup", server.admin("/v1/backup"));
        check("GET /v1/condition", server.admin("/v1/condition"));
        check("GET /v1/diagnostics", server.admin("/v1/diagnostics"));
    }

    @Test
    void theChecklistIsToldAsDescribed() {
        check("GET /v1/checklist/scan", server.admin("/v1/checklist/scan"));
        check("POST /v1/checklist/scan", server.admin("/v1/checklist/scan", "{}"));
        check("POST /v1/checklist/scan", server.admin("/v1/checklist/scan", "{\"folder\":\"x\"}"));
        check("GET /v1/checklist/scan", server.admin("/v1/checklist/scan"));
        check("POST /v1/checklist/scan/cancel", server.admin("/v1/checklist/scan/cancel", "{}"));
        check("GET /v1/checklist", server.admin("/v1/checklist"));
        check("GET /v1/checklist", server.admin("/v1/checklist?tenant=none"));
        check("POST /v1/checklist/try", server.admin("/v1/checklist/try", "{}"));
        check("GET /v1/checklist/coverage", server.admin("/v1/checklist/coverage"));
    }

    @Test
    void callersAreToldAsDescribed() {
        Answer made =
                server.admin("/v1/callers", "{\"name\":\"shop\",\"networks\":[\"10.0.0.0/8\"]}");
        String shop = "/v1/callers/" + made.json().get("caller").get("id").asString();

        check("POST /v1/callers", made);
        check("POST /v1/callers", server.admin("/v1/callers", "{\"name\":\"shop\"}"));
        check("POST /v1/callers", server.admin("/v1/callers", "{\"name\":\"?\"}"));
        check("GET /v1/callers", server.admin("/v1/callers"));
        check("GET /v1/callers/{id}", server.admin(shop));
        check("GET /v1/callers/{id}", server.admin("/v1/callers/clr_none"));
        check(
                "PATCH /v1/callers/{id}",
                server.adminCall("PATCH", shop, "{\"kit\":\"flowfull\",\"lease\":\"10s\"}"));
        check(
                "POST /v1/callers/{id}/rotate",
                server.admin(shop + "/rotate", "{\"overlap\":\"1h\"}"));
        check(
                "PUT /v1/callers/{id}/rotation",
                server.adminCall("PUT", shop + "/rotation", "{\"every\":\"90d\"}"));
        check(
                "POST /v1/callers/{id}/secrets/{version}/retire",
                server.admin(shop + "/secrets/1/retire", "{}"));
        check(
                "POST /v1/callers/{id}/secrets/{version}/retire",
                server.admin(shop + "/secrets/2/retire", "{}"));
        check(
                "POST /v1/callers/{id}/secrets/{version}/burn",
                server.admin(shop + "/secrets/2/burn", "{}"));
        check("POST /v1/callers/{id}/burn", server.admin(shop + "/burn", "{}"));
        check("DELETE /v1/callers/{id}", server.adminCall("DELETE", shop, ""));
    }

    @Test
    void policiesAreToldAsDescribed() {
        String rule = "{\"method\":\"POST\",\"pattern\":\"/pay/**\",\"mode\":\"STRICT\"}";
        String rules = "\"rules\":[%s,%s]".formatted(rule, rule);
        String elsewhere = "tenant=rules";
        server.admin("/v1/tenants", "{\"id\":\"rules\",\"name\":\"Rules\"}");

        check("GET /v1/policies", server.admin("/v1/policies?" + elsewhere));
        check("GET /v1/policies", server.admin("/v1/policies?tenant=none"));
        String change = "{\"tenant\":\"rules\",\"baseVersion\":0,%s}".formatted(rules);
        Answer changed = server.adminCall("PUT", "/v1/policies", change);
        assertThat(changed.json().get("warnings")).isNotEmpty();
        check("PUT /v1/policies", changed);
        check("PUT /v1/policies", server.adminCall("PUT", "/v1/policies", change));
        check("GET /v1/policies/versions", server.admin("/v1/policies/versions?" + elsewhere));
        check(
                "GET /v1/policies/versions/{version}",
                server.admin("/v1/policies/versions/1?" + elsewhere));
        check("GET /v1/policies/diff", server.admin("/v1/policies/diff?" + elsewhere));
        Answer file = server.admin("/v1/policies/export?" + elsewhere);
        check("GET /v1/policies/export", file);
        check(
                "POST /v1/policies/import",
                server.admin(
                        "/v1/policies/import",
                        "{\"tenant\":\"rules\",\"baseVersion\":1,\"file\":%s}"
                                .formatted(file.json())));
        check(
                "POST /v1/policies/import",
                server.admin(
                        "/v1/policies/import",
                        "{\"dryRun\":true,\"file\":%s}".formatted(file.json())));
        check(
                "POST /v1/policies/versions/{version}/restore",
                server.admin(
                        "/v1/policies/versions/1/restore",
                        "{\"tenant\":\"rules\",\"baseVersion\":2}"));
    }

    @Test
    void recentCallsAreToldAsDescribed() {
        Map<String, String> call =
                Map.of("session_id", session, "ip", "127.0.0.1", "method", "POST", "path", "/pay");
        assertThat(server.validate(call).status()).isEqualTo(200);
        String id =
                server.validate(Map.of("session_id", session, "ip", "198.51.100.1"))
                        .response()
                        .headers()
                        .firstValue("X-Request-ID")
                        .orElseThrow();

        Answer tried =
                server.admin(
                        "/v1/whatif",
                        "{\"rules\":[{\"pattern\":\"/pay\",\"mode\":\"STRICT\"}],"
                                + "\"callers\":[{\"id\":\"clr_default\",\"floor\":\"ADVANCED\"}]}");
        assertThat(tried.json().get("considered").asInt()).isPositive();
        check("POST /v1/whatif", tried);
        assertThat(tried.json().get("newlyRefused").get("calls")).isNotEmpty();
        check("GET /v1/policies/use", server.admin("/v1/policies/use"));
        check("GET /v1/policies/use", server.admin("/v1/policies/use?tenant=none"));
        check(
                "POST /v1/policies/try",
                server.admin("/v1/policies/try", "{\"method\":\"POST\",\"path\":\"/pay\"}"));
        check("POST /v1/policies/try", server.admin("/v1/policies/try", "{\"session\":\"x\"}"));
        check("POST /v1/whatif", server.admin("/v1/whatif", "{\"rules\":1}"));
        check("GET /v1/explain/{requestId}", server.admin("/v1/explain/" + id));
        check("GET /v1/explain/{requestId}", server.admin("/v1/explain/req-none"));
    }

    @Test
    void olderBackEndsAreAnsweredAsDescribed() {
        String[] secret = {"X-Bridge-Secret", RunningServer.SECRET};
        String call = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session);

        check("POST /bridge/validate", server.post("/bridge/validate", call, secret));
        check("POST /bridge/validate", server.post("/bridge/validate", "{}", secret));
        check("POST /auth/bridge/revoke", server.post("/auth/bridge/revoke", call, secret));
        assertThat(
                        server.adminCall(
                                        "PATCH",
                                        "/v1/callers/clr_default",
                                        "{\"scopes\":[\"validate\",\"revoke-own\"]}")
                                .status())
                .isEqualTo(200);
        String ended = server.register("old@example.test");
        check(
                "POST /auth/bridge/revoke",
                server.post(
                        "/auth/bridge/revoke", "{\"session_id\":\"%s\"}".formatted(ended), secret));
    }

    @Test
    void tokensOfBackEndsAreToldAsDescribed() {
        String[] secret = {"X-Bridge-Secret", RunningServer.SECRET};
        String invite = "{\"purpose\":\"invite\",\"email\":\"new@example.test\",\"send\":%s}";
        String path = "/auth/bridge/tokens";

        check("POST /auth/bridge/tokens", server.post(path, invite.formatted(true), secret));
        assertThat(
                        server.adminCall(
                                        "PATCH",
                                        "/v1/callers/clr_default",
                                        "{\"scopes\":[\"validate\",\"issue-token\"]}")
                                .status())
                .isEqualTo(200);
        check("POST /auth/bridge/tokens", server.post(path, invite.formatted(true), secret));
        check("POST /auth/bridge/tokens", server.post(path, invite.formatted(false), secret));
        check("POST /auth/bridge/tokens", server.post(path, "{\"purpose\":\"?\"}", secret));
    }

    @Test
    void tokensAndKeysAreToldAsDescribed() {
        server.register("cy@example.test");
        Answer issued =
                server.admin(
                        "/v1/tokens",
                        "{\"purpose\":\"password_reset\",\"email\":\"cy@example.test\"}");
        String token = issued.json().get("token").asString();

        check("POST /v1/tokens", issued);
        check("POST /v1/tokens", server.admin("/v1/tokens", "{\"purpose\":\"invite\"}"));
        check(
                "POST /v1/tokens",
                server.admin(
                        "/v1/tokens", "{\"purpose\":\"password_reset\",\"userId\":\"usr_none\"}"));
        check("GET /v1/tokens", server.admin("/v1/tokens"));
        String presented = "{\"token\":\"%s\"}".formatted(token);
        check("POST /v1/tokens/inspect", server.admin("/v1/tokens/inspect", presented));
        check("POST /v1/tokens/inspect", server.admin("/v1/tokens/inspect", "{\"token\":\"x\"}"));
        String id = issued.json().get("id").asString();
        check("POST /v1/tokens/{id}/revoke", server.admin("/v1/tokens/" + id + "/revoke", "{}"));
        check(
                "POST /v1/tokens/revoke",
                server.admin("/v1/tokens/revoke", "{\"purpose\":\"password_reset\"}"));
        check("GET /v1/keys", server.admin("/v1/keys"));
        check("GET /v1/secrets", server.admin("/v1/secrets"));
        for (String rotation :
                List.of("/v1/secrets/admin-token/rotate", "/v1/secrets/master-key/rotate")) {
            check("POST " + rotation, server.admin(rotation, "{}"));
        }
        check("POST /v1/keys/rotate", server.admin("/v1/keys/rotate", "{\"reason\":\"test\"}"));
        check("GET /.well-known/drawbridge-keys", server.get("/.well-known/drawbridge-keys"));
    }

    @Test
    void tenantsAreToldAsDescribed() {
        String acme = "{\"id\":\"acme\",\"name\":\"Acme\",\"hosts\":[\"acme.example.com\"]}";

        check("POST /v1/tenants", server.admin("/v1/tenants", acme));
        check("POST /v1/tenants", server.admin("/v1/tenants", acme));
        check("GET /v1/tenants", server.admin("/v1/tenants"));
        check("GET /v1/tenants/{tenant}", server.admin("/v1/tenants/acme"));
        check("GET /v1/tenants/{tenant}", server.admin("/v1/tenants/none"));
        check(
                "PATCH /v1/tenants/{tenant}",
                server.adminCall("PATCH", "/v1/tenants/acme", "{\"mostUsers\":9}"));
        check(
                "POST /v1/tenants/{tenant}/delete",
                server.admin("/v1/tenants/acme/delete", "{\"confirm\":\"Acme\"}"));
        check(
                "POST /v1/tenants/{tenant}/suspend",
                server.admin("/v1/tenants/acme/suspend", "{\"reason\":\"test\"}"));
        check("POST /v1/tenants/{tenant}/resume", server.admin("/v1/tenants/acme/resume", "{}"));
        check("POST /v1/tenants/{tenant}/export", server.admin("/v1/tenants/acme/export", "{}"));
        server.admin("/v1/tenants/acme/suspend", "{}");
        check(
                "POST /v1/tenants/{tenant}/delete",
                server.admin("/v1/tenants/acme/delete", "{\"confirm\":\"Acme\"}"));
    }

    @Test
    void usersAreToldAsDescribed() {
        Answer made =
                server.admin(
                        "/v1/users",
                        "{\"email\":\"dan@example.test\",\"password\":\"%s\"}"
                                .formatted(RunningServer.PASSWORD));
        String dan = "/v1/users/" + made.json().get("id").asString();

        check("POST /v1/users", made);
        check("GET /v1/users/{id}", server.admin(dan));
        check("GET /v1/users/{id}", server.admin("/v1/users/usr_none"));
        check("PATCH /v1/users/{id}", server.adminCall("PATCH", dan, "{\"userType\":\"admin\"}"));
        check("POST /v1/users/{id}/disable", server.admin(dan + "/disable", "{}"));
        check("POST /v1/users/{id}/enable", server.admin(dan + "/enable", "{}"));
        check(
                "POST /v1/users/{id}/set-password",
                server.admin(dan + "/set-password", "{\"password\":\"short\"}"));
        check("DELETE /v1/users/{id}", server.adminCall("DELETE", dan, ""));
    }

    /** The answer's status is described, and its body fits what stands there. */
    private static void check(String operation, Answer answer) {
        String[] parts = operation.split(" ", 2);
        JsonNode responses =
                DESCRIBED
                        .get("paths")
                        .get(parts[1])
                        .get(parts[0].toLowerCase(Locale.ROOT))
                        .get("responses");
        JsonNode response = responses.path(Integer.toString(answer.status()));
        assertThat(response.isMissingNode())
                .as("%s answered %d: %s", operation, answer.status(), answer.json())
                .isFalse();
        if (response.has("$ref")) {
            String ref = response.get("$ref").asString();
            response =
                    DESCRIBED
                            .get("components")
                            .get("responses")
                            .get(ref.substring(ref.lastIndexOf('/') + 1));
        }
        ObjectNode schema =
                (ObjectNode)
                        response.get("content").get("application/json").get("schema").deepCopy();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.set("components", DESCRIBED.get("components"));
        List<Error> errors =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(
                                answer.json(),
                                context ->
                                        context.executionConfig(
                                                config -> config.formatAssertionsEnabled(true)));
        assertThat(errors)
                .as("%s answered %d: %s", operation, answer.status(), answer.json())
                .isEmpty();
    }
}
