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

        assertThat(described().toList()).containsAll(routes).doesNotHaveDuplicates();
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
        check("GET /v1/sessions/{ref}", server.admin("/v1/sessions/" + ref));
        check(
                "POST /v1/sessions/{ref}/revoke",
                server.admin("/v1/sessions/" + ref + "/revoke", "{\"reason\":\"test\"}"));
        check(
                "POST /v1/sessions/{ref}/restore",
                server.admin("/v1/sessions/" + ref + "/restore", "{}"));
        check("GET /v1/sessions/{ref}", server.admin("/v1/sessions/ref_none"));
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
