package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.SqliteOnly;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Another program has locked the database file for writing and does not let go. */
@SqliteOnly
@Timeout(120)
final class HangingDatabaseTest {
    private static final Duration BOUND = Duration.ofSeconds(12);
    private static final Duration RIGHT_AGAIN = Duration.ofSeconds(10);

    @Test
    void answersInTimeThatItCannotAndIsRightAgainByItself(@TempDir Path data) throws SQLException {
        try (RunningServer server = RunningServer.start(data, Clock.systemUTC());
                Connection other =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + data.resolve("drawbridge.db"));
                Statement statement = other.createStatement()) {
            String session = server.register("ana@example.test");
            String idle = server.register("ben@example.test");
            String ref =
                    server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();

            statement.execute("BEGIN IMMEDIATE");
            long began = System.nanoTime();
            Answer revoke = server.admin("/v1/sessions/" + ref + "/revoke", "{}");
            Duration took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(revoke.status()).isEqualTo(503);
            assertThat(revoke.text("code")).isEqualTo("REVOCATION_PENDING");
            assertThat(took).isLessThan(BOUND);
            assertThat(validate(server, session)).as("what only reads goes on").isEqualTo(200);

            statement.execute("ROLLBACK");
            await().atMost(RIGHT_AGAIN)
                    .until(() ->
                            server.admin("/v1/sessions/" + ref + "/revoke", "{\"final\":true}")
                                            .status()
                                    == 200);
            assertThat(validate(server, idle)).isEqualTo(401);
            assertThat(validate(server, session)).isEqualTo(200);
        }
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }
}
