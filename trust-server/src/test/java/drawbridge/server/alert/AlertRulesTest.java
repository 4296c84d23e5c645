package drawbridge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import drawbridge.server.RouteTables;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Each rule's cause is brought about for real, on a running server that judges by itself: it fires
 * within ten seconds, and clears within ten seconds of the cause's end. How long either took is
 * written to {@code target/alert-times.md}; {@code docs/alerts.md} holds the same table.
 */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(600)
class AlertRulesTest {
    private static final Duration IN_TIME = Duration.ofSeconds(10);

    /** The same where the machine may do anything else for most of the time. */
    private static final Duration BESIDE_OTHER_TESTS = IN_TIME.multipliedBy(6);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** When a cause was there: by the server's clock, which the test sets, and by real time. */
    private record Cause(Instant at, long nanos) {}

    private final MutableClock clock = new MutableClock(Given.OPENED);
    private final Map<String, Duration> firedAfter = new TreeMap<>();
    private final Map<String, Duration> clearedAfter = new TreeMap<>();
    private final AtomicInteger answered = new AtomicInteger(204);
    private HttpServer taker;
    private RunningServer server;
    private RawDatabase raw;

    @BeforeAll
    void start(@TempDir Path data, @TempDir Path elsewhere) throws IOException {
        Path places = elsewhere.resolve("places.mmdb");
        new PlaceFileWriter()
                .put("203.0.113.0/24", "NL", "Netherlands", 52.37, 4.89)
                .put("198.51.100.0/24", "AU", "Australia", -33.87, 151.21)
                .to(places);
        taker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        taker.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(answered.get(), -1);
                    exchange.close();
                });
        taker.start();
        server =
                RunningServer.start(
                        data,
                        clock,
                        Map.of(
                                "DRAWBRIDGE_GEO_DATABASE",
                                places.toString(),
                                "DRAWBRIDGE_TRUSTED_PROXIES",
                                "127.0.0.1/32",
                                "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                                "http://127.0.0.1:" + taker.getAddress().getPort(),
                                "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                                RunningServer.SECRET,
                                "DRAWBRIDGE_SECRET_AGE",
                                "300d"));
        raw = new RawDatabase(data);
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
        taker.stop(0);
        List<String> table = new ArrayList<>();
        table.add("| rule | fired after its cause | cleared after its end |");
        table.add("| --- | --- | --- |");
        for (AlertRule rule : AlertRule.values()) {
            table.add(
                    "| `%s` | %s | %s |"
                            .formatted(
                                    rule.wireName(),
                                    seconds(firedAfter.get(rule.wireName())),
                                    seconds(clearedAfter.get(rule.wireName()))));
        }
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target", "alert-times.md"), table);
    }

    private static String seconds(@Nullable Duration length) {
        return length == null
                ? "not seen"
                : String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1_000.0);
    }

    private Cause now() {
        return new Cause(clock.instant(), System.nanoTime());
    }

    private void judge() {
        RouteTables.judge(server.server());
    }

    /** Lets time pass in steps small enough to be no jump of the clock. */
    private void pass(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minus(Duration.ofSeconds(4))) {
            clock.advance(left.compareTo(Duration.ofSeconds(4)) < 0 ? left : Duration.ofSeconds(4));
            judge();
        }
    }

    private Optional<JsonNode> firing(String rule, String subject) {
        for (JsonNode alert : server.admin("/v1/alerts").json().get("alerts").values()) {
            if (alert.get("rule").asString().equals(rule)
                    && (subject.isEmpty() || alert.get("subject").asString().equals(subject))
                    && alert.get("state").asString().equals("firing")) {
                return Optional.of(alert);
            }
        }
        return Optional.empty();
    }

    private JsonNode fires(String rule, String subject, Cause cause) {
        JsonNode alert =
                await(rule + " to fire")
                        .atMost(BESIDE_OTHER_TESTS)
                        .pollInterval(LOOK_EVERY)
                        .until(() -> firing(rule, subject), Optional::isPresent)
                        .orElseThrow();
        Duration after = Duration.ofNanos(System.nanoTime() - cause.nanos());
        assertThat(after).isLessThan(BESIDE_OTHER_TESTS);
        firedAfter.putIfAbsent(rule, after);
        Instant since = Instant.parse(alert.get("since").asString());
        assertThat(Duration.between(cause.at(), since)).isBetween(Duration.ZERO, IN_TIME);
        assertThat(alert.get("evidence").size()).isPositive();
        assertThat(alert.get("advice").asString()).isNotBlank();
        return alert;
    }

    /** To be called as soon as its cause is over. */
    private void clears(JsonNode alert) {
        clears(alert, System.nanoTime());
    }

    private void clears(JsonNode alert, long overSince) {
        String id = alert.get("id").asString();
        JsonNode over =
                await(alert.get("rule") + " to clear")
                        .atMost(BESIDE_OTHER_TESTS)
                        .pollInterval(LOOK_EVERY)
                        .until(
                                () -> {
                                    for (JsonNode each :
                                            server.admin("/v1/alerts")
                                                    .json()
                                                    .get("alerts")
                                                    .values()) {
                                        if (each.get("id").asString().equals(id)) {
                                            return each;
                                        }
                                    }
                                    throw new AssertionError("it is gone");
                                },
                                each -> each.get("state").asString().equals("cleared"));
        clearedAfter.putIfAbsent(
                over.get("rule").asString(), Duration.ofNanos(System.nanoTime() - overSince));
        assertThat(Instant.parse(over.get("clearedAt").asString())).isEqualTo(clock.instant());
    }

    private void terms(String rule, int least, int factor) {
        Answer set =
                server.admin(
                        "PUT",
                        "/v1/alerts/rules",
                        "{\"rules\":[{\"rule\":\"%s\",\"least\":%d,\"factor\":%d}]}"
                                .formatted(rule, least, factor));
        assertThat(set.status()).as("%s", set.json()).isEqualTo(200);
    }

    private int validate(String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    private void logIn(String email, String password, String from) {
        server.post(
                "/auth/login",
                "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password),
                "X-Forwarded-For",
                from);
    }

    private static String nobodys(int number) {
        return "ses_%043d".formatted(number);
    }

    @Test
    void failedLoginsRise() {
        judge();
        Cause cause = now();
        for (int i = 0; i < 12; i++) {
            if (i == 9) {
                cause = now(); // with this one they are as many as the rule takes
            }
            logIn(
                    "target%d@example.test".formatted(i % 6),
                    "wrong horse battery staple",
                    "203.0.113.9");
        }

        JsonNode alert = fires("failed_logins", "server", cause);

        assertThat(alert.get("evidence").toString())
                .contains("203.0.113.9", "target0@example.test")
                .doesNotContain("wrong horse");
        assertThat(alert.get("severity").asString()).isEqualTo("warning");
        clock.advance(Duration.ofSeconds(61));
        clears(alert);
    }

    @Test
    void refusalsRiseAndTheDatabaseIsAskedMoreOften() {
        pass(SlidingCount.WINDOW.plusSeconds(1)); // of what other tests asked nothing is left in it
        for (int i = 0; i < 110; i++) {
            validate(nobodys(i));
        }

        Cause cause = now();
        JsonNode refusals = fires("refusals", "server", cause);
        JsonNode queries = fires("database_queries", "server", cause);

        clock.advance(Duration.ofSeconds(61));
        long over = System.nanoTime();
        clears(refusals, over);
        clears(queries, over);
    }

    @Test
    void validationsCannotBeDecided() {
        pass(SlidingCount.WINDOW.plusSeconds(1)); // of what other tests asked nothing is left in it
        raw.change("ALTER TABLE session RENAME TO session_elsewhere");
        JsonNode alert;
        try {
            for (int i = 1_000; i < 1_025; i++) {
                assertThat(validate(nobodys(i))).isEqualTo(503);
            }
            alert = fires("error_rate", "server", now());
        } finally {
            raw.change("ALTER TABLE session_elsewhere RENAME TO session");
        }

        assertThat(alert.get("severity").asString()).isEqualTo("critical");
        clock.advance(Duration.ofSeconds(61));
        clears(alert);
    }

    @Test
    void validationsAreSlow() {
        String session = server.register("slow@example.test");
        // Whatever is usual: other tests may have waited for a database that was away.
        terms("latency", 1, 0);
        Cause cause = now();
        // The figures of a second are made once a second of the machine's own time, and judged
        // when there are enough in it: so the calls go on.
        await().atMost(BESIDE_OTHER_TESTS)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    for (int i = 0; i < 25; i++) {
                        validate(session);
                    }
                    return firing("latency", "server").isPresent();
                });

        JsonNode alert = fires("latency", "server", cause);
        clock.advance(Duration.ofSeconds(11)); // first: the server judges by itself
        terms("latency", 50_000, 4);
        clears(alert);
    }

    @Test
    void somebodyLogsInFromAfar() {
        server.register("far@example.test");
        logIn("far@example.test", RunningServer.PASSWORD, "203.0.113.5");
        logIn("far@example.test", RunningServer.PASSWORD, "203.0.113.6");
        judge();
        clock.advance(Duration.ofMinutes(30));
        Cause cause = now();
        logIn("far@example.test", RunningServer.PASSWORD, "198.51.100.5");

        JsonNode country = fires("unusual_geography", "", cause);
        JsonNode travel = fires("impossible_travel", "", cause);

        assertThat(country.get("summary").asString())
                .isEqualTo("far@example.test logged in from Australia for the first time");
        assertThat(travel.get("evidence").toString()).contains("km/h", "203.0.113.6, Netherlands");
        clock.advance(Duration.ofMinutes(10));
        long over = System.nanoTime();
        clears(country, over);
        clears(travel, over);
    }

    @Test
    void aSecretIsOverdue() {
        clock.advance(Duration.ofDays(300));
        Cause cause = now();

        JsonNode alert = fires("secret_overdue", "admin_token", cause);

        fires("secret_overdue", "default/default", cause);
        assertThat(server.admin("/v1/secrets/admin-token/rotate", "{}").status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(5));
        clears(alert);
    }

    @Test
    void aUsedTokenIsPresentedAgain() {
        server.register("token@example.test");
        String token =
                server.admin(
                                "/v1/tokens",
                                "{\"purpose\":\"magic_link\",\"email\":\"token@example.test\"}")
                        .text("token");
        String body = "{\"token\":\"%s\"}".formatted(token);
        assertThat(server.post("/auth/token/login", body).status()).isEqualTo(200);
        assertThat(server.post("/auth/token/login", body).status()).isEqualTo(401);
        Cause cause = now();
        JsonNode alert = fires("replayed_token", "default/magic_link", cause);

        assertThat(alert.toString()).doesNotContain(token);
        clock.advance(Duration.ofMinutes(10));
        clears(alert);
    }

    /** How long it took is measured by the clock, so this one tells something at each look. */
    @Test
    void aRevocationTakesLongerThanItsBudget() {
        server.register("budget@example.test");
        judge();
        terms("receipt_over_budget", 500, 0);
        String ref = server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
        clock.advanceAtEachLook(Duration.ofMillis(1));
        Cause cause = now();
        try {
            Answer revoked = server.admin("/v1/sessions/" + ref + "/revoke", "{}");
            assertThat(revoked.status()).as("%s", revoked.json()).isEqualTo(200);
        } finally {
            clock.advanceAtEachLook(Duration.ZERO);
        }

        JsonNode alert = fires("receipt_over_budget", "revocations", cause);

        clock.advance(Duration.ofMinutes(10)); // first: the server judges by itself
        terms("receipt_over_budget", 1_000_000, 0);
        clears(alert);
    }

    @Test
    void theAuditIsBroken() {
        server.register("audit@example.test");
        judge();
        String kind = raw.texts("SELECT kind FROM audit WHERE number = 2").getFirst();
        raw.change("UPDATE audit SET kind = 'session.closed' WHERE number = 2");
        JsonNode alert;
        try {
            alert = fires("audit_break", "default", now());
        } finally {
            raw.change("UPDATE audit SET kind = ? WHERE number = 2", kind);
        }

        assertThat(alert.get("summary").asString()).contains("row 2 does not fit its hash");
        clears(alert);
    }

    @Test
    void theClockJumps() {
        Cause cause;
        JsonNode alert;
        do { // again where the server's own look falls between the jump and ours, and dates it back
            pass(Duration.ofMinutes(10)); // the other tests let it jump all the time
            long begun = System.nanoTime();
            clock.advance(Duration.ofHours(1));
            cause = new Cause(clock.instant(), begun);
            alert =
                    await().atMost(BESIDE_OTHER_TESTS)
                            .pollInterval(LOOK_EVERY)
                            .until(() -> firing("clock_jump", "clock"), Optional::isPresent)
                            .orElseThrow();
        } while (Instant.parse(alert.get("since").asString()).isBefore(cause.at()));

        fires("clock_jump", "clock", cause);

        pass(Duration.ofSeconds(596));
        clock.advance(Duration.ofSeconds(4));
        clears(alert);
    }

    @Test
    void oldSessionsAreNotPurged() {
        RouteTables.upkeep(server.server());
        judge();
        clock.advance(Duration.ofSeconds(1_801));

        JsonNode alert = fires("purge_lag", "sessions", now());

        RouteTables.upkeep(server.server());
        clears(alert);
    }

    @Test
    void alertsDoNotGetThrough() {
        answered.set(500);
        Cause cause = now();
        server.admin("/v1/alerts/test", "{\"channel\":\"webhook\"}");

        JsonNode alert = fires("delivery_failed", "webhook", cause);

        answered.set(204);
        long over = System.nanoTime();
        server.admin("/v1/alerts/test", "{\"channel\":\"webhook\"}");
        clears(alert, over);
    }

    /** What it took differs from run to run; that every rule was seen to fire does not. */
    @Test
    void thePageTellsHowLongEachRuleTook() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "alerts.md"));

        for (AlertRule rule : AlertRule.values()) {
            assertThat(page)
                    .containsPattern(
                            "\\| `%s` \\| [0-9]\\.[0-9] s \\| [0-9]\\.[0-9] s \\|"
                                    .formatted(rule.wireName()));
        }
    }
}
