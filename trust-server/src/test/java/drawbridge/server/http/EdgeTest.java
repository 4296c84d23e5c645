package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** What stands between the network and the endpoints: limits, lockout, headers, origins. */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class EdgeTest {
    private static final String PAGE = "https://app.example.test";
    private static final String WRONG = "{\"email\":\"%s\",\"password\":\"not the password\"}";
    private static final String RIGHT =
            "{\"email\":\"%s\",\"password\":\"" + RunningServer.PASSWORD + "\"}";
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "DRAWBRIDGE_LIMIT_REQUESTS", "600",
                    "DRAWBRIDGE_LIMIT_AUTHENTICATION", "10",
                    "DRAWBRIDGE_LIMIT_HASHING", "5",
                    "DRAWBRIDGE_LIMIT_SECRETS", "60",
                    "DRAWBRIDGE_TRUSTED_PROXIES", "127.0.0.1/32");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path data) {
        server =
                RunningServer.start(
                        data,
                        clock,
                        Map.of(
                                "DRAWBRIDGE_CORS_ORIGINS",
                                PAGE,
                                "DRAWBRIDGE_TRUSTED_PROXIES",
                                "127.0.0.1/32"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static List<Integer> sideBySide(int times, IntFunction<Answer> call) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                answers.add(threads.submit(() -> call.apply(number).status()));
            }
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
        }
        return statuses;
    }

    @Test
    void comparesNoMorePasswordsOfAnAccountThanItsLimitHoweverManyComeAtOnce(@TempDir Path data)
            throws Exception {
        try (RunningServer limited = RunningServer.start(data, clock, DEFAULTS)) {
            limited.register("ana@example.test");

            List<Integer> statuses =
                    sideBySide(
                            200,
                            i ->
                                    limited.post(
                                            "/auth/login",
                                            WRONG.formatted("Ana@Example.test "),
                                            "X-Forwarded-For",
                                            "198.51.100." + i));

            assertThat(statuses).containsOnly(401, 429);
            assertThat(statuses).filteredOn(status -> status == 401).hasSizeBetween(1, 10);
            Answer unknown =
                    limited.post(
                            "/auth/login",
                            WRONG.formatted("ana@example.test"),
                            "X-Forwarded-For",
                            "203.0.113.9");
            assertThat(unknown.text("code")).isEqualTo("TOO_MANY_REQUESTS");
            assertThat(Long.parseLong(header(unknown, "Retry-After").orElseThrow()))
                    .isBetween(1L, 60L);
            Answer owner =
                    limited.post(
                            "/auth/login",
                            RIGHT.formatted("ana@example.test"),
                            "X-Forwarded-For",
                            "203.0.113.10",
                            "X-Device-ID",
                            "device-1");
            assertThat(owner.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.77, 198.51.100.77", "2001:db8:1:2::1, 2001:db8:1:2:ffff::2"})
    void countsEverythingThatComesFromOneNetwork(String first, String other, @TempDir Path data)
            throws Exception {
        try (RunningServer limited = RunningServer.start(data, clock, DEFAULTS)) {
            List<Integer> statuses =
                    sideBySide(
                            30,
                            i ->
                                    limited.post(
                                            "/auth/login",
                                            WRONG.formatted("nobody-" + i + "@example.test"),
                                            "X-Forwarded-For",
                                            i % 2 == 0 ? first : other));

            assertThat(statuses).filteredOn(status -> status == 401).hasSizeBetween(10, 11);
            assertThat(statuses).filteredOn(status -> status == 429).hasSizeBetween(19, 20);
        }
    }

    @Test
    void holdsUpWrongBridgeSecretsAndNeverGoodOnes(@TempDir Path data) {
        try (RunningServer limited = RunningServer.start(data, clock, DEFAULTS)) {
            String session = limited.register("bridge@example.test");
            Answer last = limited.get("/health");
            for (int i = 0; i < 70; i++) {
                last = limited.post("/auth/bridge/validate", "{}", "X-Bridge-Secret", "wrong");
            }

            assertThat(last.status()).isEqualTo(429);
            for (int i = 0; i < 700; i++) {
                Answer good =
                        limited.validate(
                                Map.of(
                                        "session_id", session,
                                        "ip", "127.0.0.1",
                                        "device_id", "device-1"));
                assertThat(good.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void answersUnknownWrongAndLockedAccountsAlikeAndLetsTheOwnersDeviceIn() {
        server.register("victim@example.test");
        Answer locked = wrongUntilLocked("victim@example.test");
        Answer unknown = wrongUntilLocked("nobody@example.test");

        assertThat(locked.response().body()).isEqualTo(unknown.response().body());
        assertThat(locked.status()).isEqualTo(unknown.status()).isEqualTo(401);
        clock.advance(Duration.ofMinutes(15));
        Answer stranger = server.post("/auth/login", RIGHT.formatted("victim@example.test"));
        assertThat(stranger.response().body()).isEqualTo(locked.response().body());
        Answer owner =
                server.post(
                        "/auth/login",
                        RIGHT.formatted("victim@example.test"),
                        "X-Device-ID",
                        "device-1");
        assertThat(owner.status()).isEqualTo(200);
    }

    private Answer wrongUntilLocked(String email) {
        Answer answer = server.post("/auth/login", WRONG.formatted(email));
        for (int i = 0; i < 60; i++) {
            clock.advance(Duration.ofMinutes(15));
            answer = server.post("/auth/login", WRONG.formatted(email));
            assertThat(answer.status()).isEqualTo(401);
        }
        return answer;
    }

    /** Time is reported and not judged here: a busy machine must not fail a build. */
    @Test
    void reportsHowLongUnknownWrongAndLockedTake(TestReporter reporter) {
        server.register("known@example.test");
        server.register("shut@example.test");
        wrongUntilLocked("shut@example.test");
        Map<String, List<Long>> micros = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            for (String who : List.of("nobody-at-all", "known", "shut")) {
                clock.advance(Duration.ofMinutes(15));
                long began = System.nanoTime();
                Answer answer = server.post("/auth/login", WRONG.formatted(who + "@example.test"));
                long took = (System.nanoTime() - began) / 1000;
                assertThat(answer.text("code")).isEqualTo("INVALID_CREDENTIALS");
                micros.computeIfAbsent(who, _ -> new ArrayList<>()).add(took);
            }
        }

        micros.forEach((who, all) -> {
            List<Long> sorted = all.stream().sorted().toList();
            reporter.publishEntry(
                    who,
                    "median %d us, middle half %d to %d us"
                            .formatted(sorted.get(15), sorted.get(7), sorted.get(22)));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/auth/validation", "/nothing", "/auth/login"})
    void tellsBrowsersToKeepAndShowNothing(String path) {
        Answer answer = server.get(path);

        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'; frame-ancestors 'none'");
        assertThat(header(answer, "X-Content-Type-Options")).contains("nosniff");
        assertThat(header(answer, "X-Frame-Options")).contains("DENY");
        assertThat(header(answer, "Referrer-Policy")).contains("no-referrer");
        assertThat(header(answer, "Cache-Control")).contains("no-store");
        assertThat(header(answer, "Strict-Transport-Security")).isEmpty();
        Answer overTls = server.get(path, "X-Forwarded-Proto", "https");
        assertThat(header(overTls, "Strict-Transport-Security")).contains("max-age=31536000");
    }

    @Test
    void answersThePreflightOfAnAllowedPage() {
        Answer answer = preflight("/auth/login", PAGE);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(header(answer, "Access-Control-Allow-Origin")).contains(PAGE);
        assertThat(header(answer, "Access-Control-Allow-Credentials")).contains("true");
        assertThat(header(answer, "Access-Control-Allow-Methods"))
                .contains("GET, POST, PUT, PATCH, DELETE, OPTIONS");
        assertThat(header(answer, "Access-Control-Allow-Headers"))
                .contains("Content-Type, Accept, Authorization, X-Session-ID, X-Device-ID");
        assertThat(header(answer, "Vary")).contains("Origin");
        Answer call = server.get("/auth/validation", "Origin", PAGE);
        assertThat(call.status()).isEqualTo(401);
        assertThat(header(call, "Access-Control-Allow-Origin")).contains(PAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "https://app.example.test.evil.test",
                "https://evil-app.example.test",
                "https://app.example.test:8443",
                "http://app.example.test",
                "https://app.example.test/",
                "https://APP.example.test",
                "https://user@app.example.test",
                "https://example.test"
            })
    void allowsNoOtherPage(String origin) {
        Answer preflight = preflight("/auth/login", origin);
        Answer call = server.get("/auth/validation", "Origin", origin);

        assertThat(preflight.status()).isEqualTo(403);
        assertThat(header(preflight, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(call, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(call, "Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    void allowsNoPageOnBridgeAndAdminPaths() {
        Answer bridge = preflight("/auth/bridge/validate", PAGE);
        Answer admin =
                server.send(
                        HttpRequest.newBuilder(server.server().adminUrl().resolve("/v1/snapshot"))
                                .header("Origin", PAGE)
                                .header("Access-Control-Request-Method", "GET")
                                .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(bridge.status()).isBetween(400, 499);
        assertThat(admin.status()).isEqualTo(403);
        assertThat(header(bridge, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(admin, "Access-Control-Allow-Origin")).isEmpty();
        Answer call =
                server.post(
                        "/auth/bridge/validate",
                        "{}",
                        "Origin",
                        PAGE,
                        "X-Bridge-Secret",
                        RunningServer.SECRET);
        assertThat(call.text("code")).isEqualTo("BROWSER_NOT_ALLOWED");
        assertThat(header(call, "Access-Control-Allow-Origin")).isEmpty();
    }

    private Answer preflight(String path, String origin) {
        return server.send(
                HttpRequest.newBuilder(server.publicUrl().resolve(path))
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "content-type")
                        .method("OPTIONS", BodyPublishers.noBody()));
    }

    @Test
    void keepsPagesOfOthersFromUsingTheCookie() {
        String session = server.register("csrf@example.test");
        String cookie = "session_id=" + session;

        for (String[] forged :
                new String[][] {
                    {"Origin", "https://evil.test"},
                    {"Origin", "null"},
                    {"Sec-Fetch-Site", "cross-site"},
                    {"Sec-Fetch-Site", "same-site"}
                }) {
            Answer answer = server.post("/auth/logout", "", "Cookie", cookie, forged[0], forged[1]);
            assertThat(answer.text("code")).as(forged[1]).isEqualTo("ORIGIN_NOT_ALLOWED");
        }
        assertThat(server.get("/auth/validation", "Cookie", cookie).status()).isEqualTo(200);
        assertThat(server.post("/auth/validation", "", "Cookie", cookie, "Origin", PAGE).status())
                .isEqualTo(200);
        assertThat(
                        server.post(
                                        "/auth/validation",
                                        "",
                                        "Cookie",
                                        cookie,
                                        "Sec-Fetch-Site",
                                        "same-origin")
                                .status())
                .isEqualTo(200);
        assertThat(server.post("/auth/logout", "", "Cookie", cookie).status()).isEqualTo(200);
    }

    @Test
    void isReachedUnderItsBaseAlone(@TempDir Path data) {
        try (RunningServer moved =
                RunningServer.start(data, clock, Map.of("DRAWBRIDGE_HTTP_BASE", "/id/v1"))) {
            assertThat(moved.get("/id/v1/validation").text("code")).isEqualTo("INVALID_SESSION");
            assertThat(moved.get("/t/default/id/v1/validation").text("code"))
                    .isEqualTo("INVALID_SESSION");
            assertThat(moved.get("/auth/validation").status()).isEqualTo(404);
            assertThat(moved.get("/t/default/auth/validation").status()).isEqualTo(404);
            assertThat(moved.get("/health").status()).isEqualTo(200);
        }
    }

    private static Optional<String> header(Answer answer, String name) {
        return answer.response().headers().firstValue(name);
    }
}
