package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

@DatabaseContract
@Timeout(120)
class RefreshTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir private Path data;
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private String old;

    @BeforeEach
    void start() {
        server = RunningServer.start(data, clock);
        old = server.register("ana@example.test");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer refresh(String session) {
        return server.post("/auth/refresh", "", "X-Session-ID", session);
    }

    private Answer bridge(String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    private int browser(String session) {
        return server.get("/auth/validation", "X-Session-ID", session).status();
    }

    private String ref(String session) {
        return bridge(session).json().get("session").get("id").asString();
    }

    @Test
    void givesNewIdUnderWhichTheSessionGoesOn() {
        String ref = ref(old);

        Answer answer = refresh(old);

        assertThat(answer.status()).isEqualTo(200);
        String fresh = answer.text("sessionId");
        assertThat(fresh).isEqualTo(answer.text("session_id")).isNotEqualTo(old);
        assertThat(answer.text("expiresAt")).isEqualTo(answer.text("expires_at")).isNotEmpty();
        assertThat(answer.json().get("user").get("email").asString()).isEqualTo("ana@example.test");
        assertThat(answer.response().headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("session_id=" + fresh));
        assertThat(ref(fresh)).isEqualTo(ref);
    }

    @Test
    void oldIdOpensTheSessionDuringTheGraceAndGetsTheSameSuccessor() {
        String fresh = refresh(old).text("session_id");

        clock.advance(GRACE.minusMillis(1));

        assertThat(bridge(old).status()).isEqualTo(200);
        assertThat(browser(old)).isEqualTo(200);
        assertThat(refresh(old).text("session_id")).isEqualTo(fresh);
        assertThat(bridge(fresh).status()).isEqualTo(200);
    }

    @Test
    void oldIdLeadsToTheNewestWhenItsSuccessorWasRefreshedToo() {
        String second = refresh(old).text("session_id");
        String third = refresh(second).text("session_id");

        assertThat(refresh(old).text("session_id")).isEqualTo(third);
    }

    @Test
    void successorSurvivesRestart() {
        String fresh = refresh(old).text("session_id");
        server.close();
        server = RunningServer.start(data, clock);

        assertThat(refresh(old).text("session_id")).isEqualTo(fresh);
    }

    @Test
    void fiftyAtOnceGetOneSuccessorAndNobodyIsLoggedOut() throws Exception {
        List<String> successors = new ArrayList<>();
        try (ExecutorService tabs = Executors.newFixedThreadPool(50)) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(tabs.submit(() -> refresh(old)));
            }
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
                successors.add(answer.get().text("session_id"));
            }
        }

        assertThat(successors).hasSize(50).containsOnly(successors.getFirst());
        assertThat(successors).doesNotContain(old);
        assertThat(bridge(successors.getFirst()).status()).isEqualTo(200);
        assertThat(bridge(old).status()).isEqualTo(200);
    }

    @Test
    void refreshWithOldIdAfterTheGraceEndsTheSession() {
        String fresh = refresh(old).text("session_id");
        assertThat(bridge(fresh).status()).isEqualTo(200);
        clock.advance(GRACE);

        assertThat(refresh(old).status()).isEqualTo(401);

        assertThat(bridge(fresh).text("reason")).isEqualTo("revoked");
        assertThat(browser(fresh)).isEqualTo(401);
        assertThat(refresh(fresh).status()).isEqualTo(401);
    }

    @Test
    void browserWithOldIdAfterTheGraceEndsTheSession() {
        String fresh = refresh(old).text("session_id");
        clock.advance(GRACE);

        assertThat(browser(old)).isEqualTo(401);

        assertThat(bridge(fresh).status()).isEqualTo(401);
    }

    @Test
    void bridgeCallWithOldIdAfterTheGraceIsRefusedAtOnceAndEndsTheSession() {
        String ref = ref(old);
        String fresh = refresh(old).text("session_id");
        assertThat(bridge(old).status()).isEqualTo(200);
        clock.advance(GRACE);

        Answer refused = bridge(old);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text("reason")).isEqualTo("replaced");
        assertThat(refused.text("code")).isEqualTo("SESSION_REVOKED");
        Awaitility.await().until(() -> bridge(fresh).status() == 401);
        Answer shown = server.admin("/v1/sessions/" + ref);
        assertThat(shown.json().get("session").get("endReason").asString())
                .isEqualTo("replaced id used again");
        assertThat(shown.response().body()).contains("\"kind\":\"refreshed\"");
    }

    @Test
    void oldIdIsNotServedFromMemorySoThatNoClockBringsItBack() {
        assertThat(bridge(old).status()).isEqualTo(200);
        assertThat(bridge(old).text("cacheSource")).isEqualTo("ultra");

        refresh(old);

        assertThat(bridge(old).text("cacheSource")).isEqualTo("db");
        assertThat(bridge(old).text("cacheSource")).isEqualTo("db");
    }

    @Test
    void revocationDuringTheGraceStopsTheOldIdToo() {
        String ref = ref(old);
        String fresh = refresh(old).text("session_id");
        assertThat(bridge(old).status()).isEqualTo(200);
        assertThat(bridge(fresh).status()).isEqualTo(200);

        assertThat(server.admin("/v1/sessions/" + ref + "/revoke", "{}").status()).isEqualTo(200);

        assertThat(bridge(old).status()).isEqualTo(401);
        assertThat(bridge(fresh).status()).isEqualTo(401);
        assertThat(refresh(old).status()).isEqualTo(401);
    }

    @Test
    void undoBringsBackTheNewestIdOnly() {
        String ref = ref(old);
        String fresh = refresh(old).text("session_id");
        server.admin("/v1/sessions/" + ref + "/revoke", "{}");

        assertThat(server.admin("/v1/sessions/" + ref + "/restore", "").status()).isEqualTo(200);

        assertThat(bridge(fresh).status()).isEqualTo(200);
        assertThat(bridge(old).status()).isEqualTo(401);
    }

    @Test
    void logoutWithOldIdInTheGraceLogsOutForGood() {
        String fresh = refresh(old).text("session_id");

        assertThat(server.post("/auth/logout", "", "X-Session-ID", old).status()).isEqualTo(200);

        assertThat(bridge(fresh).status()).isEqualTo(401);
        assertThat(bridge(old).status()).isEqualTo(401);
    }

    @Test
    void endingAllOfTheUserStopsOldAndNewId() {
        String fresh = refresh(old).text("session_id");
        assertThat(bridge(old).status()).isEqualTo(200);

        server.post("/auth/invalidate/me", "", "X-Session-ID", fresh);

        assertThat(bridge(old).status()).isEqualTo(401);
        assertThat(bridge(fresh).status()).isEqualTo(401);
    }

    @Test
    void refreshDoesNotProlongTheSessionBeyondItsAbsoluteEnd() {
        server.close();
        server = RunningServer.start(data, clock, Map.of("DRAWBRIDGE_SESSION_IDLE", "12h"));
        String session = server.register("ben@example.test");
        Instant end = clock.instant().plus(Duration.ofDays(7));
        while (clock.instant().isBefore(end)) {
            Answer answer = refresh(session);
            assertThat(answer.status()).isEqualTo(200);
            session = answer.text("session_id");
            clock.advance(Duration.ofHours(11));
        }

        assertThat(bridge(session).text("reason")).isEqualTo("absolute_expired");
    }

    @Test
    void keepsNoIdReadableAnywhereInTheDataFolder() throws IOException {
        String fresh = refresh(old).text("session_id");

        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(text).as(file.toString()).doesNotContain(fresh).doesNotContain(old);
            }
        }
    }
}
