package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.RouteTables;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Days of logins, refreshes and logouts, and what is left of them. */
@Timeout(120)
final class DatabaseSessionPurgeTest {
    private static final int USERS = 4;
    private static final int DAYS = 45;
    private static final List<String> TABLES =
            List.of(
                    "session",
                    "session_replaced",
                    "revocation_log",
                    "mail_request",
                    "login_failure",
                    "known_device");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private static String logIn(RunningServer server, int user) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"user-%d@example.test\",\"password\":\"%s\"}"
                                .formatted(user, RunningServer.PASSWORD))
                .json()
                .get("session_id")
                .asString();
    }

    private static Map<String, Long> rows(RawDatabase database) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : TABLES) {
            rows.put(
                    table,
                    Long.parseLong(database.texts("SELECT count(*) FROM " + table).getFirst()));
        }
        return rows;
    }

    @Test
    void tablesDoNotGrowWithTheDays(@TempDir Path data) {
        try (RunningServer server = RunningServer.start(data, clock)) {
            RawDatabase database = new RawDatabase(data);
            for (int user = 0; user < USERS; user++) {
                server.register("user-%d@example.test".formatted(user));
            }
            List<Map<String, Long>> days = new ArrayList<>();
            for (int day = 0; day < DAYS; day++) {
                for (int user = 0; user < USERS; user++) {
                    String session = logIn(server, user);
                    if (user == 0) {
                        server.post("/auth/logout", "{\"session_id\":\"%s\"}".formatted(session));
                    } else if (user == 1) {
                        server.post("/auth/refresh", "{}", "X-Session-ID", session);
                    } else if (user == 2) {
                        server.post(
                                "/auth/password-reset/request",
                                "{\"email\":\"user-2@example.test\"}");
                        server.post("/auth/invalidate/me", "{}", "X-Session-ID", session);
                    }
                }
                server.post(
                        "/auth/login",
                        "{\"email\":\"nobody-%d@example.test\",\"password\":\"wrong\"}"
                                .formatted(day));
                clock.advance(Duration.ofDays(1));
                RouteTables.upkeep(server.server());
                days.add(rows(database));
            }

            Map<String, Long> late = days.getLast();
            Map<String, Long> earlier = days.get(DAYS - 8);
            assertThat(late.get("session")).as("two days of them").isLessThanOrEqualTo(3L * USERS);
            assertThat(late.get("session_replaced")).isLessThanOrEqualTo(3L);
            for (String table : TABLES) {
                assertThat(late.get(table)).as(table).isLessThanOrEqualTo(earlier.get(table));
            }
        }
    }
}
