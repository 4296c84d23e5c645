package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.storage.SqliteFile;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Kills the server at some instant of a load of registrations and logouts, again and again, and
 * looks for anything that was answered 2xx and is gone, and for actions without their audit row.
 * {@code -Psoak} does it two hundred times, verify twice.
 */
final class KilledServerTest {
    private static final int KILLS = Integer.getInteger("drawbridge.kills", 2);
    private static final int THREADS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path temp = Path.of("");

    /** Sessions whose registration was answered, and of those the ones whose logout was. */
    private final Queue<String> opened = new ConcurrentLinkedQueue<>();

    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final Queue<String> unsure = new ConcurrentLinkedQueue<>();

    private KillableServer server = new KillableServer(temp);

    @BeforeEach
    void begin() {
        server = new KillableServer(temp);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    @Timeout(1800)
    void losesNothingThatWasAnsweredWhenItIsKilled() throws Exception {
        Random random = new Random(20260301);
        for (int kill = 0; kill < KILLS; kill++) {
            server.start();
            int answered = opened.size();
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String name = "k%d-t%d".formatted(kill, i);
                load.add(Thread.ofVirtual().start(() -> work(name, over)));
            }
            int enough = answered + 4 + random.nextInt(12);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> opened.size() >= enough && !ended.isEmpty());
            server.kill();
            over.set(true);
            for (Thread thread : load) {
                thread.join();
            }
        }

        server.start();
        assertThat(ended).isNotEmpty();
        for (String session : opened) {
            int status = validate(session);
            if (ended.contains(session)) {
                assertThat(status).as("logged out").isEqualTo(401);
            } else if (!unsure.contains(session)) {
                assertThat(status).as("still logged in").isEqualTo(200);
            }
        }
        auditEqualsWhatWasDone();
    }

    /** Each action has its row and each row its action, and no chain was broken by a kill. */
    private void auditEqualsWhatWasDone() throws Exception {
        assertThat(audited("session.opened")).isGreaterThanOrEqualTo(opened.size());
        assertThat(audited("session.revoked")).isGreaterThanOrEqualTo(ended.size());
        assertThat(audited("user.registered")).isEqualTo(stored("user_account"));
        assertThat(audited("session.opened")).isEqualTo(stored("session"));
        assertThat(audited("session.revoked"))
                .isEqualTo(stored("session WHERE ended_at IS NOT NULL"));
        JsonNode report = admin("POST", "/v1/audit/verify");
        assertThat(report.get("sound").asBoolean()).as("%s", report).isTrue();
        if (!TestDatabase.isPostgres()) {
            assertThat(SqliteFile.findAnyDamage(server.data().resolve("drawbridge.db"))).isEmpty();
        }
    }

    private long audited(String kind) throws Exception {
        return admin("GET", "/v1/audit?limit=1&kind=" + kind).get("total").asLong();
    }

    private JsonNode admin(String method, String path) throws Exception {
        return JSON.readTree(server.admin(method, path).body());
    }

    private long stored(String what) {
        return Long.parseLong(
                new RawDatabase(server.data()).texts("SELECT count(*) FROM " + what).getFirst());
    }

    /** Registers somebody, and logs every second one out again, until the server is gone. */
    private void work(String name, AtomicBoolean over) {
        for (int i = 0; !over.get(); i++) {
            try {
                HttpResponse<String> answer =
                        server.post(
                                "/auth/register",
                                Map.of(
                                        "email",
                                        "%s-%d@example.test".formatted(name, i),
                                        "password",
                                        RunningServer.PASSWORD));
                if (answer.statusCode() != 201) {
                    continue; // the hashing queue is full, or the server is going
                }
                String session =
                        JSON.readTree(answer.body()).get("data").get("session_id").asString();
                opened.add(session);
                if (i % 2 == 0) {
                    logOut(session);
                }
            } catch (IOException e) {
                return; // killed
            }
        }
    }

    private void logOut(String session) throws IOException {
        unsure.add(session); // until it is answered, either is right
        if (server.post("/auth/logout", Map.of("session_id", session)).statusCode() == 200) {
            ended.add(session);
        }
    }

    private int validate(String session) throws IOException {
        return server.post(
                        "/auth/bridge/validate", Map.of("session_id", session, "ip", "127.0.0.1"))
                .statusCode();
    }
}
