package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SmallDisk;
import drawbridge.server.support.TestDatabase;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL whose disk is full: first for its tables and indexes, then also for its log, where
 * it ends itself.
 */
@Timeout(300)
final class PostgresDiskFullTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration RIGHT_AGAIN = Duration.ofSeconds(10);

    /** What a new PostgreSQL takes, and its log. */
    private static final int MEGABYTES = 160;

    /** With its files on that disk, and always on one port. */
    private static final class OnDisk implements AutoCloseable {
        private final Path data;
        private EmbeddedPostgres postgres;

        OnDisk(Path data) throws IOException {
            this.data = data;
            this.postgres = wanted(data).start();
        }

        private static EmbeddedPostgres.Builder wanted(Path data) {
            return EmbeddedPostgres.builder()
                    .setPGStartupWait(TestDatabase.START)
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setServerConfig("max_connections", "50");
        }

        void execute(String... all) throws SQLException {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                for (String each : all) {
                    statement.execute(each);
                }
            }
        }

        String url(String database) {
            return "postgresql://postgres@localhost:%d/%s".formatted(postgres.getPort(), database);
        }

        ProcessHandle process() throws IOException {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return ProcessHandle.of(Long.parseLong(lines.getFirst())).orElseThrow();
        }

        /** After it has ended itself. */
        void startAgain() throws IOException {
            int port = postgres.getPort();
            postgres.close();
            postgres = wanted(data).setPort(port).start();
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }

    /**
     * Of the log, in which all registrations have room, so that tables and indexes lack it first.
     */
    private static void beginNewSegment(OnDisk postgres) throws SQLException {
        postgres.execute("SELECT pg_switch_wal()", "CHECKPOINT");
    }

    @Test
    void losesNothingOnDiskThatIsFullAndGoesOnOnceThereIsRoom(@TempDir Path temp) throws Exception {
        try (SmallDisk disk =
                        SmallDisk.mount(
                                temp.resolve("disk"),
                                MEGABYTES,
                                "PostgresTest.aFullDiskIsKnownByItsNumber stands in for this one");
                OnDisk postgres = new OnDisk(temp.resolve("disk/data"))) {
            postgres.execute("CREATE DATABASE drawbridge");
            try (KillableServer server =
                    new KillableServer(
                            Files.createDirectory(temp.resolve("server")),
                            Map.of("DATABASE_URL", postgres.url("drawbridge")))) {
                server.start();
                List<String> opened = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    opened.add(session(register(server, "before-%d@example.test".formatted(i))));
                }
                String hot = opened.getFirst();
                assertThat(validate(server, hot).statusCode()).isEqualTo(200);
                beginNewSegment(postgres);

                disk.fill();
                HttpResponse<String> refused = register(server, "full-0@example.test");
                for (int i = 1; refused.statusCode() == 201 && i < 500; i++) {
                    opened.add(session(refused)); // what was still free within the files
                    refused = register(server, "full-%d@example.test".formatted(i));
                }

                assertThat(refused.statusCode()).isEqualTo(503);
                JsonNode said = JSON.readTree(refused.body());
                assertThat(said.get("code").asString()).isEqualTo("STORE_UNAVAILABLE");
                assertThat(said.get("error").asString()).contains("disk").contains("full");
                assertHolds(server, opened);
                await().until(() -> Files.readString(server.output()).contains("disk full"));

                disk.makeRoom();
                awaitRightAgain(server);
                assertHolds(server, opened);

                disk.fill();
                endForWantOfLog(postgres);
                HttpResponse<String> away = register(server, "away@example.test");
                assertThat(away.statusCode()).isEqualTo(503);
                assertThat(validate(server, hot).statusCode()).isIn(200, 503); // by its lease

                disk.makeRoom();
                postgres.startAgain();
                awaitRightAgain(server);
                assertHolds(server, opened);
                assertThat(
                                JSON.readTree(server.admin("POST", "/v1/audit/verify").body())
                                        .get("sound")
                                        .asBoolean())
                        .isTrue();
            }
        }
    }

    private static void awaitRightAgain(KillableServer server) {
        await().atMost(RIGHT_AGAIN)
                .until(() ->
                        register(server, "after-%d@example.test".formatted(System.nanoTime()))
                                        .statusCode()
                                == 201);
    }

    /** Writes into its log until that has no room, and returns once it has ended itself. */
    private static void endForWantOfLog(OnDisk postgres) throws Exception {
        ProcessHandle process = postgres.process();
        String[] steps = {"SELECT pg_create_restore_point('full')", "SELECT pg_switch_wal()"};
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                postgres.execute(steps);
                            }
                        })
                .isInstanceOf(SQLException.class);
        assertThat(process.onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    private static void assertHolds(KillableServer server, List<String> opened) throws IOException {
        for (String session : opened) {
            assertThat(validate(server, session).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> register(KillableServer server, String email)
            throws IOException {
        return server.post(
                "/auth/register", Map.of("email", email, "password", RunningServer.PASSWORD));
    }

    private static String session(HttpResponse<String> registered) {
        assertThat(registered.statusCode()).isEqualTo(201);
        return JSON.readTree(registered.body()).get("data").get("session_id").asString();
    }

    private static HttpResponse<String> validate(KillableServer server, String session)
            throws IOException {
        return server.post(
                "/auth/bridge/validate", Map.of("session_id", session, "ip", "127.0.0.1"));
    }
}
