package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a server has said of sessions, which it must hold to whatever happens to its disk. */
final class SessionsHeld {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Promised of a database that has room again, or is let go. */
    private static final Duration RIGHT_AGAIN = Duration.ofSeconds(10);

    private final KillableServer server;
    private final List<String> opened = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    SessionsHeld(KillableServer server) {
        this.server = server;
    }

    /** Opens so many. */
    void open(int many) throws IOException {
        for (int i = 0; i < many; i++) {
            opened.add(session(register("before-%d@example.test".formatted(i))));
        }
    }

    /** Those that were opened and not ended, in the order they were. */
    List<String> opened() {
        return List.copyOf(opened);
    }

    /** It was answered that this one is over. */
    void ended(String session) {
        opened.remove(session);
        ended.add(session);
    }

    /** Opens more until one is refused, which must say that the disk is full. */
    void openUntilDiskIsFull() throws IOException {
        HttpResponse<String> refused = register("full-0@example.test");
        for (int i = 1; refused.statusCode() == 201 && i < 500; i++) {
            opened.add(session(refused)); // what was still free within the files
            refused = register("full-%d@example.test".formatted(i));
        }
        assertSaysFull(refused, "STORE_UNAVAILABLE");
    }

    static void assertSaysFull(HttpResponse<String> refused, String code) {
        assertThat(refused.statusCode()).isEqualTo(503);
        JsonNode said = JSON.readTree(refused.body());
        assertThat(said.get("code").asString()).isEqualTo(code);
        assertThat(said.get("error").asString()).contains("disk").contains("full");
    }

    void awaitRightAgain() {
        await().atMost(RIGHT_AGAIN)
                .until(() ->
                        register("after-%d@example.test".formatted(System.nanoTime())).statusCode()
                                == 201);
    }

    void assertHeld() throws IOException {
        assertThat(opened).isNotEmpty();
        for (String session : opened) {
            assertThat(validate(session).statusCode()).isEqualTo(200);
        }
        for (String session : ended) {
            assertThat(validate(session).statusCode()).isEqualTo(401);
        }
    }

    void assertAuditIsSound() throws IOException {
        assertThat(
                        JSON.readTree(server.admin("POST", "/v1/audit/verify").body())
                                .get("sound")
                                .asBoolean())
                .isTrue();
    }

    HttpResponse<String> register(String email) throws IOException {
        return server.post(
                "/auth/register", Map.of("email", email, "password", RunningServer.PASSWORD));
    }

    static String session(HttpResponse<String> registered) {
        assertThat(registered.statusCode()).isEqualTo(201);
        return JSON.readTree(registered.body()).get("data").get("session_id").asString();
    }

    HttpResponse<String> validate(String session) throws IOException {
        return server.post(
                "/auth/bridge/validate", Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    /** What an administrator names a session by. */
    String ref(String session) throws IOException {
        return JSON.readTree(validate(session).body()).at("/session/id").asString();
    }

    HttpResponse<String> revoke(String ref) throws IOException {
        return server.admin("/v1/sessions/" + ref + "/revoke", Map.of());
    }
}
