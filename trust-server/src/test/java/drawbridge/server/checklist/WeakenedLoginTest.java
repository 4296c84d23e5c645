package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;

/** A server on a PostgreSQL with two logins, of which the one that serves is given too much. */
final class WeakenedLoginTest {
    private static final String LOGIN = "drawbridge_weakened_login";

    @Test
    void aLoginThatMayMoreThanServe(@TempDir Path folder) throws SQLException {
        Path data = folder.resolve("data");
        String administrator = TestDatabase.postgresFor(data);
        Map<String, String> twoLogins =
                Map.of(
                        "DATABASE_URL",
                        administrator.replace("postgres@", LOGIN + "@"),
                        "DATABASE_MIGRATE_URL",
                        administrator);
        try (Connection connection = TestDatabase.connectPostgres(data);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + LOGIN + " LOGIN");
            try {
                statement.execute(
                        "GRANT drawbridge_serve, drawbridge_read, drawbridge_operate,"
                                + " drawbridge_audit TO "
                                + LOGIN);
                try (CheckedServer weak = CheckedServer.start(data, Clock.systemUTC(), twoLogins)) {
                    JsonNode checked = weak.tried("default");
                    Map<String, String> sound = CheckedServer.rows(checked);
                    assertThat(sound)
                            .as(checked.toPrettyString())
                            .containsEntry("least_privilege", "pass []")
                            .containsEntry("row_security", "pass []");

                    statement.execute("ALTER ROLE " + LOGIN + " BYPASSRLS");

                    CheckedServer.assertWeak(
                            sound,
                            weak.tried("default"),
                            "least_privilege",
                            "warn",
                            "login_powerful");
                }
            } finally {
                statement.execute("DROP ROLE " + LOGIN);
            }
        }
    }
}
