package drawbridge.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.server.Platform;
import drawbridge.server.config.DataFolder;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Backups of a PostgreSQL are files like those of SQLite, and either kind takes them back. */
final class PostgresBackupTest {
    private static final String ANA = "ana@example.test";

    private final MutableClock clock = new MutableClock(Given.OPENED);
    @TempDir private Path temp = Path.of("");

    private Map<String, String> postgres() {
        return Map.of("DATABASE_URL", TestDatabase.postgresFor(temp.resolve("data")));
    }

    private static final Map<String, String> SQLITE = Map.of("DATABASE_URL", "sqlite:");

    private RunningServer start(Map<String, String> database) {
        return RunningServer.start(temp.resolve("data"), clock, database);
    }

    private record Backed(Path file, String session) {}

    private Backed backUp(Map<String, String> database) {
        try (RunningServer server = start(database)) {
            String session = server.register(ANA);
            Answer made = server.admin("/v1/backup", "{}");
            assertThat(made.status()).as("%s", made.json()).isEqualTo(201);
            return new Backed(
                    temp.resolve("data").resolve("backups").resolve(made.text("name")), session);
        }
    }

    private Restoring.Restored restore(Path file, boolean toPostgres) {
        clock.advance(Duration.ofMinutes(1));
        PostgresUrl url = TestDatabase.parsed(TestDatabase.postgresFor(temp.resolve("data")));
        try (DataFolder folder = DataFolder.open(temp.resolve("data"), Platform.current())) {
            Restoring restoring =
                    new Restoring(
                            folder, Optional.empty(), new Backups(folder, 5), new SecureRandom());
            return toPostgres
                    ? restoring.restoreInto(url, file, clock.instant())
                    : restoring.restore(file, clock.instant());
        }
    }

    private void accountIsThereAndSessionIsNot(RunningServer server, String session) {
        assertThat(server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status())
                .isEqualTo(401);
        Answer login =
                server.post(
                        "/auth/login",
                        "{\"email\":\"%s\",\"password\":\"%s\"}"
                                .formatted(ANA, RunningServer.PASSWORD));
        assertThat(login.status()).as("%s", login.json()).isEqualTo(200);
        Answer report = server.admin("/v1/audit/verify", "{}");
        assertThat(report.json().get("sound").asBoolean()).as("%s", report.json()).isTrue();
        server.post("/auth/forgot-password", "{\"email\":\"%s\"}".formatted(ANA));
    }

    @Test
    void restoresWhatItBackedUpAndEndsEverySession() {
        Backed backed = backUp(postgres());
        try (RunningServer server = start(postgres())) {
            server.register("later@example.test");
        }

        Restoring.Restored restored = restore(backed.file(), true);

        assertThat(restored.keptAs())
                .hasValueSatisfying(name ->
                        assertThat(temp.resolve("data").resolve("backups").resolve(name)).exists());
        assertThat(Files.exists(temp.resolve("data").resolve("drawbridge.db.restored"))).isFalse();
        try (RunningServer server = start(postgres())) {
            accountIsThereAndSessionIsNot(server, backed.session());
            assertThat(server.admin("/v1/users").json().get("total").asLong()).isEqualTo(1);
        }
    }

    @Test
    void takesAServerFromSqliteToPostgresAndBack() {
        Backed sqlite = backUp(SQLITE);
        restore(sqlite.file(), true);
        Path back;
        try (RunningServer server = start(postgres())) {
            accountIsThereAndSessionIsNot(server, sqlite.session());
            back =
                    temp.resolve("data")
                            .resolve("backups")
                            .resolve(server.admin("/v1/backup", "{}").text("name"));
        }

        restore(back, false);

        try (RunningServer server = start(SQLITE)) {
            accountIsThereAndSessionIsNot(server, sqlite.session());
        }
    }

    /** Back to the schema of version 13; whoever adds a migration undoes it here first. */
    private static final List<String> OLDER =
            List.of(
                    "DROP TABLE rule_use",
                    "CREATE INDEX session_recent ON session (last_seen_at)",
                    "DELETE FROM flyway_schema_history WHERE CAST(version AS INTEGER) > 13");

    @Test
    void keepsADatabaseOfAnOlderVersionAsItWasBeforeItIsUpgraded() throws Exception {
        String session;
        try (RunningServer server = start(postgres())) {
            session = server.register(ANA);
        }
        try (Connection past = TestDatabase.connectPostgres(temp.resolve("data"));
                Statement statement = past.createStatement()) {
            for (String each : OLDER) {
                statement.execute(each);
            }
        }

        try (RunningServer server = start(postgres())) {
            assertThat(server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status())
                    .isEqualTo(200);
            server.register("later@example.test");
        }

        List<Path> kept;
        try (Stream<Path> files = Files.list(temp.resolve("data").resolve("backups"))) {
            kept = files.toList();
        }
        assertThat(kept)
                .singleElement()
                .extracting(file -> file.getFileName().toString())
                .asString()
                .startsWith("before-upgrade-");
        assertThat(Database.outdatedSqlite(kept.getFirst())).hasValue("13");
        restore(kept.getFirst(), true);
        try (RunningServer server = start(postgres())) {
            accountIsThereAndSessionIsNot(server, session);
            assertThat(server.admin("/v1/users").json().get("total").asLong()).isEqualTo(1);
        }
    }

    @Test
    void upgradesNothingThatItCannotBackUp() throws Exception {
        try (RunningServer server = start(postgres())) {
            server.register(ANA);
        }
        try (Connection past = TestDatabase.connectPostgres(temp.resolve("data"));
                Statement statement = past.createStatement()) {
            for (String each : OLDER) {
                statement.execute(each);
            }
            statement.execute("ALTER TABLE caller ADD COLUMN unknown TEXT");
        }

        assertThatThrownBy(() -> start(postgres())).hasStackTraceContaining("caller");

        assertThat(
                        Database.outdatedPostgres(
                                TestDatabase.parsed(
                                        TestDatabase.postgresFor(temp.resolve("data")))))
                .hasValue("13");
    }
}
