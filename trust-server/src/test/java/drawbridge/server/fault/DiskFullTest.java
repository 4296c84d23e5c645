package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * No room for the database: on a small tmpfs where the tests may mount one, and by SQLite's own
 * limit everywhere.
 */
@Timeout(180)
final class DiskFullTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DataScope SETUP = DataScope.server(Why.SETUP);

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    void losesNothingOnDiskThatIsFullAndGoesOnOnceThereIsRoom(@TempDir Path temp) throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        assumeTrue(
                Files.isExecutable(Path.of("/bin/mount"))
                        && run(
                                "/bin/mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=24m",
                                "tmpfs",
                                disk.toString()),
                "only root can mount a small disk: the other test of this class stands in for this one");
        try (KillableServer server = new KillableServer(disk)) {
            server.start();
            List<String> opened = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                opened.add(session(register(server, "before-%d@example.test".formatted(i))));
            }
            String loggedOut = session(register(server, "out@example.test"));
            String hot = opened.getFirst();
            assertThat(validate(server, hot)).isEqualTo(200);

            Path filler = disk.resolve("filler");
            fill(filler);
            HttpResponse<String> refused = register(server, "full-0@example.test");
            for (int i = 1; refused.statusCode() == 201 && i < 500; i++) {
                opened.add(session(refused)); // what was still free within the files
                refused = register(server, "full-%d@example.test".formatted(i));
            }

            assertThat(refused.statusCode()).isEqualTo(503);
            JsonNode said = JSON.readTree(refused.body());
            assertThat(said.get("code").asString()).isEqualTo("STORE_UNAVAILABLE");
            assertThat(said.get("error").asString()).contains("disk").contains("full");
            assertThat(validate(server, hot)).as("from memory").isEqualTo(200);
            boolean isOut =
                    server.post("/auth/logout", Map.of("session_id", loggedOut)).statusCode()
                            == 200;

            Files.delete(filler);
            await().until(() ->
                    register(server, "after-%d@example.test".formatted(System.nanoTime()))
                                    .statusCode()
                            == 201);
            for (String session : opened) {
                assertThat(validate(server, session)).isEqualTo(200);
            }
            if (isOut) {
                assertThat(validate(server, loggedOut)).isEqualTo(401);
            }
            server.kill();
            server.start();
            for (String session : opened) {
                assertThat(validate(server, session)).isEqualTo(200);
            }
            assertThat(
                            JSON.readTree(server.admin("POST", "/v1/audit/verify").body())
                                    .get("sound")
                                    .asBoolean())
                    .isTrue();
            assertThat(SqliteFile.findAnyDamage(server.data().resolve("drawbridge.db"))).isEmpty();
        } finally {
            assertThat(run("/bin/umount", "-l", disk.toString())).isTrue();
        }
    }

    private static void fill(Path filler) throws IOException {
        for (int size = 64 * 1024; size > 0; size /= 16) {
            try (OutputStream out =
                    Files.newOutputStream(
                            filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException e) {
                // so much did not fit any more
            }
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

    private static int validate(KillableServer server, String session) throws IOException {
        return server.post(
                        "/auth/bridge/validate", Map.of("session_id", session, "ip", "127.0.0.1"))
                .statusCode();
    }

    @Test
    void losesNothingThatWasAnsweredWhenSqliteHasNoRoom(@TempDir Path temp) {
        Path file = temp.resolve("full.db");
        int answered = 0;
        try (Database database = Database.openSqlite(file)) {
            ServerState.prepare(database, Instant.EPOCH);
            database.write(
                    SETUP,
                    "limiting the file",
                    handle -> {
                        long pages =
                                handle.createQuery("PRAGMA page_count").mapTo(long.class).one();
                        return handle.execute("PRAGMA max_page_count = " + (pages + 20));
                    });
            StoreUnavailableException full = null;
            for (; full == null && answered < 10_000; answered++) {
                full = write(database, answered);
            }
            answered--; // the last one was refused

            assertThat(full).isNotNull().satisfies(e -> assertThat(e.isFull()).isTrue());
            assertThatThrownBy(() -> database.read(SETUP, "x", h -> h.execute("no sql")))
                    .isInstanceOf(StoreUnavailableException.class)
                    .satisfies(e -> assertThat(((StoreUnavailableException) e).isFull()).isFalse());
            assertThat(count(database)).isEqualTo(answered);
            database.write(
                    SETUP,
                    "making room",
                    handle -> handle.execute("PRAGMA max_page_count = 1000000"));
            assertThat(write(database, -1)).isNull();
            assertThat(count(database)).isEqualTo(answered + 1);
        }
        assertThat(SqliteFile.findAnyDamage(file)).isEmpty();
    }

    private static @Nullable StoreUnavailableException write(Database database, int i) {
        try {
            database.write(
                    SETUP,
                    "adding a tenant",
                    handle ->
                            handle.createUpdate(
                                            "INSERT INTO tenant (id, name, state, created_at)"
                                                    + " VALUES (:id, :name, 'active', 0)")
                                    .bind("id", "t" + i)
                                    .bind("name", "x".repeat(500))
                                    .execute());
            return null;
        } catch (StoreUnavailableException e) {
            return e;
        }
    }

    private static long count(Database database) {
        return database.read(
                SETUP,
                "counting",
                handle ->
                        handle.createQuery("SELECT count(*) FROM tenant WHERE id <> 'default'")
                                .mapTo(long.class)
                                .one());
    }
}
