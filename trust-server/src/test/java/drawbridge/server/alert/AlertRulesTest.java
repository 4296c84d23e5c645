package drawbridge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.RouteTables;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Each rule's cause is brought about for real, on a running server: it fires within ten seconds of
 * the clock, and clears by itself when the cause is over.
 */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class AlertRulesTest {
    private static final Duration IN_TIME = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofSeconds(1);

    private final MutableClock clock = new MutableClock(Given.OPENED);
    private RunningServer server;
    private RawDatabase raw;

    @BeforeAll
    void start(@TempDir Path data, @TempDir Path elsewhere) throws IOException {
        Path places = elsewhere.resolve("places.mmdb");
        new PlaceFileWriter()
                .put("203.0.113.0/24", "NL", "Netherlands", 52.37, 4.89)
                .put("198.51.100.0/24", "AU", "Australia", -33.87, 151.21)
                .to(places);
        server =
                RunningServer.start(
                        data,
                        clock,
                        Map.of(
                                "DRAWBRIDGE_GEO_DATABASE", places.toString(),
                                "DRAWBRIDGE_TRUSTED_PROXIES", "127.0.0.1/32",
                                "DRAWBRIDGE_SECRET_AGE", "300d"));
        raw = new RawDatabase(data);
    }

    @AfterAll
    void stop() {
        server.close();
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

    private JsonNode fires(String rule, String subject, Instant cause) {
        for (Duration passed = Duration.ZERO;
                passed.compareTo(IN_TIME) <= 0;
                passed = passed.plus(STEP)) {
            judge();
            Optional<JsonNode> alert = firing(rule, subject);
            if (alert.isPresent()) {
                Instant since = Instant.parse(alert.get().get("since").asString());
                assertThat(Duration.between(cause, since)).isBetween(Duration.ZERO, IN_TIME);
                assertThat(alert.get().get("evidence").size()).isPositive();
                assertThat(alert.get().get("advice").asString()).isNotBlank();
                return alert.get();
            }
            clock.advance(STEP);
        }
        throw new AssertionError(
                "%s did not fire within %s: %s"
                        .formatted(rule, IN_TIME, server.admin("/v1/alerts/rules").json()));
    }

    private void clears(JsonNode alert) {
        judge();
        String id = alert.get("id").asString();
        JsonNode over = null;
        for (JsonNode each : server.admin("/v1/alerts").json().get("alerts").values()) {
            if (each.get("id").asString().equals(id)) {
                over = each;
            }
        }
        assertThat(over).isNotNull();
        assertThat(over.get("state").asString()).as("%s", over).isEqualTo("cleared");
        assertThat(Instant.parse(over.get("clearedAt").asString())).isEqualTo(clock.instant());
    }

    private void terms(String rule, int least) {
        Answer set =
                server.admin(
                        "PUT",
                        "/v1/alerts/rules",
                        "{\"rules\":[{\"rule\":\"%s\",\"least\":%d}]}".formatted(rule, least));
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
        for (int i = 0; i < 12; i++) {
            logIn(
                    "target%d@example.test".formatted(i % 6),
                    "wrong horse battery staple",
                    "203.0.113.9");
        }

        JsonNode alert = fires("failed_logins", "server", clock.instant());

        assertThat(alert.get("evidence").toString())
                .contains("203.0.113.9", "target0@example.test")
                .doesNotContain("wrong horse");
        assertThat(alert.get("severity").asString()).isEqualTo("warning");
        clock.advance(Duration.ofSeconds(61));
        clears(alert);
    }

    @Test
    void refusalsRiseAndTheDatabaseIsAskedMoreOften() {
        judge();
        for (int i = 0; i < 110; i++) {
            validate(nobodys(i));
        }

        Instant cause = clock.instant();
        JsonNode refusals = fires("refusals", "server", cause);
        JsonNode queries = fires("database_queries", "server", cause);

        clock.advance(Duration.ofSeconds(61));
        clears(refusals);
        clears(queries);
    }

    @Test
    void validationsCannotBeDecided() {
        judge();
        raw.change("ALTER TABLE session RENAME TO session_elsewhere");
        JsonNode alert;
        try {
            for (int i = 1_000; i < 1_025; i++) {
                assertThat(validate(nobodys(i))).isEqualTo(503);
            }
            alert = fires("error_rate", "server", clock.instant());
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
        terms("latency", 1);
        for (int i = 0; i < 25; i++) {
            validate(session);
        }
        Instant cause = clock.instant();
        // The figures of a second are made once a second of the machine's own time.
        await().atMost(IN_TIME)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    judge();
                    return firing("latency", "server").isPresent();
                });

        JsonNode alert = fires("latency", "server", cause);
        terms("latency", 50_000);
        clock.advance(Duration.ofSeconds(11));
        clears(alert);
    }

    @Test
    void somebodyLogsInFromAfar() {
        server.register("far@example.test");
        logIn("far@example.test", RunningServer.PASSWORD, "203.0.113.5");
        logIn("far@example.test", RunningServer.PASSWORD, "203.0.113.6");
        judge();
        clock.advance(Duration.ofMinutes(30));
        Instant cause = clock.instant();
        logIn("far@example.test", RunningServer.PASSWORD, "198.51.100.5");

        JsonNode country = fires("unusual_geography", "", cause);
        JsonNode travel = fires("impossible_travel", "", cause);

        assertThat(country.get("summary").asString())
                .isEqualTo("far@example.test logged in from Australia for the first time");
        assertThat(travel.get("evidence").toString()).contains("km/h", "203.0.113.6, Netherlands");
        clock.advance(Duration.ofMinutes(10));
        clears(country);
        clears(travel);
    }

    @Test
    void aSecretIsOverdue() {
        clock.advance(Duration.ofDays(300));
        Instant cause = clock.instant();

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
        Instant cause = clock.instant();
        await().atMost(IN_TIME)
                .until(() -> {
                    judge();
                    return firing("replayed_token", "").isPresent();
                });

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
        terms("receipt_over_budget", 500);
        String ref = server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
        clock.advanceAtEachLook(Duration.ofMillis(1));
        Instant cause = clock.instant();
        try {
            Answer revoked = server.admin("/v1/sessions/" + ref + "/revoke", "{}");
            assertThat(revoked.status()).as("%s", revoked.json()).isEqualTo(200);
        } finally {
            clock.advanceAtEachLook(Duration.ZERO);
        }

        JsonNode alert = fires("receipt_over_budget", "revocations", cause);

        terms("receipt_over_budget", 1_000_000);
        clock.advance(Duration.ofMinutes(10));
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
            alert = fires("audit_break", "default", clock.instant());
        } finally {
            raw.change("UPDATE audit SET kind = ? WHERE number = 2", kind);
        }

        assertThat(alert.get("summary").asString()).contains("row 2 does not fit its hash");
        clears(alert);
    }

    @Test
    void theClockJumps() {
        pass(Duration.ofMinutes(10)); // the other tests let it jump all the time
        clock.advance(Duration.ofHours(1));

        JsonNode alert = fires("clock_jump", "clock", clock.instant());

        pass(Duration.ofMinutes(10));
        clears(alert);
    }

    @Test
    void oldSessionsAreNotPurged() {
        RouteTables.upkeep(server.server());
        judge();
        clock.advance(Duration.ofSeconds(1_801));

        JsonNode alert = fires("purge_lag", "sessions", clock.instant());

        RouteTables.upkeep(server.server());
        clears(alert);
    }
}
