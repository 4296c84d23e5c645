package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What each public client puts on the wire, and what it must be able to read back. A shape that is
 * read by several clients stands once for each of them.
 */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class WireReplayTest {
    private static final String USER = "ana@example.test";
    private static final String PASSWORD = RunningServer.PASSWORD;

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;

    /** Who is asked as. */
    enum As {
        NOBODY,
        USER,
        COOKIE,
        ADMIN,
        ENDED
    }

    /**
     * A request as a client sends it, and what the client needs of the answer. In path and body,
     * {@code PASSWORD} and {@code SESSION} stand for the real ones.
     */
    record Shape(
            String client,
            String what,
            As as,
            String method,
            String path,
            String body,
            int status,
            Consumer<JsonNode> needs) {
        @Override
        public String toString() {
            return "%s: %s %s %s, %s".formatted(client, as, method, path, what);
        }
    }

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
        for (String account :
                new String[] {
                    "\"email\":\"%s\",\"name\":\"Ana\",\"userName\":\"ana\"".formatted(USER),
                    "\"email\":\"root@example.test\",\"userType\":\"admin\"",
                    "\"email\":\"leaver@example.test\""
                }) {
            assertThat(
                            server.admin(
                                            "/v1/users",
                                            "{%s,\"password\":\"%s\"}".formatted(account, PASSWORD))
                                    .status())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    // What the clients read, as they read it.

    /** {@code @pubflow/core}: a body with {@code data} becomes that. */
    private static JsonNode core(JsonNode body) {
        return body.has("data") ? body.get("data") : body;
    }

    /** The Rust SDK unwraps the same, and then decodes strictly. */
    private static JsonNode rust(JsonNode body) {
        assertThat(body.get("success").isBoolean()).isTrue();
        return core(body);
    }

    private static void strictUser(JsonNode user) {
        for (String name : new String[] {"id", "email", "name"}) {
            assertThat(user.get(name).isString()).as(name).isTrue();
        }
        for (String name : new String[] {"is_verified", "two_factor"}) {
            assertThat(user.get(name).isBoolean()).as(name).isTrue();
        }
        for (String name : new String[] {"first_time", "dob", "deleted_at"}) {
            assertThat(user.has(name)).as(name).isFalse();
        }
        for (String name : new String[] {"created_at", "updated_at"}) {
            time(user, name);
        }
        assertThat(user.get("metadata").isObject()).isTrue();
        assertThat(user.get("user_type").asString()).isEqualTo(user.get("userType").asString());
        assertThat(user.get("last_name")).isEqualTo(user.get("lastName"));
        assertThat(user.get("user_name")).isEqualTo(user.get("userName"));
        assertThat(user.get("isVerified")).isEqualTo(user.get("is_verified"));
    }

    private static void time(JsonNode body, String name) {
        assertThat(OffsetDateTime.parse(body.get(name).asString())).as(name).isNotNull();
    }

    private static void sessionInBothSpellings(JsonNode body) {
        assertThat(body.get("session_id").asString()).hasSizeGreaterThan(10);
        assertThat(body.get("sessionId")).isEqualTo(body.get("session_id"));
        time(body, "expires_at");
        assertThat(body.get("expiresAt")).isEqualTo(body.get("expires_at"));
    }

    private static void loggedIn(JsonNode body) {
        assertThat(body.get("success").asBoolean()).isTrue();
        assertThat(body.has("data")).as("core would see nothing else").isFalse();
        sessionInBothSpellings(body);
        strictUser(body.get("user"));
    }

    private static void registered(JsonNode body) {
        JsonNode data = rust(body);
        assertThat(data.get("id")).isEqualTo(data.get("user").get("id"));
        sessionInBothSpellings(data);
        strictUser(data.get("user"));
    }

    private static void validated(JsonNode body) {
        assertThat(body.get("success").asBoolean()).isTrue();
        strictUser(core(body).get("user"));
        time(core(body), "expiresAt");
        time(core(body), "expires_at");
        JsonNode session = core(body).get("session");
        assertThat(session.get("id").asString()).startsWith("ref_");
        assertThat(session.get("user_id").asString()).startsWith("usr_");
        time(session, "expires_at");
        time(session, "last_used_at");
    }

    private static void validatedForOld(JsonNode body) {
        validated(body);
        JsonNode data = body.get("data");
        assertThat(data.get("sessionId").asString()).startsWith("ses_");
        assertThat(data.get("user").get("userType").asString()).isNotEmpty();
        time(data, "expiresAt");
        time(data, "lastUsedAt");
    }

    private static void refreshed(JsonNode body) {
        loggedIn(body);
    }

    /** Good for all: the user itself, and again under {@code user}. */
    private static void profile(JsonNode body) {
        JsonNode data = rust(body);
        strictUser(data);
        strictUser(data.get("user"));
    }

    private static void success(JsonNode body) {
        assertThat(body.get("success").asBoolean()).isTrue();
        assertThat(body.path("data").isNull()).as("core would report failure").isFalse();
    }

    private static Consumer<JsonNode> error(String text) {
        return body -> {
            assertThat(body.get("success").asBoolean()).isFalse();
            assertThat(body.get("error").asString()).isEqualTo(text);
            assertThat(body.get("message").isString()).isTrue();
            assertThat(body.get("code").isString()).isTrue();
            assertThat(body.has("status")).isFalse();
        };
    }

    private static Consumer<JsonNode> code(String code) {
        return body -> {
            assertThat(body.get("success").asBoolean()).isFalse();
            assertThat(body.get("error").isString()).isTrue();
            assertThat(body.get("code").asString()).isEqualTo(code);
        };
    }

    private static Consumer<JsonNode> none(String... lists) {
        return body -> {
            for (String list : lists) {
                assertThat(body.get(list).isArray()).as(list).isTrue();
                assertThat(body.get(list)).as(list).isEmpty();
            }
        };
    }

    private static void users(JsonNode body) {
        assertThat(body.get("data").isArray()).isTrue();
        body.get("data").forEach(WireReplayTest::strictUser);
        for (String name : new String[] {"meta", "pagination"}) {
            assertThat(body.get(name).get("totalPages").isIntegralNumber()).isTrue();
            assertThat(body.get(name).has("total_pages")).as("a second field of it").isFalse();
        }
    }

    static Stream<Shape> shapes() {
        return Stream.of(
                        logins(), registrations(), checks(), profiles(), administration(), absent())
                .flatMap(shapes -> shapes);
    }

    private static Shape post(
            String client,
            String what,
            As as,
            String path,
            String body,
            int status,
            Consumer<JsonNode> needs) {
        return new Shape(client, what, as, "POST", path, body, status, needs);
    }

    private static Shape get(
            String client, String what, As as, String path, int status, Consumer<JsonNode> needs) {
        return new Shape(client, what, as, "GET", path, "", status, needs);
    }

    private static Stream<Shape> logins() {
        Consumer<JsonNode> in = WireReplayTest::loggedIn;
        Consumer<JsonNode> no = error("Invalid email or password");
        return Stream.of(
                login(
                        "core",
                        "email",
                        "{\"email\":\"ana@example.test\",\"password\":\"PASSWORD\"}",
                        200,
                        in),
                login(
                        "core",
                        "another case",
                        "{\"email\":\" ANA@Example.test \",\"password\":\"PASSWORD\"}",
                        200,
                        in),
                login(
                        "core",
                        "userName",
                        "{\"userName\":\"ana\",\"password\":\"PASSWORD\"}",
                        200,
                        in),
                login(
                        "core",
                        "wrong",
                        "{\"email\":\"ana@example.test\",\"password\":\"another password\"}",
                        401,
                        no),
                login(
                        "core",
                        "unknown",
                        "{\"email\":\"no@example.test\",\"password\":\"PASSWORD\"}",
                        401,
                        no),
                login(
                        "rsdk",
                        "email, the other null",
                        "{\"email\":\"ana@example.test\",\"user_name\":null,\"password\":\"PASSWORD\"}",
                        200,
                        in),
                login(
                        "rsdk",
                        "user_name, email null",
                        "{\"email\":null,\"user_name\":\"Ana\",\"password\":\"PASSWORD\"}",
                        200,
                        in),
                login(
                        "old",
                        "email",
                        "{\"email\":\"ana@example.test\",\"password\":\"PASSWORD\"}",
                        200,
                        in),
                login(
                        "old",
                        "unknown fields",
                        "{\"username\":\"ana\",\"password\":\"PASSWORD\",\"timestamp\":1,\"source\":\"x\"}",
                        200,
                        in),
                login("any", "nothing", "", 400, code("INVALID_FIELD")),
                login(
                        "any",
                        "no password",
                        "{\"email\":\"ana@example.test\"}",
                        400,
                        code("INVALID_FIELD")),
                post("core", "empty", As.USER, "/auth/logout", "", 200, WireReplayTest::success),
                post(
                        "rsdk",
                        "empty object",
                        As.USER,
                        "/auth/logout",
                        "{}",
                        200,
                        WireReplayTest::success),
                post(
                        "native",
                        "by cookie",
                        As.COOKIE,
                        "/auth/logout",
                        "",
                        200,
                        WireReplayTest::success),
                post("core", "ended", As.ENDED, "/auth/logout", "", 401, error("Invalid session")));
    }

    private static Shape login(
            String client, String what, String body, int status, Consumer<JsonNode> needs) {
        return post(client, what, As.NOBODY, "/auth/login", body, status, needs);
    }

    private static Stream<Shape> registrations() {
        Consumer<JsonNode> done = WireReplayTest::registered;
        return Stream.of(
                register(
                        "core",
                        "all it has",
                        "/auth/register",
                        "{\"email\":\"c1@example.test\",\"password\":\"PASSWORD\",\"name\":\"C\",\"lastName\":\"One\",\"userType\":\"individual\",\"userName\":\"c.one\",\"picture\":\"https://example.test/p.png\"}",
                        201,
                        done),
                register(
                        "core",
                        "least",
                        "/auth/register",
                        "{\"email\":\"c2@example.test\",\"password\":\"PASSWORD\"}",
                        201,
                        done),
                register(
                        "rsdk",
                        "nulls",
                        "/auth/register/public",
                        "{\"email\":\"r1@example.test\",\"password\":\"PASSWORD\",\"name\":\"R\",\"last_name\":null,\"user_name\":null,\"phone\":null,\"user_type\":null}",
                        201,
                        done),
                register(
                        "rsdk",
                        "all it has",
                        "/auth/register/public",
                        "{\"email\":\"r2@example.test\",\"password\":\"PASSWORD\",\"name\":\"R\",\"last_name\":\"Two\",\"user_name\":\"r_two\",\"phone\":\"+34 600 000 000\",\"user_type\":\"customer\"}",
                        201,
                        done),
                register(
                        "core",
                        "taken",
                        "/auth/register",
                        "{\"email\":\"ana@example.test\",\"password\":\"PASSWORD\"}",
                        409,
                        code("DUPLICATE_ACCOUNT")),
                register(
                        "core",
                        "name taken",
                        "/auth/register",
                        "{\"email\":\"c3@example.test\",\"userName\":\"ANA\",\"password\":\"PASSWORD\"}",
                        409,
                        code("DUPLICATE_ACCOUNT")),
                register(
                        "rsdk",
                        "no address",
                        "/auth/register/public",
                        "{\"email\":\"nonsense\",\"password\":\"PASSWORD\"}",
                        400,
                        code("INVALID_FIELD")),
                register(
                        "core",
                        "weak",
                        "/auth/register",
                        "{\"email\":\"c4@example.test\",\"password\":\"short\"}",
                        422,
                        code("WEAK_PASSWORD")));
    }

    private static Shape register(
            String client,
            String what,
            String path,
            String body,
            int status,
            Consumer<JsonNode> needs) {
        return post(client, what, As.NOBODY, path, body, status, needs);
    }

    private static Stream<Shape> checks() {
        Consumer<JsonNode> valid = WireReplayTest::validated;
        Consumer<JsonNode> old = WireReplayTest::validatedForOld;
        Consumer<JsonNode> renewed = WireReplayTest::refreshed;
        Consumer<JsonNode> dead = error("Invalid session");
        return Stream.of(
                get("core", "header", As.USER, "/auth/validation", 200, valid),
                get("rsdk", "cookie", As.COOKIE, "/auth/validation", 200, valid),
                get("core", "ended", As.ENDED, "/auth/validation", 401, dead),
                get("core", "none", As.NOBODY, "/auth/validation", 401, dead),
                get("core", "without key", As.USER, "/auth/validate-session", 200, valid),
                post(
                        "old",
                        "in the body",
                        As.NOBODY,
                        "/auth/validation",
                        "{\"sessionId\":\"SESSION\"}",
                        200,
                        old),
                post("old", "empty", As.USER, "/auth/validation", "", 200, old),
                post("old", "ended", As.ENDED, "/auth/validation", "{}", 401, dead),
                post("core", "empty", As.USER, "/auth/refresh", "", 200, renewed),
                post("core", "without key", As.USER, "/auth/refresh-session", "", 200, renewed),
                post("core", "by cookie", As.COOKIE, "/auth/refresh", "", 200, renewed),
                post("core", "ended", As.ENDED, "/auth/refresh", "", 401, dead),
                get(
                        "callback page",
                        "cookie",
                        As.COOKIE,
                        "/auth/session/current",
                        200,
                        body -> {
                            loggedIn(body);
                            assertThat(body.get("requires_2fa").asBoolean(true)).isFalse();
                        }),
                post(
                        "fdoc",
                        "all of mine",
                        As.USER,
                        "/auth/invalidate/me",
                        "",
                        200,
                        WireReplayTest::success));
    }

    private static Stream<Shape> profiles() {
        Consumer<JsonNode> user = WireReplayTest::profile;
        return Stream.of(
                get("rsdk", "me", As.USER, "/auth/me", 200, user),
                get("react", "me", As.COOKIE, "/auth/user/me", 200, user),
                get("cli", "nobody", As.NOBODY, "/auth/user/me", 401, error("Invalid session")),
                put(
                        "react",
                        "form",
                        "/auth/user/me",
                        "{\"name\":\"Ana\",\"last_name\":\"Ruiz\",\"email\":\"ana@example.test\",\"user_name\":\"ana\",\"phone\":\"\",\"picture\":\"\",\"lang\":\"es\"}",
                        200,
                        user),
                put(
                        "fdoc",
                        "the rest",
                        "/auth/user/me",
                        "{\"gender\":\"f\",\"reference_id\":\"x-1\",\"recovery_email\":\"Other@example.test\",\"tmz\":\"Europe/Madrid\",\"metadata\":{\"a\":{\"b\":1}}}",
                        200,
                        body -> {
                            profile(body);
                            JsonNode data = body.get("data");
                            assertThat(data.get("recovery_email").asString())
                                    .isEqualTo("other@example.test");
                            assertThat(data.get("metadata").get("a").get("b").asInt()).isEqualTo(1);
                        }),
                put(
                        "rsdk",
                        "nulls",
                        "/auth/profile",
                        "{\"name\":\"Ana\",\"last_name\":null,\"phone\":null,\"user_type\":null}",
                        200,
                        user),
                put("rsdk", "own type", "/auth/profile", "{\"user_type\":\"user\"}", 200, user),
                put(
                        "rsdk",
                        "more than that",
                        "/auth/profile",
                        "{\"user_type\":\"admin\"}",
                        403,
                        code("ADMIN_REQUIRED")),
                put(
                        "react",
                        "script as picture",
                        "/auth/user/me",
                        "{\"picture\":\"javascript:alert(1)\"}",
                        400,
                        code("INVALID_FIELD")),
                post(
                        "react",
                        "wrong",
                        As.USER,
                        "/auth/password-change/self",
                        "{\"current_password\":\"not this one\",\"new_password\":\"PASSWORD\"}",
                        403,
                        code("WRONG_PASSWORD")),
                post(
                        "rsdk",
                        "right",
                        As.USER,
                        "/auth/password-change/self",
                        "{\"current_password\":\"PASSWORD\",\"new_password\":\"PASSWORD\"}",
                        200,
                        WireReplayTest::success));
    }

    private static Shape put(
            String client,
            String what,
            String path,
            String body,
            int status,
            Consumer<JsonNode> needs) {
        return new Shape(client, what, As.USER, "PUT", path, body, status, needs);
    }

    private static Stream<Shape> administration() {
        return Stream.of(
                get(
                        "react",
                        "page",
                        As.ADMIN,
                        "/auth/users?page=1&limit=10",
                        200,
                        WireReplayTest::users),
                get(
                        "react",
                        "no admin",
                        As.USER,
                        "/auth/users?page=1&limit=10",
                        403,
                        code("ADMIN_REQUIRED")),
                post(
                        "react",
                        "create",
                        As.ADMIN,
                        "/auth/users",
                        "{\"name\":\"N\",\"last_name\":\"\",\"email\":\"n@example.test\",\"user_name\":\"newcomer\",\"phone\":\"1\",\"user_type\":\"guest\",\"password\":\"PASSWORD\",\"lang\":\"en\"}",
                        201,
                        WireReplayTest::profile),
                post(
                        "react",
                        "taken",
                        As.ADMIN,
                        "/auth/users",
                        "{\"email\":\"ana@example.test\",\"password\":\"PASSWORD\"}",
                        409,
                        code("DUPLICATE_ACCOUNT")),
                new Shape(
                        "react",
                        "unknown",
                        As.ADMIN,
                        "PUT",
                        "/auth/users/usr_none",
                        "{\"name\":\"N\"}",
                        404,
                        code("UNKNOWN_ID")),
                new Shape(
                        "react",
                        "unknown",
                        As.ADMIN,
                        "DELETE",
                        "/auth/users/usr_none",
                        "",
                        404,
                        code("UNKNOWN_ID")),
                post(
                        "react",
                        "unknown",
                        As.ADMIN,
                        "/auth/password-change/admin",
                        "{\"user_id\":\"usr_none\",\"new_password\":\"PASSWORD\"}",
                        404,
                        code("UNKNOWN_ID")),
                post(
                        "react",
                        "no admin",
                        As.USER,
                        "/auth/password-change/admin",
                        "{\"user_id\":\"usr_none\",\"new_password\":\"PASSWORD\"}",
                        403,
                        code("ADMIN_REQUIRED")));
    }

    private static Stream<Shape> absent() {
        Consumer<JsonNode> noFactor = code("TWO_FACTOR_NOT_CONFIGURED");
        Consumer<JsonNode> noSocial = code("SOCIAL_NOT_CONFIGURED");
        return Stream.of(
                get(
                        "core",
                        "system",
                        As.NOBODY,
                        "/auth/two_factor/system",
                        200,
                        body -> {
                            none("available_methods").accept(body);
                            assertThat(body.get("global_two_factor_enabled").asBoolean(true))
                                    .isFalse();
                        }),
                get("core", "methods", As.USER, "/auth/two_factor/methods", 200, none("methods")),
                post(
                        "core",
                        "setup",
                        As.USER,
                        "/auth/two_factor/email/setup",
                        "{\"identifier\":\"a@example.test\"}",
                        404,
                        noFactor),
                post(
                        "core",
                        "start",
                        As.USER,
                        "/auth/two_factor/email/start",
                        "{\"method_id\":\"x\",\"action\":\"login\"}",
                        404,
                        noFactor),
                post(
                        "core",
                        "verify",
                        As.USER,
                        "/auth/two_factor/verify",
                        "{\"method_id\":\"x\",\"code\":\"000000\",\"action\":\"login\"}",
                        404,
                        noFactor),
                post(
                        "core",
                        "on",
                        As.USER,
                        "/auth/two_factor/toggle",
                        "{\"two_factor_enabled\":true}",
                        404,
                        noFactor),
                post(
                        "core",
                        "off",
                        As.USER,
                        "/auth/two_factor/toggle",
                        "{\"two_factor_enabled\":false}",
                        200,
                        none("active_methods")),
                new Shape(
                        "core",
                        "remove",
                        As.USER,
                        "DELETE",
                        "/auth/two_factor/tfm_1",
                        "{\"verification_code\":\"1\",\"verification_method_id\":\"x\"}",
                        404,
                        code("UNKNOWN_ID")),
                get(
                        "rsdk",
                        "providers",
                        As.NOBODY,
                        "/auth/social/providers",
                        200,
                        body -> {
                            none("providers", "allProviders").accept(body);
                            assertThat(body.has("all_providers"))
                                    .as("a second field of it")
                                    .isFalse();
                        }),
                get("rsdk", "login", As.NOBODY, "/auth/social/google/login", 404, noSocial),
                get(
                        "provider",
                        "callback",
                        As.NOBODY,
                        "/auth/social/google/callback?code=1&format=json",
                        404,
                        noSocial),
                post(
                        "rsdk",
                        "by token",
                        As.NOBODY,
                        "/auth/social/google/login-api",
                        "{\"access_token\":\"x\"}",
                        404,
                        noSocial),
                post(
                        "fdoc",
                        "by token",
                        As.NOBODY,
                        "/auth/social/google/login-api",
                        "{\"idToken\":\"x\"}",
                        404,
                        noSocial),
                get("rsdk", "accounts", As.USER, "/auth/social/accounts", 200, none("accounts")),
                new Shape(
                        "rsdk",
                        "unlink",
                        As.USER,
                        "DELETE",
                        "/auth/social/accounts/google",
                        "",
                        404,
                        code("UNKNOWN_ID")),
                new Shape(
                        "rsdk",
                        "picture",
                        As.USER,
                        "DELETE",
                        "/auth/upload/picture",
                        "",
                        404,
                        code("PICTURES_NOT_CONFIGURED")),
                post(
                        "react",
                        "picture",
                        As.USER,
                        "/auth/upload/picture",
                        "{}",
                        404,
                        code("PICTURES_NOT_CONFIGURED")));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void answersAsTheClientReads(Shape shape) {
        String session = session(shape.as());
        String body = shape.body().replace("PASSWORD", PASSWORD).replace("SESSION", session);
        String[] headers =
                switch (shape.as()) {
                    case NOBODY -> new String[0];
                    case COOKIE -> new String[] {"Cookie", "session_id=" + session};
                    case USER, ADMIN, ENDED -> new String[] {"x-session-id", session};
                };

        Answer answer = server.call(shape.method(), shape.path(), body, headers);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(shape.status());
        assertThat(answer.response().headers().firstValue("Content-Type"))
                .contains("application/json");
        assertThat(answer.response().headers().firstValue("Cache-Control")).contains("no-store");
        shape.needs().accept(answer.json());
    }

    private String session(As as) {
        String email =
                switch (as) {
                    case ADMIN -> "root@example.test";
                    case ENDED -> "leaver@example.test";
                    case NOBODY, USER, COOKIE -> USER;
                };
        String session =
                server.post(
                                "/auth/login",
                                "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, PASSWORD))
                        .text("session_id");
        if (as == As.ENDED) {
            server.post("/auth/logout", "", "X-Session-ID", session);
        }
        return session;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bridgeCalls")
    void trustsOverTheBridgeAsTheKitReads(String kit, Map<String, String> place) {
        String session = session(As.USER);
        String body =
                place.get("body") == null ? "" : place.get("body").replace("SESSION", session);

        Answer answer =
                server.call(
                        "POST",
                        "/auth/bridge/validate",
                        body,
                        "X-Bridge-Secret",
                        RunningServer.SECRET,
                        "X-Session-Id",
                        place.get("header") == null ? "" : session);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.get("success").asBoolean() && json.get("valid").asBoolean()).isTrue();
        assertThat(json.has("data")).as("the Rust SDK would lose user and session").isFalse();
        strictUser(json.get("user"));
        assertThat(json.get("user").get("userType").asString()).isIn("admin", "user", "guest");
        assertThat(json.get("session").get("id").isString()).isTrue();
        assertThat(json.get("session").get("user_id").isString()).isTrue();
        time(json.get("session"), "expires_at");
    }

    static Stream<Arguments> bridgeCalls() {
        return Stream.of(
                kit("node", Map.of("body", "{\"sessionId\":\"SESSION\",\"ip\":\"127.0.0.1\"}")),
                kit(
                        "rs, rsdk, ex",
                        Map.of(
                                "body",
                                "{\"session_id\":\"SESSION\",\"ip\":\"127.0.0.1\",\"user_agent\":null,\"device_id\":null}")),
                kit(
                        "cli",
                        Map.of(
                                "header",
                                "yes",
                                "body",
                                "{\"validation_mode\":\"standard\",\"ip\":\"127.0.0.1\"}")));
    }

    private static Arguments kit(String name, Map<String, String> place) {
        return Arguments.of(name, place);
    }
}
