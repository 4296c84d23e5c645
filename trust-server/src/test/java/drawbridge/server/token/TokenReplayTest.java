package drawbridge.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Mailbox;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The requests of the public kits about tokens, word by word, and what each kit reads back. */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class TokenReplayTest {
    private static final String ANA = "replay@example.test";
    private static final String NEW_PASSWORD = "copper meadow whistle 77";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private Mailbox mail;
    private RawDatabase raw;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
        mail = new Mailbox(server);
        raw = new RawDatabase(data);
        server.register(ANA);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** client | path | body | status | fields the client reads, as name=value or name alone */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "core | /auth/password-reset/request | {'email':'replay@example.test'} | 200 | success=true message",
                "core | /auth/password-reset/request | {'email':'replay@example.test','resetUrl':'http://localhost:3000/reset'} | 200 | success=true message",
                "rsdk | /auth/password-reset/request | {'email':'REPLAY@example.test','reset_url':null} | 200 | success=true message",
                "cli | /auth/password-reset/request | {'email':'nobody@example.test'} | 200 | success=true message",
                "core | /auth/password-reset/request | {'email':'no address'} | 400 | success=false error code=INVALID_FIELD field=email",
                "cli | /auth/password-reset/validate | {'token':'v4.public.AAAA'} | 401 | success=false error code=INVALID_TOKEN",
                "cli | /auth/password-reset/validate | {} | 400 | success=false code=INVALID_FIELD field=token",
                "core | /auth/password-reset/reset | {'token':'short','password':'violet harbour lantern 42'} | 401 | success=false error code=INVALID_TOKEN",
                "rsdk | /auth/password-reset/complete | {'token':'short','password':'violet harbour lantern 42','extra':1} | 401 | success=false error code=INVALID_TOKEN",
                "rsdk | /auth/resend-verification | {'email':'replay@example.test'} | 200 | success=true",
                "fdoc | /auth/resend-verification | {'email':'nobody@example.test'} | 200 | success=true",
                "rsdk | /auth/token/create | {'email':'replay@example.test','phone':null,'method':'email','login_url':null} | 200 | success=true message method=email expires_in=900",
                "rsdk | /auth/token/create | {'email':null,'phone':'+4912345','method':'sms','login_url':null} | 400 | success=false error code=INVALID_FIELD",
                "fdoc | /auth/token/login | {'identifier':'replay@example.test','type':'email','redirect_url':'https://x.test/'} | 200 | success=true message token_id",
                "fdoc | /auth/token/login | {'identifier':'nobody@example.test','type':'email'} | 200 | success=true message token_id",
                "fdoc | /auth/token/login | {'identifier':'+4912345','type':'sms'} | 400 | success=false error code=INVALID_FIELD",
                "rsdk | /auth/token/login | {'token':'v4.public.AAAA'} | 401 | success=false error code=INVALID_TOKEN",
                "rsdk | /auth/token/validate | {'token':'v4.public.AAAA'} | 401 | success=false error code=INVALID_TOKEN",
            })
    void answersAsTheClientReads(
            String client, String path, String body, int status, String fields) {
        Answer answer = server.post(path, body.replace('\'', '"'));

        assertThat(answer.status()).as(client).isEqualTo(status);
        for (String field : fields.split(" ")) {
            String[] parts = field.split("=", 2);
            JsonNode value = answer.json().get(parts[0]);
            assertThat(value).as(parts[0]).isNotNull();
            if (parts.length == 2) {
                assertThat(value.asString()).as(parts[0]).isEqualTo(parts[1]);
            }
        }
        assertThat(answer.json().has("data")).as("core would unwrap it").isFalse();
        assertThat(answer.response().headers().firstValue("Content-Type"))
                .hasValue("application/json");
    }

    private String token(String purpose) {
        return server.admin(
                        "/v1/tokens",
                        "{\"purpose\":\"%s\",\"email\":\"%s\"}".formatted(purpose, ANA))
                .text("token");
    }

    @Test
    void nodeLooksAtALoginTokenWithoutASecret() {
        String token = token("token_login"); // the kit's name for it

        Answer answer = server.get("/auth/token/validate?token=" + token);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode body = answer.json();
        assertThat(body.get("success").asBoolean()).isTrue();
        assertThat(body.get("valid").asBoolean()).isTrue();
        assertThat(body.get("tokenType").asString()).isEqualTo("token_login");
        assertThat(body.get("token_id").asString()).startsWith("tok_");
        assertThat(OffsetDateTime.parse(body.get("expires_at").asString()).toInstant())
                .isAfter(clock.instant());
        assertThat(body.get("user").get("id").asString()).startsWith("usr_");
        assertThat(body.get("user").get("email").asString()).isEqualTo(ANA);
        assertThat(body.get("user").get("name").isString()).isTrue();
        assertThat(body.get("user").get("isVerified").isBoolean()).isTrue();
        assertThat(body.has("session_id")).isFalse();
    }

    @Test
    void rsdkLogsInByTokenAndReadsALoginBody() {
        Answer answer =
                server.post(
                        "/auth/token/login", "{\"token\":\"%s\"}".formatted(token("magic_link")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("session_id")).startsWith("ses_");
        assertThat(answer.text("sessionId")).isEqualTo(answer.text("session_id"));
        assertThat(answer.text("expires_at")).isEqualTo(answer.text("expiresAt"));
        assertThat(answer.json().get("user").get("email").asString()).isEqualTo(ANA);
        assertThat(
                        server.get("/auth/validation", "X-Session-ID", answer.text("session_id"))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void aBackEndConsumesALoginTokenWithItsSecret() {
        String token = token("magic_link");
        String body =
                "{\"token\":\"%s\",\"ip\":\"198.51.100.9\",\"device_id\":\"d-9\",\"user_agent\":\"Demo/1\"}"
                        .formatted(token);

        Answer wrong = server.post("/auth/token/validate", body, "X-Bridge-Secret", "no secret");
        Answer browser =
                server.post(
                        "/auth/token/validate",
                        body,
                        "X-Bridge-Secret",
                        RunningServer.SECRET,
                        "Origin",
                        "https://app.example.com");
        Answer answer =
                server.post("/auth/token/validate", body, "X-Bridge-Secret", RunningServer.SECRET);
        Answer twice =
                server.post("/auth/token/validate", body, "X-Bridge-Secret", RunningServer.SECRET);

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.text("code")).isEqualTo("INVALID_BRIDGE_SECRET");
        assertThat(browser.status()).isEqualTo(403);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("sessionId")).startsWith("ses_");
        assertThat(answer.text("expiresAt")).isNotEmpty();
        assertThat(answer.json().get("user").get("userType").asString()).isEqualTo("user");
        assertThat(twice.status()).isEqualTo(401);
        assertThat(
                        server.validate(
                                        java.util.Map.of(
                                                "session_id", answer.text("session_id"),
                                                "ip", "198.51.100.9",
                                                "device_id", "d-9",
                                                "user_agent", "Demo/1",
                                                "validation_mode", "STRICT"))
                                .status())
                .as("bound to what the back end reported")
                .isEqualTo(200);
    }

    @Test
    void coreResetsWithThePathFormAndReset() {
        String own = "core-resets@example.test"; // who is sent no other mail
        server.register(own);
        server.post("/auth/password-reset/request", "{\"email\":\"%s\"}".formatted(own));
        String token = mail.token("password-reset", own);

        Answer valid = server.get("/auth/password-reset/validate/" + token);
        Answer reset =
                server.post(
                        "/auth/password-reset/reset",
                        "{\"token\":\"%s\",\"password\":\"%s\"}".formatted(token, NEW_PASSWORD));
        Answer after = server.get("/auth/password-reset/validate/" + token);

        assertThat(valid.status()).isEqualTo(200);
        assertThat(valid.json().get("valid").asBoolean()).isTrue();
        assertThat(reset.status()).isEqualTo(200);
        assertThat(reset.json().get("success").asBoolean()).isTrue();
        assertThat(reset.text("message")).isNotEmpty();
        assertThat(after.status()).isEqualTo(401);
    }

    @Test
    void anAdministratorOfTheTenantInvitesAndTheGuestAccepts() {
        String admin = server.register("boss@example.test");
        String plain = server.register("plain@example.test");
        raw.change("UPDATE user_account SET user_type = 'admin' WHERE email = 'boss@example.test'");
        Answer login =
                server.post(
                        "/auth/login",
                        "{\"email\":\"boss@example.test\",\"password\":\"%s\"}"
                                .formatted(RunningServer.PASSWORD));
        String body = "{\"email\":\"Guest@example.test\",\"user_type\":\"user\"}";

        Answer nobody = server.post("/auth/invitations", body);
        Answer user = server.post("/auth/invitations", body, "X-Session-ID", plain);
        Answer invited =
                server.post("/auth/invitations", body, "X-Session-ID", login.text("session_id"));
        String token = mail.token("invite", "guest@example.test");
        String accept =
                "{\"token\":\"%s\",\"name\":\"Gus\",\"password\":\"%s\"}"
                        .formatted(token, NEW_PASSWORD);
        Answer accepted = server.post("/auth/invitations/accept", accept);
        Answer twice = server.post("/auth/invitations/accept", accept);
        Answer taken =
                server.post("/auth/invitations", body, "X-Session-ID", login.text("session_id"));

        assertThat(admin).startsWith("ses_");
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(user.status()).isEqualTo(403);
        assertThat(invited.status()).isEqualTo(201);
        assertThat(invited.json().get("data").get("email").asString())
                .isEqualTo("guest@example.test");
        assertThat(invited.response().body()).doesNotContain("v4.public");
        assertThat(accepted.status()).isEqualTo(201);
        assertThat(accepted.text("session_id")).startsWith("ses_");
        assertThat(accepted.json().get("user").get("is_verified").asBoolean()).isTrue();
        assertThat(twice.status()).isEqualTo(401);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(
                        raw.texts(
                                "SELECT detail FROM audit WHERE kind = 'token.issued' AND detail LIKE 'invite%'"))
                .singleElement()
                .asString()
                .contains(" by usr_");
    }
}
