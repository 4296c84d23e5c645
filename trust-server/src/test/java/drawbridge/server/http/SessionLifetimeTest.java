package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Every lifetime, at both listeners' doors, from memory and from the database. */
@DatabaseContract
class SessionLifetimeTest {
    private static final Duration MOMENT = Duration.ofMillis(1);

    @TempDir private Path data;
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private static String logIn(RunningServer server, String remember) {
        server.register("ana@example.test");
        return server.post(
                        "/auth/login",
                        "{\"email\":\"ana@example.test\",\"password\":\"%s\"%s}"
                                .formatted(RunningServer.PASSWORD, remember))
                .text("session_id");
    }

    private static int bridge(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    private static Answer browser(RunningServer server, String session) {
        return server.get("/auth/validation", "X-Session-ID", session);
    }

    private static void expectLive(RunningServer server, String session) {
        assertThat(browser(server, session).status()).isEqualTo(200);
        assertThat(bridge(server, session)).isEqualTo(200);
    }

    private static void expectExpired(RunningServer server, String session) {
        assertThat(browser(server, session).text("error")).isEqualTo("Session expired");
        assertThat(bridge(server, session)).isEqualTo(401);
        assertThat(server.post("/auth/refresh", "", "X-Session-ID", session).status())
                .isEqualTo(401);
    }

    /** Restarts when asked to, so that no tier but the database knows the session. */
    private RunningServer again(RunningServer server, boolean restart, Map<String, String> with) {
        if (!restart) {
            return server;
        }
        server.close();
        return RunningServer.start(data, clock, with);
    }

    @ParameterizedTest(name = "served by the database: {0}")
    @ValueSource(booleans = {false, true})
    void endsAfterThirtyMinutesUnused(boolean restart) {
        RunningServer server = RunningServer.start(data, clock);
        try {
            String session = logIn(server, "");
            clock.advance(Duration.ofMinutes(30).minus(MOMENT));
            expectLive(server, session);
            clock.advance(Duration.ofMinutes(30));
            server = again(server, restart, Map.of());
            expectExpired(server, session);
        } finally {
            server.close();
        }
    }

    @ParameterizedTest(name = "served by the database: {0}")
    @ValueSource(booleans = {false, true})
    void endsAfterSevenDaysHoweverMuchItIsUsed(boolean restart) {
        RunningServer server = RunningServer.start(data, clock);
        try {
            String session = logIn(server, "");
            Instant end = clock.instant().plus(Duration.ofDays(7));
            while (clock.instant().isBefore(end.minus(Duration.ofMinutes(25)))) {
                clock.advance(Duration.ofMinutes(25));
                assertThat(bridge(server, session)).isEqualTo(200);
            }
            clock.advance(Duration.between(clock.instant(), end).minus(MOMENT));
            expectLive(server, session);
            clock.advance(MOMENT);
            server = again(server, restart, Map.of());
            expectExpired(server, session);
        } finally {
            server.close();
        }
    }

    @ParameterizedTest(name = "served by the database: {0}")
    @ValueSource(booleans = {false, true})
    void remembersForThirtyDaysUsedOrNot(boolean restart) {
        RunningServer server = RunningServer.start(data, clock);
        try {
            String snake = logIn(server, ",\"remember_me\":true");
            clock.advance(Duration.ofDays(30).minus(MOMENT));
            expectLive(server, snake);
            clock.advance(MOMENT);
            server = again(server, restart, Map.of());
            expectExpired(server, snake);
        } finally {
            server.close();
        }
    }

    @Test
    void readsRememberMeInBothSpellingsAndTakesNullForNo() {
        try (RunningServer server = RunningServer.start(data, clock)) {
            String camel = logIn(server, ",\"rememberMe\":true");
            String not = logInAgain(server, ",\"remember_me\":null");

            clock.advance(Duration.ofDays(8));

            assertThat(bridge(server, camel)).isEqualTo(200);
            assertThat(bridge(server, not)).isEqualTo(401);
        }
    }

    private static String logInAgain(RunningServer server, String more) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"ana@example.test\",\"password\":\"%s\"%s}"
                                .formatted(RunningServer.PASSWORD, more))
                .text("session_id");
    }

    @ParameterizedTest(name = "served by the database: {0}")
    @ValueSource(booleans = {false, true})
    void shortProfileLastsFifteenMinutesAndIsRefreshedForSoLong(boolean restart) {
        Map<String, String> brief =
                Map.of(
                        "DRAWBRIDGE_SESSION_PROFILE", "short",
                        "DRAWBRIDGE_SESSION_SHORT_REFRESH", "2h");
        RunningServer server = RunningServer.start(data, clock, brief);
        try {
            String session = logIn(server, "");
            Instant login = clock.instant();
            clock.advance(Duration.ofMinutes(15).minus(MOMENT));
            expectLive(server, session); // use does not prolong it
            String left = session;
            Answer refreshed = server.post("/auth/refresh", "", "X-Session-ID", session);
            assertThat(refreshed.status()).isEqualTo(200);
            session = refreshed.text("session_id");
            Instant end = login.plus(Duration.ofHours(2));
            while (clock.instant().isBefore(end.minus(Duration.ofMinutes(14)))) {
                clock.advance(Duration.ofMinutes(14));
                Answer next = server.post("/auth/refresh", "", "X-Session-ID", session);
                assertThat(next.status()).isEqualTo(200);
                assertThat(Instant.parse(next.text("expires_at"))).isBeforeOrEqualTo(end);
                session = next.text("session_id");
            }
            clock.advance(Duration.between(clock.instant(), end).minus(MOMENT));
            expectLive(server, session);
            clock.advance(MOMENT);
            server = again(server, restart, brief);
            expectExpired(server, session);
            assertThat(bridge(server, left)).isEqualTo(401);
        } finally {
            server.close();
        }
    }

    @Test
    void shortProfileCanBeRefreshedForThirtyDaysUnlessToldOtherwise() {
        try (RunningServer server =
                RunningServer.start(
                        data,
                        clock,
                        Map.of(
                                "DRAWBRIDGE_SESSION_PROFILE", "short",
                                "DRAWBRIDGE_SESSION_SHORT_LIFETIME", "24h"))) {
            String session = logIn(server, "");
            for (int day = 0; day < 30; day++) {
                Answer next = server.post("/auth/refresh", "", "X-Session-ID", session);
                assertThat(next.status()).as("day %d", day).isEqualTo(200);
                session = next.text("session_id");
                clock.advance(Duration.ofHours(24).minus(MOMENT));
            }
            clock.advance(MOMENT.multipliedBy(30));

            expectExpired(server, session);
        }
    }

    @Test
    void shortProfileEndsWhenNobodyRefreshes() {
        try (RunningServer server =
                RunningServer.start(data, clock, Map.of("DRAWBRIDGE_SESSION_PROFILE", "short"))) {
            String session = logIn(server, "");
            clock.advance(Duration.ofMinutes(10));
            expectLive(server, session);
            clock.advance(Duration.ofMinutes(5));

            expectExpired(server, session);
        }
    }
}
