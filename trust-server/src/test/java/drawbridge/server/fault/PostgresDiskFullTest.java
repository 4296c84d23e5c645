package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.SmallDisk;
import drawbridge.server.support.TestDatabase;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL whose disk is full: first for its tables and indexes, then also for its log, where
 * it ends itself.
 */
@Timeout(300)
final class PostgresDiskFullTest {
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
                SessionsHeld held = new SessionsHeld(server);
                held.open(5);
                String hot = held.opened().getFirst();
                assertThat(held.validate(hot).statusCode()).isEqualTo(200);
                beginNewSegment(postgres);

                disk.fill();
                held.openUntilDiskIsFull();

                held.assertHeld();
                await().until(() -> Files.readString(server.output()).contains("disk full"));

                disk.makeRoom();
                held.awaitRightAgain();
                held.assertHeld();

                disk.fill();
                endForWantOfLog(postgres);
                assertThat(held.register("away@example.test").statusCode()).isEqualTo(503);
                assertThat(held.validate(hot).statusCode()).isIn(200, 503); // by its lease

                disk.makeRoom();
                postgres.startAgain();
                held.awaitRightAgain();
                held.assertHeld();
                held.assertAuditIsSound();
            }
        }
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
}
