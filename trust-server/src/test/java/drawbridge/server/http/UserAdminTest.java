package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Accounts in the hands of operators, and of the administrators of their tenant. */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class UserAdminTest {
    private static final String FRESH = "copper meadow anthem 77";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private String admin = "";

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
        create("root@example.test", ",\"userType\":\"admin\",\"userName\":\"Root\"");
        admin = logIn("root@example.test").text("session_id");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String create(String email, String more) {
        Answer answer =
                server.admin(
                        "/v1/users",
                        "{\"email\":\"%s\",\"password\":\"%s\"%s}"
                                .formatted(email, RunningServer.PASSWORD, more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("id");
    }

    private Answer logIn(String email) {
        return logIn(email, RunningServer.PASSWORD);
    }

    private Answer logIn(String email, String password) {
        return server.post(
                "/auth/login", "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password));
    }

    private Answer bridge(String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    private Answer asAdmin(String method, String path, String json) {
        return server.call(method, path, json, "X-Session-ID", admin);
    }

    @Test
    void operatorMakesTheFirstAdministrator() {
        assertThat(asAdmin("GET", "/auth/users", "").status()).isEqualTo(200);
        Answer answer = bridge(admin);
        assertThat(answer.json().get("user").get("user_type").asString()).isEqualTo("admin");
        assertThat(answer.json().get("user").get("userName").asString()).isEqualTo("root");
    }

    @Test
    void listsInPagesThatMissNobody() {
        for (int i = 0; i < 5; i++) {
            create("page%d@example.test".formatted(i), "");
        }
        List<String> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = server.admin("/v1/users?limit=2" + after).json();
            page.get("items").forEach(row -> all.add(row.get("email").asString()));
            JsonNode next = page.get("next");
            after = next == null || next.isNull() ? "" : "&after=" + next.asString();
        } while (!after.isEmpty());

        assertThat(all)
                .doesNotHaveDuplicates()
                .contains("page0@example.test", "page4@example.test");
        JsonNode some = server.admin("/v1/users?filter=PAGE3").json();
        assertThat(some.get("total").asInt()).isEqualTo(1);
        assertThat(server.admin("/v1/users?after=nonsense").status()).isEqualTo(400);
    }

    @Test
    void typeTakenAwayCountsAtOnceAlsoForSessionsInMemory() {
        String id = create("deputy@example.test", ",\"userType\":\"admin\"");
        String session = logIn("deputy@example.test").text("session_id");
        assertThat(bridge(session).json().get("user").get("userType").asString())
                .isEqualTo("admin");
        assertThat(server.get("/auth/users", "X-Session-ID", session).status()).isEqualTo(200);

        Answer changed = server.adminCall("PATCH", "/v1/users/" + id, "{\"userType\":\"user\"}");

        assertThat(changed.text("userType")).isEqualTo("user");
        assertThat(bridge(session).json().get("user").get("userType").asString()).isEqualTo("user");
        assertThat(server.get("/auth/users", "X-Session-ID", session).text("code"))
                .isEqualTo("ADMIN_REQUIRED");
        assertThat(bridge(session).json().get("cacheSource").asString()).isEqualTo("ultra");
    }

    @ParameterizedTest
    @CsvSource({"disable, POST, ''", "set-password, POST, yes", "'', DELETE, ''"})
    void endsTheUsersSessionsInTheSameStep(String action, String method, String password) {
        String email = "gone%d@example.test".formatted(action.length());
        String id = create(email, "");
        String session = logIn(email).text("session_id");
        assertThat(bridge(session).status()).isEqualTo(200);

        Answer answer =
                server.adminCall(
                        method,
                        "/v1/users/" + id + (action.isEmpty() ? "" : "/" + action),
                        password.isEmpty() ? "" : "{\"password\":\"%s\"}".formatted(FRESH));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(bridge(session).status()).isEqualTo(401);
        assertThat(logIn(email).status()).isEqualTo(401);
        assertThat(logIn(email, FRESH).status()).isEqualTo(password.isEmpty() ? 401 : 200);
    }

    @Test
    void enabledAgainMayLogInAgain() {
        String id = create("back@example.test", "");
        server.admin("/v1/users/" + id + "/disable", "");
        assertThat(logIn("back@example.test").status()).isEqualTo(401);

        Answer answer = server.admin("/v1/users/" + id + "/enable", "");

        assertThat(answer.text("state")).isEqualTo("active");
        assertThat(logIn("back@example.test").status()).isEqualTo(200);
    }

    @Test
    void deletedIsGoneAndItsAddressIsFree() {
        String id = create("again@example.test", ",\"userName\":\"again\"");
        server.adminCall("DELETE", "/v1/users/" + id, "");

        assertThat(server.admin("/v1/users/" + id).status()).isEqualTo(404);
        assertThat(server.adminCall("DELETE", "/v1/users/" + id, "").status()).isEqualTo(404);
        assertThat(create("again@example.test", ",\"userName\":\"again\"")).isNotEqualTo(id);
    }

    @Test
    void refusesWhatIsTakenUnknownOrWeak() {
        create("taken@example.test", ",\"userName\":\"taken\"");
        String id = create("other@example.test", "");

        assertThat(
                        server.adminCall("PATCH", "/v1/users/" + id, "{\"userName\":\"TAKEN\"}")
                                .status())
                .isEqualTo(409);
        assertThat(
                        server.adminCall(
                                        "PATCH",
                                        "/v1/users/" + id,
                                        "{\"email\":\"Taken@example.test\"}")
                                .text("field"))
                .isEqualTo("email");
        assertThat(server.adminCall("PATCH", "/v1/users/" + id, "{\"user_type\":\"x\"}").status())
                .isEqualTo(400);
        assertThat(server.adminCall("PATCH", "/v1/users/usr_none", "{}").status()).isEqualTo(404);
        assertThat(
                        server.admin("/v1/users/" + id + "/set-password", "{\"password\":\"a\"}")
                                .status())
                .isEqualTo(422);
        assertThat(
                        server.admin(
                                        "/v1/users",
                                        "{\"tenant\":\"none\",\"email\":\"x@example.test\",\"password\":\"%s\"}"
                                                .formatted(FRESH))
                                .status())
                .isEqualTo(404);
    }

    @Test
    void administratorsManageTheirTenantOverThePublicListener() {
        Answer made =
                asAdmin(
                        "POST",
                        "/auth/users",
                        """
                        {"name":"Eva","last_name":"Ruiz","email":"Eva@example.test","user_name":"eva",
                         "user_type":"guest","password":"%s","lang":"es","phone":null}
                        """
                                .formatted(RunningServer.PASSWORD));
        assertThat(made.status()).isEqualTo(201);
        String id = made.json().get("data").get("id").asString();

        Answer list = asAdmin("GET", "/auth/users?page=1&limit=2", "");
        assertThat(list.json().get("data")).hasSize(2);
        assertThat(list.json().get("pagination").get("totalPages").asInt()).isPositive();
        assertThat(list.response().body()).doesNotContain("total_pages");

        Answer changed =
                asAdmin("PUT", "/auth/users/" + id, "{\"userType\":\"user\",\"name\":\"Evita\"}");
        assertThat(changed.json().get("data").get("name").asString()).isEqualTo("Evita");
        String session = logIn("eva@example.test").text("session_id");

        assertThat(
                        asAdmin(
                                        "POST",
                                        "/auth/password-change/admin",
                                        "{\"user_id\":\"%s\",\"new_password\":\"%s\"}"
                                                .formatted(id, FRESH))
                                .status())
                .isEqualTo(200);
        assertThat(bridge(session).status()).isEqualTo(401);
        assertThat(logIn("eva@example.test", FRESH).status()).isEqualTo(200);
        assertThat(asAdmin("DELETE", "/auth/users/" + id, "").status()).isEqualTo(200);
        assertThat(logIn("eva@example.test", FRESH).status()).isEqualTo(401);
    }

    @Test
    void usersAreNoAdministrators() {
        String session = server.register("plain@example.test");

        for (String path : new String[] {"/auth/users"}) {
            assertThat(server.get(path, "X-Session-ID", session).status()).isEqualTo(403);
        }
        assertThat(
                        server.call(
                                        "PUT",
                                        "/auth/profile",
                                        "{\"user_type\":\"admin\"}",
                                        "X-Session-ID",
                                        session)
                                .status())
                .isEqualTo(403);
        assertThat(
                        server.post(
                                        "/auth/register",
                                        "{\"email\":\"sly@example.test\",\"password\":\"%s\",\"userType\":\"admin\",\"is_verified\":true}"
                                                .formatted(RunningServer.PASSWORD))
                                .json()
                                .get("data")
                                .get("user")
                                .toString())
                .contains("\"userType\":\"user\"", "\"is_verified\":false");
    }

    @Test
    void anotherAddressTakesTheCurrentPassword() {
        String session = server.register("mover@example.test");
        String to = "{\"email\":\"moved@example.test\"%s}";

        assertThat(own(session, to.formatted("")).text("field")).isEqualTo("current_password");
        assertThat(
                        own(session, to.formatted(",\"current_password\":\"not it at all, no\""))
                                .status())
                .isEqualTo(403);
        Answer moved =
                own(
                        session,
                        to.formatted(
                                ",\"current_password\":\"%s\"".formatted(RunningServer.PASSWORD)));

        assertThat(moved.json().get("data").get("email").asString())
                .isEqualTo("moved@example.test");
        assertThat(bridge(session).json().get("user").get("email").asString())
                .isEqualTo("moved@example.test");
        assertThat(logIn("mover@example.test").status()).isEqualTo(401);
    }

    private Answer own(String session, String json) {
        return server.call("PUT", "/auth/user/me", json, "X-Session-ID", session);
    }

    @Test
    void unknownWrongAndDisabledAreAnsweredAlike() {
        String id = create("locked@example.test", "");
        server.admin("/v1/users/" + id + "/disable", "");
        create("there@example.test", ",\"userName\":\"there\"");

        List<Answer> refused =
                List.of(
                        logIn("nobody@example.test"),
                        logIn("there@example.test", "not the password at all"),
                        logIn("locked@example.test"),
                        server.post(
                                "/auth/login",
                                "{\"userName\":\"nobody\",\"password\":\"%s\"}"
                                        .formatted(RunningServer.PASSWORD)),
                        server.post(
                                "/auth/login",
                                "{\"userName\":\"there\",\"password\":\"wrong, all of it\"}"));

        assertThat(refused).extracting(Answer::status).containsOnly(401);
        assertThat(refused).extracting(a -> a.response().body()).hasSize(5);
        assertThat(refused.stream().map(a -> a.response().body()).distinct()).hasSize(1);
    }
}
