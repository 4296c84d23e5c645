package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

@DatabaseContract
@Timeout(120)
class TenantsTest {
    private static final String ANA =
            "{\"email\":\"ana@example.test\",\"password\":\"" + RunningServer.PASSWORD + "\"}";
    private static final String BEN = ANA.replace("ana@", "ben@");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir Path data;
    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start(data, clock);
        Answer made = server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme Ltd\"}");
        assertThat(made.status()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer patch(String path, String json) {
        return server.send(
                HttpRequest.newBuilder(server.server().adminUrl().resolve(path))
                        .header("Authorization", "Bearer " + server.adminToken())
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString(json)));
    }

    private String register(String body) {
        Answer answer = server.post("/t/acme/auth/register", body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.json().get("data").get("session_id").asString();
    }

    @Test
    void keepsUsersOfTheSameAddressApart() {
        String here = server.post("/auth/register", ANA).json().get("data").get("id").asString();
        String there =
                server.post("/t/acme/auth/register", ANA).json().get("data").get("id").asString();

        assertThat(here).isNotEqualTo(there);
        assertThat(server.post("/t/acme/auth/login", ANA).status()).isEqualTo(200);
        assertThat(server.post("/t/nobody/auth/login", ANA).status()).isEqualTo(404);
        assertThat(server.post("/t/acme/login", ANA).status()).isEqualTo(404);
        assertThat(server.post("/t/acme/t/acme/auth/login", ANA).status()).isEqualTo(404);
        assertThat(server.post("/t/Acme/auth/login", ANA).status()).isEqualTo(404);
        assertThat(server.post("/t/%61cme/auth/login", ANA).status()).isEqualTo(404);
    }

    @Test
    void isMeantByItsHostNames() throws IOException {
        register(ANA);
        assertThat(patch("/v1/tenants/acme", "{\"hosts\":[\"Login.Acme.test\"]}").status())
                .isEqualTo(200);

        assertThat(loginAt("login.acme.test")).startsWith("HTTP/1.1 200");
        assertThat(loginAt("LOGIN.acme.test:443")).startsWith("HTTP/1.1 200");
        assertThat(loginAt("other.acme.test")).startsWith("HTTP/1.1 401");
        server.admin("/v1/tenants", "{\"id\":\"other\",\"name\":\"Other\"}");
        Answer taken = patch("/v1/tenants/other", "{\"hosts\":[\"login.acme.test\"]}");
        assertThat(taken.text("field")).isEqualTo("hosts");
    }

    private String loginAt(String host) throws IOException {
        try (Socket socket =
                new Socket(server.publicUrl().getHost(), server.publicUrl().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    """
                    POST /auth/login HTTP/1.1\r
                    Host: %s\r
                    Content-Type: application/json\r
                    Content-Length: %d\r
                    Connection: close\r
                    \r
                    %s\
                    """
                            .formatted(host, ANA.length(), ANA)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void endsEverySessionWhenItIsSuspendedAndLetsNobodyIn() {
        String session = register(ANA);

        Answer suspended = server.admin("/v1/tenants/acme/suspend", "{\"reason\":\"unpaid\"}");

        assertThat(suspended.text("state")).isEqualTo("suspended");
        assertThat(suspended.json().get("receipt").get("sessions").asLong()).isEqualTo(1);
        for (Answer refused :
                new Answer[] {
                    server.get("/t/acme/auth/validation", "X-Session-ID", session),
                    server.post("/t/acme/auth/login", ANA),
                    server.post("/t/acme/auth/register", BEN)
                }) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text("code")).isEqualTo("TENANT_SUSPENDED");
        }
        assertThat(server.admin("/v1/tenants/acme/resume", "{}").text("state")).isEqualTo("active");
        assertThat(server.get("/t/acme/auth/validation", "X-Session-ID", session).text("code"))
                .isEqualTo("INVALID_SESSION");
        assertThat(server.post("/t/acme/auth/login", ANA).status()).isEqualTo(200);
    }

    @Test
    void staysSuspendedOverARestart() {
        String session = register(ANA);
        server.admin("/v1/tenants/acme/suspend", "{}");
        server.close();
        server = RunningServer.start(data, clock);

        assertThat(server.post("/t/acme/auth/login", ANA).text("code"))
                .isEqualTo("TENANT_SUSPENDED");
        server.admin("/v1/tenants/acme/resume", "{}");
        assertThat(server.get("/t/acme/auth/validation", "X-Session-ID", session).text("code"))
                .isEqualTo("INVALID_SESSION");
    }

    @Test
    void refusesTheCallersOfASuspendedTenant() {
        String session = server.register("bridge@example.test");
        Map<String, String> call =
                Map.of("session_id", session, "ip", "127.0.0.1", "device_id", "device-1");
        assertThat(server.validate(call).status()).isEqualTo(200);

        server.admin("/v1/tenants/default/suspend", "{}");

        assertThat(server.validate(call).text("code")).isEqualTo("TENANT_SUSPENDED");
        server.admin("/v1/tenants/default/resume", "{}");
        assertThat(server.validate(call).text("code")).isEqualTo("SESSION_REVOKED");
    }

    @Test
    void hasNoMoreUsersAndSessionsThanItMay() {
        patch("/v1/tenants/acme", "{\"mostUsers\":1,\"mostSessions\":2}");
        register(ANA);

        assertThat(server.post("/t/acme/auth/register", BEN).text("code"))
                .isEqualTo("QUOTA_REACHED");
        assertThat(
                        server.admin("/v1/users", BEN.replace("{", "{\"tenant\":\"acme\","))
                                .text("code"))
                .isEqualTo("QUOTA_REACHED");
        assertThat(server.post("/t/acme/auth/login", ANA).status()).isEqualTo(200);
        assertThat(server.post("/t/acme/auth/login", ANA).text("code")).isEqualTo("QUOTA_REACHED");
        patch("/v1/tenants/acme", "{\"mostUsers\":0,\"mostSessions\":0}");
        assertThat(server.post("/t/acme/auth/register", BEN).status()).isEqualTo(201);
    }

    @Test
    void endsASessionThatIsUsedFromElsewhereTooOften() {
        patch("/v1/tenants/default", "{\"mostMismatches\":3}");
        String session = server.register("moved@example.test");
        Map<String, String> elsewhere = Map.of("session_id", session, "ip", "203.0.113.9");

        for (int i = 0; i < 3; i++) {
            assertThat(server.validate(elsewhere).text("code")).isEqualTo("SIGNAL_DIFFERS");
        }

        await().until(() -> server.validate(elsewhere).text("code").equals("SESSION_REVOKED"));
    }

    @Test
    void exportsUsersWithoutTheirPasswordHashesUnlessAsked() {
        register(ANA);

        Answer plain = server.admin("/v1/tenants/acme/export", "{}");
        Answer full = server.admin("/v1/tenants/acme/export", "{\"withPasswordHashes\":true}");

        JsonNode user = plain.json().get("tables").get("user_account").get(0);
        assertThat(user.get("email").asString()).isEqualTo("ana@example.test");
        assertThat(user.has("password_hash")).isFalse();
        assertThat(plain.response().body()).doesNotContain("$argon2id");
        assertThat(
                        full.json()
                                .get("tables")
                                .get("user_account")
                                .get(0)
                                .get("password_hash")
                                .asString())
                .startsWith("$argon2id");
        assertThat(plain.json().get("tables").has("caller")).isTrue();
    }

    @Test
    void isDeletedOnlyWhenSuspendedExportedAndNamedAndIsGoneForGood() {
        register(ANA);
        String confirm = "{\"confirm\":\"Acme Ltd\"}";

        assertThat(server.admin("/v1/tenants/acme/delete", "{\"confirm\":\"acme\"}").text("field"))
                .isEqualTo("confirm");
        assertThat(server.admin("/v1/tenants/acme/delete", confirm).text("code"))
                .isEqualTo("TENANT_NOT_DELETABLE");
        server.admin("/v1/tenants/acme/suspend", "{}");
        assertThat(server.admin("/v1/tenants/acme/delete", confirm).text("code"))
                .isEqualTo("TENANT_NOT_DELETABLE");
        clock.advance(Duration.ofSeconds(1));
        server.admin("/v1/tenants/acme/export", "{}");
        assertThat(server.admin("/v1/tenants/acme/delete", confirm).status()).isEqualTo(200);

        assertThat(server.admin("/v1/tenants/acme").text("code")).isEqualTo("UNKNOWN_ID");
        assertThat(server.post("/t/acme/auth/login", ANA).status()).isEqualTo(404);
        assertThat(server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"New\"}").text("code"))
                .isEqualTo("TENANT_EXISTS");
        assertThat(server.admin("/v1/sessions?filter=tenant:acme").json().get("total").asLong())
                .isZero();
        assertThat(server.admin("/v1/tenants/default/delete", "{\"confirm\":\"Default\"}").status())
                .isEqualTo(409);
    }

    @Test
    void allowsThePagesOfItsOwnOriginsAlone() {
        patch("/v1/tenants/acme", "{\"corsOrigins\":[\"https://acme.example.test\"]}");

        assertThat(origin("/t/acme/auth/validation")).isTrue();
        assertThat(origin("/auth/validation")).isFalse();
        assertThat(patch("/v1/tenants/acme", "{\"corsOrigins\":[\"*\"]}").text("field"))
                .isEqualTo("corsOrigins");
    }

    private boolean origin(String path) {
        return server.get(path, "Origin", "https://acme.example.test")
                .response()
                .headers()
                .firstValue("Access-Control-Allow-Origin")
                .isPresent();
    }

    @Test
    void listsTenantsAndRefusesWhatItDoesNotKnow() {
        Answer list = server.admin("/v1/tenants");
        assertThat(list.json().get("total").asInt()).isEqualTo(2);
        assertThat(list.json().get("items").get(0).get("id").asString()).isEqualTo("acme");
        register(ANA);
        Answer acme = server.admin("/v1/tenants/acme");
        assertThat(acme.json().get("users").asLong()).isEqualTo(1);
        assertThat(acme.json().get("sessions").asLong()).isEqualTo(1);
        assertThat(patch("/v1/tenants/acme", "{\"color\":\"red\"}").text("field"))
                .isEqualTo("color");
        assertThat(patch("/v1/tenants/acme", "{\"mostUsers\":-1}").text("field"))
                .isEqualTo("mostUsers");
        assertThat(server.admin("/v1/tenants", "{\"id\":\"Not One\",\"name\":\"x\"}").text("field"))
                .isEqualTo("id");
        assertThat(server.admin("/v1/tenants/nobody/suspend", "{}").text("code"))
                .isEqualTo("UNKNOWN_ID");
    }
}
