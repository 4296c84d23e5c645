package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.RouteTables;
import drawbridge.server.http.Routes.Route;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every route that asks for something, with everything that is not it. Generated from the route
 * tables, so that a new endpoint is tested without being named here.
 */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class AccessTest {
    private static final String RETIRED = "a-retired-secret-only-for-tests-0123456789";
    private static final String NO_SESSION = "ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final Map<String, String> sessions = new LinkedHashMap<>();
    private RunningServer server;
    private String expired = "";
    private String user = "";

    @BeforeAll
    void start(@TempDir Path data) {
        RunningServer.start(data, clock, Map.of("BRIDGE_SECRET", RETIRED)).close();
        server = RunningServer.start(data, clock);
        server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        expired = server.register("expired@example.test");
        clock.advance(Duration.ofMinutes(31));
        user = server.register("user@example.test");
        String revoked = server.register("revoked@example.test");
        String foreign = registerAt("/t/acme/auth/register", "foreign@example.test");
        revoke(revoked);
        sessions.put("unknown", NO_SESSION);
        sessions.put("malformed", "not a session id at all");
        sessions.put("revoked", revoked);
        sessions.put("of another tenant", foreign);
        sessions.put("a bridge secret", RunningServer.SECRET);
        sessions.put("the admin token", server.adminToken());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String registerAt(String path, String email) {
        return server.post(
                        path,
                        "{\"email\":\"%s\",\"password\":\"%s\"}"
                                .formatted(email, RunningServer.PASSWORD))
                .json()
                .get("data")
                .get("session_id")
                .asString();
    }

    private void revoke(String session) {
        String ref =
                server.get("/auth/validation", "X-Session-ID", session)
                        .json()
                        .get("session")
                        .get("id")
                        .asString();
        assertThat(server.admin("/v1/sessions/" + ref + "/revoke", "{\"final\":true}").status())
                .isEqualTo(200);
    }

    private Stream<Route> publicRoutes(Access... access) {
        return RouteTables.of(server.server()).publicRoutes().stream()
                .filter(route -> List.of(access).contains(route.access()));
    }

    private Answer call(URI base, Route route, String... headers) {
        String path = route.path().replaceAll("[{<][^}>]*[}>]", "ref_0123456789012345678901");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        boolean reads = route.method().equals("GET") || route.method().equals("HEAD");
        return server.send(
                request.method(
                        route.method(),
                        reads ? BodyPublishers.noBody() : BodyPublishers.ofString("{}")));
    }

    private DynamicTest refuses(
            URI base, Route route, String with, int status, String code, String... headers) {
        String name = "%s %s with %s".formatted(route.method(), route.path(), with);
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    Answer answer = call(base, route, headers);

                    assertThat(answer.text("code")).isEqualTo(code);
                    assertThat(answer.status()).isEqualTo(status);
                    JsonNode success = answer.json().get("success");
                    assertThat(success.asBoolean()).isFalse();
                });
    }

    @TestFactory
    Stream<DynamicTest> refusesWhoHasNoLiveSession() {
        URI base = server.publicUrl();
        return publicRoutes(Access.SESSION, Access.TENANT_ADMIN)
                .flatMap(route -> {
                    List<DynamicTest> tests = new ArrayList<>();
                    tests.add(refuses(base, route, "nothing", 401, "INVALID_SESSION"));
                    sessions.forEach((what, id) -> {
                        tests.add(
                                refuses(
                                        base,
                                        route,
                                        "a session " + what,
                                        401,
                                        "INVALID_SESSION",
                                        "X-Session-ID",
                                        id));
                        tests.add(
                                refuses(
                                        base,
                                        route,
                                        "a cookie " + what,
                                        401,
                                        "INVALID_SESSION",
                                        "Cookie",
                                        "session_id=" + id));
                    });
                    tests.add(
                            refuses(
                                    base,
                                    route,
                                    "a session that has expired",
                                    401,
                                    "SESSION_EXPIRED",
                                    "X-Session-ID",
                                    expired));
                    tests.add(
                            refuses(
                                    base,
                                    route,
                                    "a token for operators",
                                    401,
                                    "INVALID_SESSION",
                                    "Authorization",
                                    "Bearer " + server.adminToken()));
                    return tests.stream();
                });
    }

    @TestFactory
    Stream<DynamicTest> refusesUsersWhoAreNoAdministrators() {
        // A table without such routes is tested by the others.
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest("table", () -> assertThat(user).isNotEmpty())),
                publicRoutes(Access.TENANT_ADMIN)
                        .map(route ->
                                refuses(
                                        server.publicUrl(),
                                        route,
                                        "the session of a user",
                                        403,
                                        "ADMIN_REQUIRED",
                                        "X-Session-ID",
                                        user)));
    }

    @TestFactory
    Stream<DynamicTest> refusesBackEndsWithoutAGoodSecret() {
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("an unknown one", "nobody-has-this-secret-0123456789abcdef");
        secrets.put("a retired one", RETIRED);
        secrets.put("an empty one", "");
        secrets.put("an overlong one", "x".repeat(600));
        secrets.put("the beginning of one", RunningServer.SECRET.substring(0, 20));
        secrets.put("the admin token", server.adminToken());
        secrets.put("a session", user);
        URI base = server.publicUrl();
        return publicRoutes(Access.BRIDGE)
                .flatMap(route -> {
                    List<DynamicTest> tests = new ArrayList<>();
                    tests.add(refuses(base, route, "nothing", 401, "INVALID_BRIDGE_SECRET"));
                    secrets.forEach((what, secret) ->
                            tests.add(
                                    refuses(
                                            base,
                                            route,
                                            what,
                                            401,
                                            "INVALID_BRIDGE_SECRET",
                                            "X-Bridge-Secret",
                                            secret)));
                    tests.add(
                            refuses(
                                    base,
                                    route,
                                    "a good one in a browser",
                                    403,
                                    "BROWSER_NOT_ALLOWED",
                                    "X-Bridge-Secret",
                                    RunningServer.SECRET,
                                    "Origin",
                                    "https://app.example.test"));
                    return tests.stream();
                });
    }

    @TestFactory
    Stream<DynamicTest> refusesWhoIsNoOperator() {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("an unknown one", "Bearer nobody-has-this-token-0123456789abcdef");
        tokens.put("an empty one", "Bearer ");
        tokens.put("one in another scheme", "Basic " + server.adminToken());
        tokens.put("the beginning of one", "Bearer " + server.adminToken().substring(0, 20));
        tokens.put("a bridge secret", "Bearer " + RunningServer.SECRET);
        tokens.put("a session", "Bearer " + user);
        URI base = server.server().adminUrl();
        return RouteTables.of(server.server()).adminRoutes().stream()
                .flatMap(route -> {
                    List<DynamicTest> tests = new ArrayList<>();
                    tests.add(refuses(base, route, "nothing", 401, "INVALID_ADMIN_TOKEN"));
                    tokens.forEach((what, token) ->
                            tests.add(
                                    refuses(
                                            base,
                                            route,
                                            what,
                                            401,
                                            "INVALID_ADMIN_TOKEN",
                                            "Authorization",
                                            token)));
                    tests.add(
                            refuses(
                                    base,
                                    route,
                                    "a good one in a browser",
                                    403,
                                    "BROWSER_NOT_ALLOWED",
                                    "Authorization",
                                    "Bearer " + server.adminToken(),
                                    "Origin",
                                    "null"));
                    return tests.stream();
                });
    }

    @TestFactory
    Stream<DynamicTest> asksOperatorsOnTheAdminListenerAlone() {
        return Stream.of(
                DynamicTest.dynamicTest(
                        "the two tables",
                        () -> {
                            assertThat(publicRoutes(Access.OPERATOR)).isEmpty();
                            assertThat(RouteTables.of(server.server()).adminRoutes())
                                    .isNotEmpty()
                                    .allMatch(route -> route.access() == Access.OPERATOR);
                        }));
    }
}
