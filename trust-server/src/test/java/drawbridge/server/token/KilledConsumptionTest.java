package drawbridge.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;

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
 * Kills the server at some instant while tokens are consumed, again and again, and looks whether
 * each token is spent if and only if its effect is done. {@code -Psoak} does it two hundred times,
 * verify twice.
 */
final class KilledConsumptionTest {
    private static final int KILLS = Integer.getInteger("drawbridge.kills", 2);
    private static final int USERS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path temp = Path.of("");

    /** Sessions whose opening by a token was answered. */
    private final Queue<String> answered = new ConcurrentLinkedQueue<>();

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
    @Timeout(3600)
    void aTokenIsSpentIfAndOnlyIfItsEffectIsDone() throws Exception {
        Random random = new Random(20260302);
        server.start();
        for (int i = 0; i < USERS; i++) {
            assertThat(
                            server.post(
                                            "/auth/register",
                                            Map.of(
                                                    "email",
                                                    email(i),
                                                    "password",
                                                    RunningServer.PASSWORD))
                                    .statusCode())
                    .isEqualTo(201);
        }
        for (int kill = 0; kill < KILLS; kill++) {
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String email = email(i);
                load.add(Thread.ofVirtual().start(() -> work(email, over)));
            }
            int enough = answered.size() + 2 + random.nextInt(20);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> answered.size() >= enough);
            server.kill();
            over.set(true);
            for (Thread thread : load) {
                thread.join();
            }
            check();
            server.start();
        }
        for (String session : answered) {
            assertThat(
                            server.post(
                                            "/auth/bridge/validate",
                                            Map.of("session_id", session, "ip", "127.0.0.1"))
                                    .statusCode())
                    .as("answered, so it is there")
                    .isEqualTo(200);
        }
    }

    private static String email(int number) {
        return "killed-%d@example.test".formatted(number);
    }

    /** Has a login token issued and consumes it, until the server is gone. */
    private void work(String email, AtomicBoolean over) {
        while (!over.get()) {
            try {
                HttpResponse<String> issued =
                        server.admin("/v1/tokens", Map.of("purpose", "magic_link", "email", email));
                JsonNode token = JSON.readTree(issued.body()).get("token");
                if (token == null) {
                    continue; // too busy
                }
                HttpResponse<String> login =
                        server.post("/auth/token/login", Map.of("token", token.asString()));
                if (login.statusCode() == 200) {
                    answered.add(JSON.readTree(login.body()).get("session_id").asString());
                }
            } catch (IOException e) {
                return; // killed
            }
        }
    }

    private void check() {
        RawDatabase raw = new RawDatabase(server.data());
        for (int i = 0; i < USERS; i++) {
            String user =
                    raw.texts("SELECT id FROM user_account WHERE email = ?", email(i)).getFirst();
            long spent = count(raw, "FROM trust_token WHERE state = 'spent' AND user_id = ?", user);
            long sessions = count(raw, "FROM session WHERE user_id = ?", user);
            long audited =
                    count(raw, "FROM audit WHERE kind = 'token.consumed' AND user_id = ?", user);

            assertThat(sessions)
                    .as("one of the registration, one of each token")
                    .isEqualTo(spent + 1);
            assertThat(audited).isEqualTo(spent);
        }
        assertThat(count(raw, "FROM trust_token WHERE state = 'spent'"))
                .isGreaterThanOrEqualTo(answered.size());
    }

    private static long count(RawDatabase raw, String from, Object... values) {
        return Long.parseLong(raw.texts("SELECT count(*) " + from, values).getFirst());
    }
}
