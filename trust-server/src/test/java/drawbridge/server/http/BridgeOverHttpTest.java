package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

@TestInstance(Lifecycle.PER_CLASS)
class BridgeOverHttpTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static Map<String, String> call(String session, String... more) {
        Map<String, String> fields = new HashMap<>();
        fields.put("session_id", session);
        fields.put("ip", "127.0.0.1");
        fields.put("device_id", "device-1");
        fields.put("user_agent", "Test/1");
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return fields;
    }

    @Test
    void trustsSessionFromWhereItWasOpened() {
        String session = server.register("trusted@example.test");

        Answer answer = server.validate(call(session, "validation_mode", "STRICT"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("success").asBoolean()).isTrue();
        assertThat(answer.json().get("valid").asBoolean()).isTrue();
        assertThat(answer.json().get("user").get("email").asString())
                .isEqualTo("trusted@example.test");
        assertThat(answer.json().get("remember_for_ms").asInt()).isZero();
        assertThat(answer.text("mode")).isEqualTo("STRICT");
        assertThat(answer.response().body()).doesNotContain(session);
        assertThat(answer.response().headers().firstValue("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "STANDARD, ip, 127.0.0.2, ip",
        "STANDARD, device_id, other, ",
        "STANDARD, user_agent, Other/1, ",
        "ADVANCED, ip, 127.0.0.2, ip",
        "ADVANCED, device_id, other, device",
        "ADVANCED, user_agent, Other/1, ",
        "STRICT, ip, 127.0.0.2, ip",
        "STRICT, device_id, other, device",
        "STRICT, user_agent, Other/1, agent",
    })
    void refusesExactlyTheSignalsOfTheMode(
            String mode, String field, String value, @Nullable String fault) {
        String session =
                server.register("%s-%s@example.test".formatted(mode, field).replace('_', '-'));

        Answer answer = server.validate(call(session, "validation_mode", mode, field, value));

        if (fault == null) {
            assertThat(answer.status()).isEqualTo(200);
        } else {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text("code")).isEqualTo("SIGNAL_DIFFERS");
            assertThat(answer.text("reason")).isEqualTo("signal_differs");
            assertThat(answer.text("signal")).isEqualTo(fault);
            assertThat(answer.response().body()).doesNotContain(value);
        }
    }

    @ParameterizedTest
    @CsvSource({"STANDARD, ip, ip", "ADVANCED, device_id, device", "STRICT, user_agent, agent"})
    void refusesMissingSignal(String mode, String field, String signal) {
        String session = server.register("missing-%s@example.test".formatted(signal));
        Map<String, String> fields = call(session, "validation_mode", mode);
        fields.remove(field);

        Answer answer = server.validate(fields);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("code")).isEqualTo("SIGNAL_MISSING");
        assertThat(answer.text("signal")).isEqualTo(signal);
    }

    @Test
    void answersEveryWrongSecretAlike() {
        String session = server.register("secrets@example.test");
        String body = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session);

        List<Answer> answers =
                List.of(
                        server.post("/auth/bridge/validate", body),
                        server.post("/auth/bridge/validate", body, "X-Bridge-Secret", "short"),
                        server.post(
                                "/auth/bridge/validate",
                                body,
                                "X-Bridge-Secret",
                                RunningServer.SECRET + "x"),
                        server.post(
                                "/auth/bridge/validate",
                                "not even json",
                                "X-Bridge-Secret",
                                "y".repeat(2000)));

        assertThat(answers).extracting(Answer::status).containsOnly(401);
        assertThat(answers)
                .extracting(a -> a.response().body())
                .containsOnly(answers.getFirst().response().body());
    }

    @Test
    void refusesBrowserThatHoldsTheSecret() {
        Answer answer =
                server.post(
                        "/auth/bridge/validate",
                        "{}",
                        "X-Bridge-Secret",
                        RunningServer.SECRET,
                        "Origin",
                        "https://app.example.test");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text("code")).isEqualTo("BROWSER_NOT_ALLOWED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DISABLED", "STRIKT", "none"})
    void refusesUnknownModeInsteadOfLoweringIt(String mode) {
        String session = server.register("mode-%s@example.test".formatted(mode));

        Answer answer = server.validate(call(session, "validation_mode", mode));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo("validation_mode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Session-ID", "X-Bridge-Secret"})
    void refusesHeadersThatSayTwoThings(String name) {
        String session = server.register("twice-%s@example.test".formatted(name.charAt(2)));
        String other = name.equals("X-Session-ID") ? "ses_" + "A".repeat(43) : "another secret";

        Answer answer =
                server.post(
                        "/auth/bridge/validate",
                        "{\"ip\":\"127.0.0.1\"}",
                        "X-Bridge-Secret",
                        RunningServer.SECRET,
                        "X-Session-ID",
                        session,
                        name,
                        other);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"ip_address, 9.9.9.9", "deviceId, other", "userAgent, Other/1"})
    void refusesSpellingsThatSayTwoThings(String spelling, String value) {
        String session = server.register("spelled-%s@example.test".formatted(spelling.charAt(0)));

        Answer answer =
                server.validate(call(session, "validation_mode", "STRICT", spelling, value));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("message")).contains("another spelling");
    }

    @Test
    void refusesTwoDifferentSessionIds() {
        String one = server.register("one@example.test");
        String two = server.register("two@example.test");

        Answer answer =
                server.post(
                        "/auth/bridge/validate",
                        "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(one),
                        "X-Bridge-Secret",
                        RunningServer.SECRET,
                        "X-Session-ID",
                        two);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("CONFLICTING_SESSION_IDS");
    }

    @Test
    void neverVouchesForAUserId() {
        Answer answer = server.validate(Map.of("user_id", "usr_someone"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("SESSION_ID_REQUIRED");
    }

    @Test
    void refusesSessionIdInTheQueryOfOurOwnKit() {
        String session = server.register("query@example.test");

        Answer answer =
                server.post(
                        "/auth/bridge/validate?session_id=" + session,
                        "",
                        "X-Bridge-Secret",
                        RunningServer.SECRET);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo("session_id");
    }

    @Test
    void endsAtTheIdleLifetimeItselfAndMovesItWithUse() {
        String session = server.register("idle@example.test");

        clock.advance(Duration.ofMinutes(29));
        assertThat(server.validate(call(session)).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(29));
        assertThat(server.validate(call(session)).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(30));
        Answer over = server.validate(call(session));

        assertThat(over.status()).isEqualTo(401);
        assertThat(over.text("code")).isEqualTo("SESSION_EXPIRED");
    }

    @Test
    void refusesAfterLogout() {
        String session = server.register("logout@example.test");
        assertThat(server.validate(call(session)).status()).isEqualTo(200);

        Answer out = server.post("/auth/logout", "", "X-Session-ID", session);

        assertThat(out.status()).isEqualTo(200);
        assertThat(server.validate(call(session)).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(server.post("/auth/logout", "", "X-Session-ID", session).text("error"))
                .isEqualTo("Invalid session");
    }

    @Test
    void refusesAtOnceWhatAnAdministratorRevokesAndTrustsItAgainAfterUndo() {
        String session = server.register("undo@example.test");
        assertThat(server.validate(call(session)).status()).isEqualTo(200);
        String ref =
                server.admin("/v1/sessions?filter=undo@example.test")
                        .json()
                        .get("items")
                        .get(0)
                        .get("ref")
                        .asString();

        Answer receipt =
                server.admin("/v1/sessions/" + ref + "/revoke", "{\"reason\":\"lost phone\"}");

        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.json().get("nodes")).hasSize(1);
        assertThat(server.validate(call(session)).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(
                        server.admin("/v1/sessions?filter=undo@example.test")
                                .json()
                                .get("items")
                                .get(0)
                                .get("state")
                                .asString())
                .isEqualTo("held");

        assertThat(server.admin("/v1/sessions/" + ref + "/restore", "{}").status()).isEqualTo(200);
        assertThat(server.validate(call(session)).status()).isEqualTo(200);

        server.admin("/v1/sessions/" + ref + "/revoke", "{\"reason\":\"again\"}");
        clock.advance(Duration.ofSeconds(30));
        Answer late = server.admin("/v1/sessions/" + ref + "/restore", "{}");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.text("code")).isEqualTo("NOT_RESTORABLE");
        assertThat(server.admin("/v1/sessions/" + ref).json().get("timeline"))
                .extracting(entry -> entry.get("kind").asString())
                .contains("opened", "trusted", "refused", "revoked", "restored");
    }

    @Test
    void endsAllSessionsOfAUserInOneRowAndNoLaterOne() {
        String first = server.register("many@example.test");
        String login =
                "{\"email\":\"Many@Example.test\",\"password\":\"%s\"}"
                        .formatted(RunningServer.PASSWORD);
        String second =
                server.post("/auth/login", login, "X-Device-ID", "device-1", "User-Agent", "Test/1")
                        .text("session_id");
        assertThat(server.validate(call(first)).status()).isEqualTo(200);
        assertThat(server.validate(call(second)).status()).isEqualTo(200);
        String user =
                server.admin("/v1/sessions?filter=user:many@example.test")
                        .json()
                        .get("items")
                        .get(0)
                        .get("userId")
                        .asString();

        Answer receipt =
                server.admin("/v1/users/" + user + "/revoke-sessions", "{\"reason\":\"left\"}");

        assertThat(receipt.json().get("sessions").asInt()).isEqualTo(2);
        assertThat(server.validate(call(first)).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(server.validate(call(second)).text("code")).isEqualTo("SESSION_REVOKED");
        String third =
                server.post("/auth/login", login, "X-Device-ID", "device-1", "User-Agent", "Test/1")
                        .text("session_id");
        assertThat(server.validate(call(third)).status()).isEqualTo(200);
    }

    @Test
    void answersUnknownAccountAndWrongPasswordAlike() {
        server.register("known@example.test");

        Answer wrong =
                server.post(
                        "/auth/login",
                        "{\"email\":\"known@example.test\",\"password\":\"not the password at all\"}");
        Answer unknown =
                server.post(
                        "/auth/login",
                        "{\"email\":\"nobody@example.test\",\"password\":\"not the password at all\"}");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.response().body()).isEqualTo(wrong.response().body());
    }
}
