package drawbridge.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.Mailbox;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** A server where addresses must be proven before their accounts may be used. */
@TestInstance(Lifecycle.PER_CLASS)
class EmailVerificationTest {
    private static final String OTHER_PASSWORD = "copper meadow whistle 77";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private Mailbox mail;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock, Map.of("DRAWBRIDGE_EMAIL_VERIFICATION", "on"));
        mail = new Mailbox(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer register(String email) {
        return server.post("/auth/register", body(email, RunningServer.PASSWORD));
    }

    private Answer logIn(String email, String password) {
        return server.post("/auth/login", body(email, password));
    }

    private static String body(String email, String password) {
        return "{\"email\":\"%s\",\"password\":\"%s\",\"name\":\"Ines\"}"
                .formatted(email, password);
    }

    @Test
    void anAccountIsUsableOnceItsAddressIsProven() {
        String email = "prove@example.test";
        Answer registered = register(email);
        Answer early = logIn(email, RunningServer.PASSWORD);
        Answer wrong = logIn(email, "not the password at all");
        String token = mail.token("email-verify", email);

        Answer verified = server.post("/auth/verify-email", "{\"token\":\"%s\"}".formatted(token));
        Answer login = logIn(email, RunningServer.PASSWORD);

        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.json().get("data").has("session_id")).isFalse();
        assertThat(registered.json().get("data").get("user").get("is_verified").asBoolean())
                .isFalse();
        assertThat(early.status()).isEqualTo(403);
        assertThat(early.text("code")).isEqualTo("EMAIL_NOT_VERIFIED");
        assertThat(wrong.status()).as("only the right password is told").isEqualTo(401);
        assertThat(verified.status()).isEqualTo(200);
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.json().get("user").get("is_verified").asBoolean()).isTrue();
    }

    @Test
    void registeringAnswersAlikeForKnownAndUnknownAddresses() {
        String known = "taken@example.test";
        register(known);
        server.post(
                "/auth/verify-email",
                "{\"token\":\"%s\"}".formatted(mail.token("email-verify", known)));

        Answer again = register(known);
        Answer fresh = register("fresh@example.test");

        assertThat(again.status()).isEqualTo(fresh.status());
        assertThat(shapeOf(again)).isEqualTo(shapeOf(fresh));
        assertThat(mail.next("account-exists", known)).contains(known);
        mail.next("email-verify", "fresh@example.test");
    }

    private static ObjectNode shapeOf(Answer answer) {
        ObjectNode data = (ObjectNode) answer.json().get("data");
        assertThat(data.get("id").asString()).matches("usr_[A-Za-z0-9_-]{16}");
        data.remove("id");
        ObjectNode user = (ObjectNode) data.get("user");
        user.remove("id");
        user.remove("email");
        return (ObjectNode) answer.json();
    }

    @Test
    void whoeverRegisteredFirstDoesNotKeepAnAddressThatIsNotTheirs() {
        String victim = "victim@example.test";
        register(victim); // by somebody who knows the password they chose
        mail.next("email-verify", victim);

        server.post("/auth/register", body(victim, OTHER_PASSWORD));
        String reset = mail.token("password-reset", victim);
        Answer set =
                server.post(
                        "/auth/password-reset/complete",
                        "{\"token\":\"%s\",\"password\":\"%s\"}".formatted(reset, OTHER_PASSWORD));

        assertThat(set.status()).isEqualTo(200);
        assertThat(logIn(victim, RunningServer.PASSWORD).status()).isEqualTo(401);
        assertThat(logIn(victim, OTHER_PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void aNewAddressOfOnesOwnIsAskedForItsProof() {
        String email = "moves@example.test";
        register(email);
        server.post(
                "/auth/verify-email",
                "{\"token\":\"%s\"}".formatted(mail.token("email-verify", email)));
        String session = logIn(email, RunningServer.PASSWORD).text("session_id");

        Answer moved =
                server.call(
                        "PUT",
                        "/auth/user/me",
                        "{\"email\":\"moved@example.test\",\"current_password\":\"%s\"}"
                                .formatted(RunningServer.PASSWORD),
                        "X-Session-ID",
                        session);
        String token = mail.token("email-verify", "moved@example.test");
        Answer early = logIn("moved@example.test", RunningServer.PASSWORD);
        server.post("/auth/verify-email", "{\"token\":\"%s\"}".formatted(token));

        assertThat(moved.status()).isEqualTo(200);
        assertThat(early.text("code")).isEqualTo("EMAIL_NOT_VERIFIED");
        assertThat(logIn("moved@example.test", RunningServer.PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void anotherMailTakesThePlaceOfTheFirst() {
        String email = "again@example.test";
        register(email);
        String first = mail.token("email-verify", email);

        server.post("/auth/resend-verification", "{\"email\":\"%s\"}".formatted(email));
        String second = mail.token("email-verify", email);

        assertThat(
                        server.post("/auth/verify-email", "{\"token\":\"%s\"}".formatted(first))
                                .status())
                .isEqualTo(401);
        assertThat(
                        server.post("/auth/verify-email", "{\"token\":\"%s\"}".formatted(second))
                                .status())
                .isEqualTo(200);
    }
}
