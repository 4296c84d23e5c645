package drawbridge.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drawbridge.model.Secret;
import drawbridge.server.Platform;
import drawbridge.server.config.DataFolder;
import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** A server goes from SQLite to PostgreSQL and back; its sessions go along and nothing revives. */
final class DatabaseMigrationTest {
    private static final Map<String, String> SQLITE = Map.of("DATABASE_URL", "sqlite:");

    private static final String LOGIN =
            "{\"email\":\"away@example.test\",\"password\":\"%s\"}"
                    .formatted(RunningServer.PASSWORD);

    private final MutableClock clock = new MutableClock(Given.OPENED);
    @TempDir private Path temp = Path.of("");

    private Map<String, String> postgres() {
        return Map.of("DATABASE_URL", TestDatabase.postgresFor(temp.resolve("data")));
    }

    private RunningServer start(Map<String, String> database) {
        return RunningServer.start(temp.resolve("data"), clock, database);
    }

    private DatabaseMigration.Migrated migrate(boolean toPostgres) {
        return migrate(toPostgres, Optional.empty());
    }

    private DatabaseMigration.Migrated migrate(boolean toPostgres, Optional<Secret> masterKey) {
        clock.advance(Duration.ofMinutes(1));
        try (DataFolder folder = DataFolder.open(temp.resolve("data"), Platform.current())) {
            DatabaseMigration migration =
                    new DatabaseMigration(
                            folder,
                            masterKey,
                            TestDatabase.parsed(TestDatabase.postgresFor(temp.resolve("data"))),
                            new Backups(folder, 5),
                            new SecureRandom());
            return toPostgres
                    ? migration.toPostgres(clock.instant())
                    : migration.toSqlite(clock.instant());
        }
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    private static void revokeNewest(RunningServer server) {
        String ref = server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
        assertThat(server.admin("/v1/sessions/" + ref + "/revoke", "{\"final\":true}").status())
                .isEqualTo(200);
    }

    private static void auditIsSound(RunningServer server) {
        Answer report = server.admin("/v1/audit/verify", "{}");
        assertThat(report.json().get("sound").asBoolean()).as("%s", report.json()).isTrue();
    }

    @Test
    void sessionsGoAlongBothWaysAndNothingRevives() {
        String stays;
        String ended;
        try (RunningServer server = start(SQLITE)) {
            stays = server.register("stays@example.test");
            clock.advance(Duration.ofSeconds(1));
            ended = server.register("ended@example.test");
            revokeNewest(server);
        }

        DatabaseMigration.Migrated there = migrate(true);

        assertThat(there.rows()).containsEntry("user_account", 2L).containsEntry("session", 2L);
        assertThat(there.keptAs()).isEmpty();
        assertThatThrownBy(() -> start(SQLITE)).hasMessageContaining("sealed");
        String moved;
        try (RunningServer server = start(postgres())) {
            assertThat(validate(server, stays)).isEqualTo(200);
            assertThat(validate(server, ended)).isEqualTo(401);
            auditIsSound(server);
            revokeNewest(server); // also ended: again
            clock.advance(Duration.ofSeconds(1));
            moved = server.register("moved@example.test");
        }

        DatabaseMigration.Migrated back = migrate(false);

        assertThat(back.rows()).containsEntry("user_account", 3L);
        assertThat(back.keptAs()).isPresent();
        assertThatThrownBy(() -> start(postgres())).hasMessageContaining("sealed");
        try (RunningServer server = start(SQLITE)) {
            assertThat(validate(server, moved)).isEqualTo(200);
            assertThat(validate(server, stays)).isEqualTo(200);
            assertThat(validate(server, ended)).isEqualTo(401);
            auditIsSound(server);
        }

        // There again: over what was moved away before.
        assertThat(migrate(true).keptAs()).isPresent();
        try (RunningServer server = start(postgres())) {
            assertThat(validate(server, moved)).isEqualTo(200);
        }
        assertThat(Files.exists(temp.resolve("data").resolve("drawbridge.db.moved"))).isFalse();
    }

    @Test
    void accountsThatWereNotMovedAwayAreNotWrittenOver() {
        try (RunningServer server = start(postgres())) {
            server.register("there@example.test");
        }
        String here;
        try (RunningServer server = start(SQLITE)) {
            here = server.register("here@example.test");
        }

        assertThatThrownBy(() -> migrate(true)).hasMessageContaining("holds accounts already");

        try (RunningServer server = start(SQLITE)) {
            assertThat(validate(server, here)).isEqualTo(200);
        }
    }

    @Test
    void whatArrivedOtherThanItWasIsNoticedAndNothingWasMoved() throws SQLException {
        String here;
        try (RunningServer server = start(SQLITE)) {
            here = server.register("here@example.test");
        }
        past(
                """
                CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN NEW.email := NEW.email || ''x''; RETURN NEW; END';
                CREATE TRIGGER spoil BEFORE INSERT ON user_account
                    FOR EACH ROW EXECUTE FUNCTION spoil()
                """);

        assertThatThrownBy(() -> migrate(true))
                .isInstanceOf(BackupFailure.class)
                .hasMessage("what arrived differs in user_account");

        try (RunningServer server = start(SQLITE)) {
            assertThat(validate(server, here)).isEqualTo(200);
        }
        past("DROP TRIGGER spoil ON user_account");
        assertThat(migrate(true).rows()).containsEntry("user_account", 1L);
    }

    /** Digits with a zero before them, which a column of numbers does not keep. */
    @Test
    void whatCameBackOtherThanItWasIsNoticedAndNothingWasMoved() throws SQLException {
        try (RunningServer server = start(SQLITE)) {
            server.register("here@example.test");
        }
        DatabaseMigration.Migrated _ = migrate(true);
        String there;
        try (RunningServer server = start(postgres())) {
            there = server.register("there@example.test");
        }
        past("ALTER TABLE user_account ALTER updated_at TYPE TEXT USING '0' || updated_at");

        assertThatThrownBy(() -> migrate(false))
                .isInstanceOf(BackupFailure.class)
                .hasMessage("what arrived differs in user_account");

        past("ALTER TABLE user_account ALTER updated_at TYPE BIGINT USING updated_at::bigint");
        assertThatThrownBy(() -> start(SQLITE)).hasMessageContaining("sealed");
        assertThat(temp.resolve("data").resolve("drawbridge.db.moved")).doesNotExist();
        try (RunningServer server = start(postgres())) {
            assertThat(validate(server, there)).isEqualTo(200);
            auditIsSound(server);
        }
        assertThat(migrate(false).rows()).containsEntry("user_account", 2L);
        try (RunningServer server = start(SQLITE)) {
            assertThat(validate(server, there)).isEqualTo(200);
        }
    }

    private void past(String sql) throws SQLException {
        String url = TestDatabase.postgresFor(temp.resolve("data")).replace("postgres@", "");
        try (Connection connection = DriverManager.getConnection("jdbc:" + url + "?user=postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void nothingIsTakenFromUnderRunningServer() {
        try (RunningServer server = start(SQLITE)) {
            server.register("here@example.test");
        }
        try (RunningServer other = RunningServer.start(temp.resolve("other"), clock, postgres())) {
            assertThatThrownBy(() -> migrate(true)).hasMessageContaining("a server runs");
            assertThat(other.get("/health").status()).isEqualTo(200);
        }
    }

    /** Suspended, or cut off, while everything was moved: it must not go on beside the new one. */
    @Test
    void serverThatWasAwayDoesNotGoOnWithWhatWasMoved() throws IOException {
        String masterKey = "0123456789abcdef".repeat(4);
        String url = TestDatabase.postgresFor(temp.resolve("data"));
        URI address = URI.create(url);
        try (FaultProxy between = new FaultProxy(address.getPort());
                RunningServer server =
                        RunningServer.start(
                                temp.resolve("other"),
                                clock,
                                Map.of(
                                        "DATABASE_URL",
                                        url.replace(
                                                ":" + address.getPort() + "/",
                                                ":" + between.port() + "/"),
                                        "DRAWBRIDGE_MASTER_KEY",
                                        masterKey))) {
            String session = server.register("away@example.test");
            assertThat(validate(server, session)).isEqualTo(200);
            between.set(FaultProxy.Mode.HANG);
            await().until(() -> validate(server, session) == 503);

            migrate(false, Optional.of(Secret.copyOf(HexFormat.of().parseHex(masterKey))));
            between.set(FaultProxy.Mode.PASS);

            // Longer than it took to come back to a database that is not sealed.
            await().during(Duration.ofSeconds(4)).until(() -> validate(server, session) == 503);
            assertThat(server.post("/auth/login", LOGIN).text("code"))
                    .isEqualTo("STORE_UNAVAILABLE");
        }
    }
}
