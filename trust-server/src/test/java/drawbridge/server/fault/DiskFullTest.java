package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SmallDisk;
import drawbridge.server.support.SqliteOnly;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * No room for the database: on a small tmpfs where the tests may mount one, and by SQLite's own
 * limit everywhere.
 */
@SqliteOnly
@Timeout(180)
final class DiskFullTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DataScope SETUP = DataScope.server(Why.SETUP);

    /** Promised of a database that has room again, or is let go. */
    private static final Duration RIGHT_AGAIN = Duration.ofSeconds(10);

    /** The log file lies on the full disk too; what the process prints does not. */
    @Test
    void losesNothingOnDiskThatIsFullAndGoesOnOnceThereIsRoom(@TempDir Path temp) throws Exception {
        try (SmallDisk disk =
                        SmallDisk.mount(
                                temp.resolve("data"),
                                24,
                                "the other test of this class stands in for this one");
                KillableServer server = new KillableServer(temp)) {
            server.start();
            List<String> opened = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                opened.add(session(register(server, "before-%d@example.test".formatted(i))));
            }
            String loggedOut = session(register(server, "out@example.test"));
            String hot = opened.getFirst();
            assertThat(validate(server, hot)).isEqualTo(200);

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
            assertThat(validate(server, hot)).as("from memory").isEqualTo(200);
            Pending pending = revokeUntilRefused(server, opened);
            List<String> ended = new ArrayList<>(pending.ended());
            if (server.post("/auth/logout", Map.of("session_id", loggedOut)).statusCode() == 200) {
                ended.add(loggedOut);
            }
            assertThat(Files.readString(server.output())).contains("disk full");

            disk.makeRoom();
            await().atMost(RIGHT_AGAIN)
                    .until(() ->
                            register(server, "after-%d@example.test".formatted(System.nanoTime()))
                                            .statusCode()
                                    == 201);
            assertThat(validate(server, pending.session())).as("nothing was done").isEqualTo(200);
            assertThat(revoke(server, pending.ref()).statusCode()).isEqualTo(200);
            ended.add(pending.session());
            opened.removeAll(ended);
            assertHolds(server, opened, ended);
            server.kill();
            server.start();
            assertHolds(server, opened, ended);
            assertThat(
                            JSON.readTree(server.admin("POST", "/v1/audit/verify").body())
                                    .get("sound")
                                    .asBoolean())
                    .isTrue();
            assertThat(SqliteFile.findAnyDamage(server.data().resolve("drawbridge.db"))).isEmpty();
        }
    }

    private static void assertHolds(KillableServer server, List<String> opened, List<String> ended)
            throws IOException {
        assertThat(opened).isNotEmpty();
        for (String session : opened) {
            assertThat(validate(server, session)).isEqualTo(200);
        }
        for (String session : ended) {
            assertThat(validate(server, session)).isEqualTo(401);
        }
    }

    /** The first session whose revocation was not done, and those before it. */
    private record Pending(String session, String ref, List<String> ended) {}

    /** A revocation takes less room than a registration, so that a few may still be done. */
    private static Pending revokeUntilRefused(KillableServer server, List<String> sessions)
            throws IOException {
        List<String> ended = new ArrayList<>();
        for (String session : sessions) {
            String ref = ref(server, session);
            HttpResponse<String> answer = revoke(server, ref);
            if (answer.statusCode() != 200) {
                assertThat(answer.statusCode()).isEqualTo(503);
                JsonNode said = JSON.readTree(answer.body());
                assertThat(said.get("code").asString()).isEqualTo("REVOCATION_PENDING");
                assertThat(said.get("error").asString()).contains("disk").contains("full");
                return new Pending(session, ref, ended);
            }
            ended.add(session);
        }
        throw new AssertionError("all %d revocations were done".formatted(ended.size()));
    }

    private static HttpResponse<String> revoke(KillableServer server, String ref)
            throws IOException {
        return server.admin("/v1/sessions/" + ref + "/revoke", Map.of());
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
        return answer(server, session).statusCode();
    }

    private static HttpResponse<String> answer(KillableServer server, String session)
            throws IOException {
        return server.post(
                "/auth/bridge/validate", Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    /** What an administrator names a session by. */
    private static String ref(KillableServer server, String session) throws IOException {
        return JSON.readTree(answer(server, session).body()).at("/session/id").asString();
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
