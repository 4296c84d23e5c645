package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

@DatabaseContract
class OwnSessionsTest {
    @TempDir private Path data;
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private String first;
    private String second;
    private String stranger;

    @BeforeEach
    void start() {
        server = RunningServer.start(data, clock);
        first = server.register("ana@example.test");
        second = logIn(RunningServer.PASSWORD).text("session_id");
        stranger = server.register("ben@example.test");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer logIn(String password) {
        return server.post(
                "/auth/login",
                "{\"email\":\"ana@example.test\",\"password\":\"%s\"}".formatted(password));
    }

    private int bridge(String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    private String ref(String session) {
        return server.get("/auth/validation", "X-Session-ID", session)
                .json()
                .get("session")
                .get("id")
                .asString();
    }

    @Test
    void listsTheUsersOwnAndNoIds() {
        Answer answer = server.get("/auth/sessions", "X-Session-ID", first);

        assertThat(answer.json().get("sessions")).hasSize(2);
        assertThat(answer.response().body())
                .contains(ref(first), ref(second))
                .doesNotContain(ref(stranger), first, second);
        int current = 0;
        for (var session : answer.json().get("sessions")) {
            boolean isMine = session.get("ref").asString().equals(ref(first));
            assertThat(session.get("current").asBoolean()).isEqualTo(isMine);
            current += isMine ? 1 : 0;
        }
        assertThat(current).isEqualTo(1);
    }

    @Test
    void endsOneOfTheUsersOwn() {
        Answer answer =
                server.call("DELETE", "/auth/sessions/" + ref(second), "", "X-Session-ID", first);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(bridge(second)).isEqualTo(401);
        assertThat(bridge(first)).isEqualTo(200);
    }

    @Test
    void answersForSessionsOfOthersAsForUnknownOnes() {
        String unknown = "ref_0123456789012345678901";

        Answer others =
                server.call("DELETE", "/auth/sessions/" + ref(stranger), "", "X-Session-ID", first);
        Answer none = server.call("DELETE", "/auth/sessions/" + unknown, "", "X-Session-ID", first);
        Answer odd = server.call("DELETE", "/auth/sessions/odd", "", "X-Session-ID", first);

        assertThat(others.status()).isEqualTo(404);
        assertThat(others.text("code")).isEqualTo("UNKNOWN_ID");
        assertThat(others.response().body())
                .isEqualTo(none.response().body())
                .isEqualTo(odd.response().body());
        assertThat(bridge(stranger)).isEqualTo(200);
    }

    @Test
    void endsAllOthers() {
        Answer answer = server.post("/auth/sessions/end-others", "", "X-Session-ID", first);

        assertThat(answer.json().get("ended").asInt()).isEqualTo(1);
        assertThat(bridge(first)).isEqualTo(200);
        assertThat(bridge(second)).isEqualTo(401);
        assertThat(bridge(stranger)).isEqualTo(200);
    }

    @Test
    void endsAll() {
        assertThat(server.post("/auth/invalidate/me", "", "X-Session-ID", first).status())
                .isEqualTo(200);

        assertThat(bridge(first)).isEqualTo(401);
        assertThat(bridge(second)).isEqualTo(401);
        assertThat(bridge(stranger)).isEqualTo(200);
        assertThat(bridge(logIn(RunningServer.PASSWORD).text("session_id"))).isEqualTo(200);
    }

    @Test
    void whatAnAdministratorRevokedIsNotUndoneAfterTheUserEndedIt() {
        String ref = ref(second);
        server.admin("/v1/sessions/" + ref + "/revoke", "{}");
        server.post("/auth/sessions/end-others", "", "X-Session-ID", first);

        assertThat(server.admin("/v1/sessions/" + ref + "/restore", "").status()).isEqualTo(409);
        assertThat(bridge(second)).isEqualTo(401);
    }

    @Test
    void aWrongCurrentPasswordCountsAsAFailedLogin() {
        String body = "{\"current_password\":\"%s\",\"new_password\":\"copper meadow anthem 77\"}";
        for (int i = 0; i < 5; i++) {
            assertThat(changePassword(body.formatted("guess number " + i)).text("code"))
                    .isEqualTo("WRONG_PASSWORD");
        }

        Answer sixth = changePassword(body.formatted(RunningServer.PASSWORD));

        assertThat(sixth.status()).isEqualTo(429);
        assertThat(sixth.response().headers().firstValue("Retry-After")).isPresent();
        assertThat(changeAddress("guess").status()).as("for the address, too").isEqualTo(429);
        clock.advance(Duration.ofSeconds(2));
        assertThat(changePassword(body.formatted(RunningServer.PASSWORD)).status()).isEqualTo(200);
        assertThat(changePassword(body.formatted("a guess")).text("code"))
                .as("the count began anew")
                .isEqualTo("WRONG_PASSWORD");
        assertThat(logIn("copper meadow anthem 77").status()).isEqualTo(200);
    }

    private Answer changePassword(String body) {
        return server.post("/auth/password-change/self", body, "X-Session-ID", first);
    }

    private Answer changeAddress(String current) {
        return server.call(
                "PUT",
                "/auth/user/me",
                "{\"email\":\"else@example.test\",\"current_password\":\"%s\"}".formatted(current),
                "X-Session-ID",
                first);
    }

    @Test
    void newPasswordEndsAllOthersAndTheOldOneOpensNothing() {
        String fresh = "copper meadow anthem 77";
        String body = "{\"current_password\":\"%s\",\"new_password\":\"%s\"}";

        Answer wrong =
                server.post(
                        "/auth/password-change/self",
                        body.formatted("not the password at all", fresh),
                        "X-Session-ID",
                        first);
        Answer weak =
                server.post(
                        "/auth/password-change/self",
                        body.formatted(RunningServer.PASSWORD, "short"),
                        "X-Session-ID",
                        first);
        assertThat(wrong.status()).isEqualTo(403);
        assertThat(wrong.text("code")).isEqualTo("WRONG_PASSWORD");
        assertThat(weak.status()).isEqualTo(422);
        assertThat(bridge(second)).isEqualTo(200);

        Answer done =
                server.post(
                        "/auth/password-change/self",
                        body.formatted(RunningServer.PASSWORD, fresh),
                        "X-Session-ID",
                        first);

        assertThat(done.status()).isEqualTo(200);
        assertThat(bridge(first)).isEqualTo(200);
        assertThat(bridge(second)).isEqualTo(401);
        assertThat(logIn(RunningServer.PASSWORD).status()).isEqualTo(401);
        assertThat(logIn(fresh).status()).isEqualTo(200);
    }
}
