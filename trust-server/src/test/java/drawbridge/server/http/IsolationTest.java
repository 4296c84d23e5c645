package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.RouteTables;
import drawbridge.server.http.Routes.Route;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whatever one user or tenant asks with the ids of another is answered as if there were no such
 * ids. Generated from the route table, so that a new endpoint is tested without being named here.
 */
@DatabaseContract
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class IsolationTest {
    private static final String LOGIN =
            "{\"email\":\"%s\",\"password\":\"" + RunningServer.PASSWORD + "\"}";

    /** Somebody with everything that has an id. */
    private record Somebody(String email, String user, String session, String ref) {
        /** Of the same shape as another's, and nobody's. */
        static Somebody nobody(String email) {
            return new Somebody(
                    email,
                    "usr_AAAAAAAAAAAAAAAA",
                    "ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                    "ref_AAAAAAAAAAAAAAAAAAAAAA");
        }

        List<String> ids() {
            return List.of(user, ref, session, email);
        }
    }

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private Somebody ana = Somebody.nobody("");
    private Somebody ada = Somebody.nobody("");
    private Somebody ben = Somebody.nobody("");
    private Somebody carla = Somebody.nobody("");

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
        server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        ana = register("", "ana@example.test");
        ada = register("", "ada@example.test");
        assertThat(
                        server.send(
                                        HttpRequest.newBuilder(
                                                        server.server()
                                                                .adminUrl()
                                                                .resolve("/v1/users/" + ada.user()))
                                                .header(
                                                        "Authorization",
                                                        "Bearer " + server.adminToken())
                                                .header("Content-Type", "application/json")
                                                .method(
                                                        "PATCH",
                                                        BodyPublishers.ofString(
                                                                "{\"userType\":\"admin\"}")))
                                .status())
                .isEqualTo(200);
        ben = register("", "ben@example.test");
        carla = register("/t/acme", "carla@example.test");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Somebody register(String before, String email) {
        JsonNode data =
                server.post(before + "/auth/register", LOGIN.formatted(email)).json().get("data");
        String session = data.get("session_id").asString();
        String ref =
                server.get(before + "/auth/validation", "X-Session-ID", session)
                        .json()
                        .get("session")
                        .get("id")
                        .asString();
        return new Somebody(email, data.get("id").asString(), session, ref);
    }

    private Answer call(Route route, String session, String id, Somebody about) {
        String path = route.path().replaceAll("[{<][^}>]*[}>]", id);
        String body =
                """
                {"user_id":"%s","userId":"%s","ref":"%s","new_password":"another fine password 7"%s}\
                """
                        .formatted(
                                about.user(),
                                about.user(),
                                about.ref(),
                                // Elsewhere an address may be taken, which is no secret.
                                route.path().endsWith("/login")
                                        ? ",\"email\":\"%s\",\"password\":\"a wrong one\""
                                                .formatted(about.email())
                                        : "");
        String query =
                reads(route)
                        ? "?user_id=%s&ref=%s&id=%s".formatted(about.user(), about.ref(), id)
                        : "";
        return server.send(
                HttpRequest.newBuilder(server.publicUrl().resolve(path + query))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .header("X-Session-ID", session)
                        .header("X-Bridge-Secret", RunningServer.SECRET)
                        .method(
                                route.method(),
                                reads(route)
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body)));
    }

    private static boolean reads(Route route) {
        return route.method().equals("GET") || route.method().equals("HEAD");
    }

    private String logIn(Somebody who) {
        return server.post("/auth/login", LOGIN.formatted(who.email())).text("session_id");
    }

    /** That session as it was before the call, or a new one where the call ended or replaced it. */
    private String goodFor(Somebody who, String session, Answer answer) {
        boolean replaced = answer.response().body().contains("\"ses_");
        boolean isGood =
                !replaced
                        && server.get("/auth/validation", "X-Session-ID", session).status() == 200;
        return isGood ? session : logIn(who);
    }

    private static String neutral(Answer answer, Somebody about) {
        String body = answer.response().body();
        for (String id : about.ids()) {
            body = body.replace(id, "ID");
        }
        // What is new each time: the session's own names, and the device of its cookie.
        return answer.status()
                + body.replaceAll("\"ended\":[0-9]+", "\"ended\":N") // his own sessions
                        .replaceAll("\"(number|previous|ms)\":[0-9]+|id: [0-9]+", "N")
                        .replaceAll("(ses|ref|req|usr|tok)[_-][A-Za-z0-9_-]{16,}", "NEW")
                        .replaceAll("dev-[0-9a-f]{8}", "NEW");
    }

    private Stream<DynamicTest> answersAsForNobody(
            Somebody asking, Somebody other, boolean sameTenant) {
        // Failed logins of an address are counted, so each table has an address of its own.
        Somebody nobody = Somebody.nobody("nobody-%s@example.test".formatted(sameTenant));
        return RouteTables.of(server.server()).publicRoutes().stream()
                // A second account of an address is possible in another tenant and not in one.
                .filter(route -> !(sameTenant && route.path().contains("register")))
                .map(route ->
                        DynamicTest.dynamicTest(
                                route.method() + " " + route.path(),
                                () -> {
                                    String session = logIn(asking);
                                    for (int i = 0; i < other.ids().size(); i++) {
                                        Answer theirs =
                                                call(route, session, other.ids().get(i), other);
                                        session = goodFor(asking, session, theirs);
                                        Answer nobodys =
                                                call(route, session, nobody.ids().get(i), nobody);
                                        session = goodFor(asking, session, nobodys);

                                        assertThat(neutral(theirs, other))
                                                .isEqualTo(neutral(nobodys, nobody));
                                    }
                                }));
    }

    @TestFactory
    Stream<DynamicTest> tenantsAreNothingToEachOther() {
        return Stream.concat(
                answersAsForNobody(ada, carla, false),
                Stream.of(unchanged("/t/acme", () -> carla)));
    }

    @TestFactory
    Stream<DynamicTest> usersAreNothingToEachOther() {
        return Stream.concat(
                answersAsForNobody(ana, ben, true), Stream.of(unchanged("", () -> ben)));
    }

    private DynamicTest unchanged(String before, Supplier<Somebody> whose) {
        return DynamicTest.dynamicTest(
                "and they have what they had",
                () -> {
                    Somebody somebody = whose.get();
                    Answer answer =
                            server.get(
                                    before + "/auth/validation",
                                    "X-Session-ID",
                                    somebody.session());
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.json().get("user").get("email").asString())
                            .isEqualTo(somebody.email());
                    assertThat(
                                    server.post(
                                                    before + "/auth/login",
                                                    LOGIN.formatted(somebody.email()))
                                            .status())
                            .isEqualTo(200);
                });
    }

    @Test
    void aCallerSeesNoSessionOfAnotherTenant() {
        Somebody nobody = Somebody.nobody("nobody@example.test");

        Answer theirs = server.validate(Map.of("session_id", carla.session(), "ip", "127.0.0.1"));
        Answer nobodys = server.validate(Map.of("session_id", nobody.session(), "ip", "127.0.0.1"));

        assertThat(theirs.status()).isEqualTo(401);
        assertThat(theirs.response().body()).isEqualTo(nobodys.response().body());
    }

    @Test
    void aSessionIsKnownInItsOwnTenantAlone() {
        assertThat(server.get("/auth/validation", "X-Session-ID", carla.session()).text("code"))
                .isEqualTo("INVALID_SESSION");
        assertThat(
                        server.get("/t/acme/auth/validation", "X-Session-ID", ben.session())
                                .text("code"))
                .isEqualTo("INVALID_SESSION");
        assertThat(server.post("/t/acme/auth/login", LOGIN.formatted(ben.email())).text("code"))
                .isEqualTo("INVALID_CREDENTIALS");
    }
}
