package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

class RegistrationPolicyTest {
    private static final String[] PATHS = {"/auth/register", "/auth/register/public"};

    @TempDir private Path data;
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private RunningServer start(String policy) {
        return RunningServer.start(data, clock, Map.of("DRAWBRIDGE_REGISTRATION", policy));
    }

    private static Answer register(RunningServer server, String path, String... headers) {
        String email = "new%d@example.test".formatted(path.length());
        return server.post(
                path,
                "{\"email\":\"%s\",\"password\":\"%s\",\"userType\":\"guest\"}"
                        .formatted(email, RunningServer.PASSWORD),
                headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/register", "/auth/register/public"})
    void openTakesAnybodyAndCountsAsLogin(String path) {
        try (RunningServer server = start("open")) {
            Answer answer = register(server, path);

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.json().get("data").get("user").get("userType").asString())
                    .isEqualTo("user");
            assertThat(server.admin("/v1/snapshot").json().get("totals").toString())
                    .contains("\"logins\":1");
        }
    }

    @Test
    void offTakesNobody() {
        try (RunningServer server = start("off")) {
            for (String path : PATHS) {
                assertThat(register(server, path).text("code")).isEqualTo("REGISTRATION_CLOSED");
            }
        }
    }

    @Test
    void bridgeTakesBackEnds() {
        try (RunningServer server = start("bridge")) {
            for (String path : PATHS) {
                assertThat(register(server, path).text("code")).isEqualTo("INVALID_BRIDGE_SECRET");
                assertThat(register(server, path, "X-Bridge-Secret", "wrong").status())
                        .isEqualTo(401);
                assertThat(register(server, path, "X-Bridge-Secret", RunningServer.SECRET).status())
                        .isEqualTo(201);
            }
        }
    }

    @Test
    void adminTakesAdministratorsWhoStayWhoTheyAre() {
        try (RunningServer server = start("admin")) {
            server.admin(
                    "/v1/users",
                    "{\"email\":\"root@example.test\",\"password\":\"%s\",\"userType\":\"admin\"}"
                            .formatted(RunningServer.PASSWORD));
            String admin =
                    server.post(
                                    "/auth/login",
                                    "{\"email\":\"root@example.test\",\"password\":\"%s\"}"
                                            .formatted(RunningServer.PASSWORD))
                            .text("session_id");
            for (String path : PATHS) {
                assertThat(register(server, path).status()).isEqualTo(401);
                Answer made = register(server, path, "X-Session-ID", admin);
                assertThat(made.status()).isEqualTo(201);
                assertThat(made.response().headers().firstValue("Set-Cookie")).isEmpty();
                assertThat(made.json().get("data").has("session_id")).isFalse();
                assertThat(made.json().get("data").get("userType").asString()).isEqualTo("guest");
            }
            Answer plain =
                    server.post(
                            "/auth/login",
                            "{\"email\":\"new14@example.test\",\"password\":\"%s\"}"
                                    .formatted(RunningServer.PASSWORD));
            assertThat(
                            register(server, PATHS[0], "X-Session-ID", plain.text("session_id"))
                                    .status())
                    .isEqualTo(403);
        }
    }
}
