package drawbridge.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What rules decided is kept for an hour, also over a restart, and no longer. */
@DatabaseContract
final class DatabaseRouteUseTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:30Z"));

    @Test
    void isKeptOverRestartForAnHour(@TempDir Path data) throws SQLException {
        String session;
        try (RunningServer server = RunningServer.start(data, clock)) {
            session = server.register("kept@example.test");
            assertThat(
                            server.admin(
                                            "PUT",
                                            "/v1/policies",
                                            "{\"baseVersion\":0,\"rules\":[{\"pattern\":\"/a\",\"mode\":\"STRICT\"}]}")
                                    .status())
                    .isEqualTo(200);
            ask(server, session, "/a");
            ask(server, session, "/b");
        }
        clock.advance(Duration.ofMinutes(1));
        try (RunningServer server = RunningServer.start(data, clock)) {
            ask(server, session, "/a");

            JsonNode use = server.admin("/v1/policies/use").json();

            JsonNode rule = use.get("rules").get(0);
            assertThat(rule.get("calls").asInt()).isEqualTo(2);
            assertThat(rule.get("refused").asInt()).isEqualTo(2);
            assertThat(rule.get("callsByMinute").get(58).asInt()).isEqualTo(1);
            assertThat(rule.get("callsByMinute").get(59).asInt()).isEqualTo(1);
            assertThat(use.get("withoutRule").get("no_rule").get("calls").asInt()).isEqualTo(1);
            clock.advance(Duration.ofMinutes(62));
            ask(server, session, "/b");
        }
        // Of the second life: one call that no rule decided.
        try (Connection past = TestDatabase.connect(data);
                Statement statement = past.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT count(*), max(route) FROM rule_use WHERE reason = ''")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
            assertThat(row.getString(2)).isEqualTo("no_rule");
        }
    }

    private static void ask(RunningServer server, String session, String path) {
        server.validate(
                Map.of("session_id", session, "ip", "127.0.0.1", "method", "GET", "path", path));
    }
}
