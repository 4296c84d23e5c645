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

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Callers and their secrets, as an administrator and a back end meet them. */
@DatabaseContract
class CallersOverHttpTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    @TempDir private Path data;
    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start(data, clock, Map.of("DRAWBRIDGE_SESSION_IDLE", "7d"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Made(String id, String secret) {}

    private Made make(String json) {
        Answer answer = server.admin("/v1/callers", json);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return new Made(answer.json().get("caller").get("id").asString(), answer.text("secret"));
    }

    private Answer ask(String secret, String session) {
        return server.post(
                "/auth/bridge/validate",
                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session),
                "X-Bridge-Secret",
                secret);
    }

    private JsonNode secret(String id, int version) {
        for (JsonNode one : server.admin("/v1/callers/" + id).json().get("secrets")) {
            if (one.get("version").asInt() == version) {
                return one;
            }
        }
        throw new AssertionError("no version " + version);
    }

    @Test
    void acceptsNewCallerAndShowsItsSecretOnce() {
        String session = server.register("shown@example.test");

        Made shop = make("{\"name\":\"shop\"}");

        assertThat(shop.secret()).matches("brs_[A-Za-z0-9_-]{43}");
        assertThat(ask(shop.secret(), session).status()).isEqualTo(200);
        Answer list = server.admin("/v1/callers");
        assertThat(list.json().get("total").asInt()).isEqualTo(2);
        assertThat(list.response().body()).doesNotContain(shop.secret());
        assertThat(server.admin("/v1/callers/" + shop.id()).response().body())
                .doesNotContain(shop.secret());
    }

    @Test
    void keepsNamesApartAndRefusesWhatItDoesNotKnow() {
        make("{\"name\":\"shop\"}");

        assertThat(server.admin("/v1/callers", "{\"name\":\"shop\"}").text("code"))
                .isEqualTo("DUPLICATE_NAME");
        assertThat(server.admin("/v1/callers", "{\"name\":\"default\"}").text("code"))
                .isEqualTo("DUPLICATE_NAME");
        assertThat(
                        server.admin("/v1/callers", "{\"name\":\"x\",\"tenant\":\"nobody\"}")
                                .text("code"))
                .isEqualTo("UNKNOWN_ID");
        assertThat(server.admin("/v1/callers", "{\"name\":\"x\",\"color\":\"red\"}").text("field"))
                .isEqualTo("color");
        assertThat(server.admin("/v1/callers/clr_nobody").status()).isEqualTo(404);
    }

    @Test
    void refusesCallFromOutsideTheNetworksExactlyAsItRefusesUnknownSecret() {
        String session = server.register("network@example.test");
        Made away = make("{\"name\":\"away\",\"networks\":[\"192.0.2.0/24\"]}");

        Answer refused = ask(away.secret(), session);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.response().body())
                .isEqualTo(ask("brs_nobody", session).response().body());
        server.admin(
                "PATCH", "/v1/callers/" + away.id(), "{\"networks\":[\"127.0.0.0/8\",\"::1\"]}");
        assertThat(ask(away.secret(), session).status()).isEqualTo(200);
    }

    @Test
    void letsCallersDoOnlyWhatTheirScopesSay() {
        String session = server.register("scopes@example.test");
        Made reader = make("{\"name\":\"reader\"}");
        Made ender = make("{\"name\":\"ender\",\"scopes\":[\"revoke-own\"]}");
        String body = "{\"session_id\":\"%s\"}".formatted(session);

        Answer tooMuch =
                server.post("/auth/bridge/revoke", body, "X-Bridge-Secret", reader.secret());
        assertThat(tooMuch.status()).isEqualTo(403);
        assertThat(tooMuch.text("code")).isEqualTo("SCOPE_MISSING");
        assertThat(ask(ender.secret(), session).text("code")).isEqualTo("SCOPE_MISSING");
        assertThat(ask(reader.secret(), session).status()).isEqualTo(200);

        Answer ended = server.post("/auth/bridge/revoke", body, "X-Bridge-Secret", ender.secret());

        assertThat(ended.status()).isEqualTo(200);
        assertThat(ask(reader.secret(), session).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(
                        server.post("/auth/bridge/revoke", body, "X-Bridge-Secret", ender.secret())
                                .status())
                .isEqualTo(200);
        JsonNode scopes = server.admin("/v1/callers/" + ender.id()).json().get("scopes");
        assertThat(scopes)
                .extracting(s ->
                        "%s %s %d"
                                .formatted(
                                        s.get("scope").asString(),
                                        s.get("granted").asBoolean(),
                                        s.get("uses").asInt()))
                .containsExactly("validate false 0", "revoke-own true 2", "issue-token false 0");
    }

    @Test
    void issuesTokensForCallersThatMayInTheirTenantAlone() {
        server.register("token@example.test");
        Made reader = make("{\"name\":\"reader\"}");
        Made issuer = make("{\"name\":\"issuer\",\"scopes\":[\"issue-token\"]}");
        String link =
                "{\"purpose\":\"magic_link\",\"email\":\"token@example.test\",\"lifetime\":\"%s\",\"send\":%s}";

        assertThat(issue(reader, link.formatted("5m", false)).text("code"))
                .isEqualTo("SCOPE_MISSING");
        JsonNode told = issue(issuer, link.formatted("5m", false)).json().get("data");
        JsonNode mailed = issue(issuer, link.formatted("5m", true)).json().get("data");

        assertThat(told.get("expires_at").asString())
                .isEqualTo(clock.instant().plus(Duration.ofMinutes(5)).toString());
        assertThat(told.get("link").asString()).contains(told.get("token").asString());
        assertThat(mailed.get("mailed").asBoolean()).isTrue();
        assertThat(mailed.has("token")).isFalse();
        assertThat(mailed.has("link")).isFalse();
        assertThat(logInBy(told.get("token").asString()).status())
                .as("a newer one was issued")
                .isEqualTo(401);
        String good =
                "{\"purpose\":\"magic_link\",\"email\":\"token@example.test\",\"send\":false}";
        assertThat(logInBy(issue(issuer, good).json().get("data").get("token").asString()).status())
                .isEqualTo(200);
        assertThat(issue(issuer, link.formatted("16m", true)).text("field"))
                .as("longer than usual")
                .isEqualTo("lifetime");
        assertThat(
                        issue(
                                        issuer,
                                        "{\"purpose\":\"invite\",\"email\":\"boss@example.test\",\"user_type\":\"admin\"}")
                                .text("field"))
                .isEqualTo("user_type");
        assertThat(
                        issue(issuer, "{\"purpose\":\"invite\",\"email\":\"token@example.test\"}")
                                .status())
                .isEqualTo(409);
        assertThat(
                        issue(issuer, "{\"purpose\":\"magic_link\",\"user_id\":\"usr_0123456789\"}")
                                .text("code"))
                .isEqualTo("UNKNOWN_ID");
        server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        Made foreign =
                make("{\"name\":\"foreign\",\"tenant\":\"acme\",\"scopes\":[\"issue-token\"]}");
        assertThat(issue(foreign, good).text("code")).isEqualTo("UNKNOWN_ID");
        JsonNode newest = server.admin("/v1/tokens?limit=1").json().get("items").get(0);
        assertThat(newest.get("issuedBy").asString()).isEqualTo("caller:issuer");
    }

    private Answer issue(Made caller, String body) {
        return server.post("/auth/bridge/tokens", body, "X-Bridge-Secret", caller.secret());
    }

    private Answer logInBy(String token) {
        return server.post("/auth/token/login", "{\"token\":\"%s\"}".formatted(token));
    }

    @Test
    void acceptsBothSecretsUntilTheAnnouncedEndAndDecidesThatByTime() {
        String session = server.register("overlap@example.test");
        Made shop = make("{\"name\":\"shop\"}");

        Answer rotated =
                server.admin("/v1/callers/" + shop.id() + "/rotate", "{\"overlap\":\"1h\"}");
        String fresh = rotated.text("secret");

        assertThat(rotated.json().get("version").asInt()).isEqualTo(2);
        assertThat(ask(shop.secret(), session).status()).isEqualTo(200);
        assertThat(ask(fresh, session).status()).isEqualTo(200);
        assertThat(ask(fresh, session).status()).isEqualTo(200);
        assertThat(secret(shop.id(), 1).get("state").asString()).isEqualTo("ending");
        assertThat(secret(shop.id(), 1).get("recentPercent").asInt()).isEqualTo(33);
        assertThat(secret(shop.id(), 2).get("recentUses").asInt()).isEqualTo(2);
        clock.advance(Duration.ofHours(1).minusNanos(1));
        assertThat(ask(shop.secret(), session).status()).isEqualTo(200);
        clock.advance(Duration.ofNanos(1));
        assertThat(ask(shop.secret(), session).status()).isEqualTo(401);
        assertThat(ask(fresh, session).status()).isEqualTo(200);
        assertThat(secret(shop.id(), 1).get("state").asString()).isEqualTo("ended");
        assertThat(secret(shop.id(), 1).get("uses").asInt()).isEqualTo(2);
    }

    @Test
    void saysFromWhenOnNothingUsesTheOldVersion() {
        String session = server.register("quiet@example.test");
        Made shop = make("{\"name\":\"shop\"}");
        String base = "/v1/callers/" + shop.id();
        assertThat(secret(shop.id(), 1).get("quietAt").isNull()).as("it is the newest").isTrue();

        server.admin(base + "/rotate", "{\"overlap\":\"24h\"}");

        assertThat(secret(shop.id(), 1).get("quietAt").asString())
                .as("never used, so counted from when it could be replaced")
                .isEqualTo("2026-03-01T12:10:00Z");
        clock.advance(Duration.ofMinutes(5));
        ask(shop.secret(), session);
        assertThat(secret(shop.id(), 1).get("quietAt").asString())
                .isEqualTo("2026-03-01T12:15:00Z");
        assertThat(secret(shop.id(), 1).get("minuteUses").asInt()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(60));
        assertThat(secret(shop.id(), 1).get("minuteUses").asInt()).isZero();
        assertThat(secret(shop.id(), 1).get("recentUses").asInt()).isEqualTo(1);
        assertThat(secret(shop.id(), 2).get("quietAt").isNull()).isTrue();
    }

    @Test
    void callsASecretOverdueByAgeUnlessItsRotationIsPlanned() {
        Made shop = make("{\"name\":\"shop\"}");
        String path = "/v1/callers/" + shop.id();

        JsonNode rotation = server.admin(path).json().get("rotation");
        assertThat(rotation.get("dueBy").asString()).isEqualTo("age");
        assertThat(rotation.get("dueAt").asString()).isEqualTo("2026-05-30T12:00:00Z");
        clock.advance(Duration.ofDays(90));
        assertThat(server.admin(path).json().get("rotation").get("due").asBoolean()).isTrue();
        server.admin("PUT", path + "/rotation", "{\"every\":\"30d\"}");

        rotation = server.admin(path).json().get("rotation");
        assertThat(rotation.get("dueBy").asString()).isEqualTo("plan");
        assertThat(rotation.get("due").asBoolean()).isFalse();
        server.admin(path + "/burn", "{}");
        server.admin("PUT", path + "/rotation", "{\"every\":null}");
        assertThat(server.admin(path).json().get("rotation").get("dueAt").isNull()).isTrue();
    }

    @Test
    void retiresAtOnceButNeverTheOnlySecret() {
        String session = server.register("retire@example.test");
        Made shop = make("{\"name\":\"shop\"}");
        String base = "/v1/callers/" + shop.id();

        assertThat(server.admin(base + "/secrets/1/retire", "{}").text("code"))
                .isEqualTo("LAST_SECRET");
        String fresh = server.admin(base + "/rotate", "{\"overlap\":\"24h\"}").text("secret");
        ask(shop.secret(), session);
        Answer retired = server.admin(base + "/secrets/1/retire", "{}");

        assertThat(retired.json().get("ended").get("state").asString()).isEqualTo("retired");
        assertThat(retired.json().get("ended").get("recentPercent").asInt()).isEqualTo(100);
        assertThat(retired.json().get("number").asLong()).isPositive();
        assertThat(ask(shop.secret(), session).status()).isEqualTo(401);
        assertThat(ask(fresh, session).status()).isEqualTo(200);
        assertThat(server.admin(base + "/secrets/2/retire", "{}").text("code"))
                .isEqualTo("LAST_SECRET");
        assertThat(server.admin(base + "/secrets/1/retire", "{}").status()).isEqualTo(200);
        assertThat(server.admin(base + "/secrets/9/retire", "{}").status()).isEqualTo(404);
    }

    @Test
    void burnsOneAllOfOneAndAllOfAll() {
        String session = server.register("burn@example.test");
        Made one = make("{\"name\":\"one\"}");
        Made two = make("{\"name\":\"two\"}");
        server.admin("/v1/callers/" + two.id() + "/rotate", "{\"overlap\":\"1d\"}");

        assertThat(server.admin("/v1/callers/" + one.id() + "/secrets/1/burn", "{}").status())
                .isEqualTo(200);
        assertThat(ask(one.secret(), session).status()).isEqualTo(401);
        assertThat(server.admin("/v1/callers/" + two.id() + "/burn", "{}").status()).isEqualTo(200);
        assertThat(ask(two.secret(), session).status()).isEqualTo(401);
        String again =
                server.admin("/v1/callers/" + one.id() + "/rotate", "{\"overlap\":\"0s\"}")
                        .text("secret");
        assertThat(ask(again, session).status()).isEqualTo(200);

        Answer all = server.admin("/v1/callers/burn", "{}");

        assertThat(all.json().get("callers").asInt()).isEqualTo(2);
        assertThat(ask(again, session).status()).isEqualTo(401);
        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(401);
    }

    @Test
    void neverAcceptsTheEnvironmentsSecretAgainOnceItEnded() {
        String session = server.register("restart@example.test");
        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(200);
        server.admin("/v1/callers/clr_default/secrets/1/burn", "{}");
        server.close();
        start();
        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(401);

        server.admin("DELETE", "/v1/callers/clr_default", "");
        server.close();
        start();

        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(401);
        assertThat(server.admin("/v1/callers").json().get("total").asInt()).isZero();
        server.close();
        server =
                RunningServer.start(
                        data,
                        clock,
                        Map.of(
                                "DRAWBRIDGE_SESSION_IDLE",
                                "7d",
                                "BRIDGE_SECRET",
                                "another-secret-of-the-environment-0123456789"));
        assertThat(ask("another-secret-of-the-environment-0123456789", session).status())
                .isEqualTo(200);
        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(401);
    }

    @Test
    void endsTheEnvironmentsSecretByItsAnnouncedEndAlsoAcrossRestart() {
        String session = server.register("announced@example.test");
        String fresh =
                server.admin("/v1/callers/clr_default/rotate", "{\"overlap\":\"1h\"}")
                        .text("secret");
        server.close();
        start();
        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(200);
        server.close();
        clock.advance(Duration.ofHours(1));
        start();

        assertThat(ask(RunningServer.SECRET, session).status()).isEqualTo(401);
        assertThat(ask(fresh, session).status()).isEqualTo(200);
    }

    @Test
    void keepsSettingsAndUseAcrossRestart() {
        String session = server.register("kept@example.test");
        Made shop =
                make(
                        "{\"name\":\"shop\",\"scopes\":[\"validate\",\"revoke-own\"],\"networks\":[\"127.0.0.0/8\"],"
                                + "\"floor\":\"STANDARD\",\"kit\":\"flowfull\",\"signals\":\"when-sent\",\"lease\":\"5s\",\"advancedMeans\":\"agent\"}");
        ask(shop.secret(), session);
        server.post(
                "/auth/bridge/validate?session_id=" + session,
                "",
                "X-Bridge-Secret",
                shop.secret());
        JsonNode before = server.admin("/v1/callers/" + shop.id()).json();
        server.close();
        start();

        JsonNode after = server.admin("/v1/callers/" + shop.id()).json();

        for (String field :
                List.of("networks", "floor", "kit", "signals", "lease", "scopes", "weaknesses")) {
            assertThat(after.get(field)).as(field).isEqualTo(before.get(field));
        }
        assertThat(after.get("secrets").get(0).get("uses").asInt()).isEqualTo(2);
        assertThat(after.get("weaknesses"))
                .extracting(w -> w.get("code").asString())
                .containsExactly(
                        "signals_when_sent",
                        "advanced_means_agent",
                        "remembers_answers",
                        "session_id_in_query",
                        "signal_not_sent",
                        "route_not_told");
    }

    @Test
    void leavesToTheEnvironmentWhatItSets() {
        Answer refused = server.admin("PATCH", "/v1/callers/clr_default", "{\"floor\":\"STRICT\"}");
        Answer taken =
                server.admin(
                        "PATCH",
                        "/v1/callers/clr_default",
                        "{\"networks\":[\"192.0.2.0/24\"],\"advancedMeans\":\"agent\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.json().get("caller").get("settingsFrom").asString())
                .isEqualTo("environment");
        server.close();
        start();
        assertThat(server.admin("/v1/callers/clr_default").json().get("networks").get(0).asString())
                .isEqualTo("192.0.2.0/24");
    }

    @Test
    void tellsOfRotationThatIsDueAndDoesNotStartIt() {
        Made shop = make("{\"name\":\"shop\"}");
        String path = "/v1/callers/" + shop.id();

        Answer planned =
                server.admin("PUT", path + "/rotation", "{\"every\":\"30d\",\"overlap\":\"2d\"}");

        JsonNode rotation = planned.json().get("caller").get("rotation");
        assertThat(rotation.get("dueAt").asString()).isEqualTo("2026-03-31T12:00:00Z");
        assertThat(rotation.get("due").asBoolean()).isFalse();
        assertThat(rotation.get("startsByItself").asBoolean()).isFalse();
        clock.advance(Duration.ofDays(30));
        assertThat(server.admin(path).json().get("rotation").get("due").asBoolean()).isTrue();
        assertThat(server.admin(path).json().get("secrets")).hasSize(1);
        server.admin(path + "/rotate", "{}");
        assertThat(server.admin(path).json().get("rotation").get("due").asBoolean()).isFalse();
        assertThat(server.admin(path).json().get("rotation").get("dueAt").asString())
                .isEqualTo("2026-04-30T12:00:00Z");
        server.admin("PUT", path + "/rotation", "{\"every\":null}");
        assertThat(server.admin(path).json().get("rotation").get("every").isNull()).isTrue();
    }

    @Test
    void takesTheSecretFromTheBodyAsFromTheHeader() {
        String session = server.register("body@example.test");
        Made shop = make("{\"name\":\"shop\"}");
        String fields =
                "\"session_id\":\"%s\",\"ip\":\"127.0.0.1\",\"bridge_secret\":".formatted(session);
        String good = "{%s\"%s\"}".formatted(fields, shop.secret());

        assertThat(server.post("/auth/bridge/validate", good).status()).isEqualTo(200);
        assertThat(
                        server.post("/auth/bridge/validate", good, "X-Bridge-Secret", shop.secret())
                                .status())
                .isEqualTo(200);
        assertThat(
                        server.post(
                                        "/auth/bridge/validate",
                                        "{%s\"brs_other\"}".formatted(fields),
                                        "X-Bridge-Secret",
                                        shop.secret())
                                .text("code"))
                .isEqualTo("INVALID_BRIDGE_SECRET");
        assertThat(server.post("/auth/bridge/validate", "{%s7}".formatted(fields)).status())
                .isEqualTo(401);
        assertThat(server.post("/auth/bridge/validate", "no json").status()).isEqualTo(401);
    }

    @Test
    void answersTheOlderFormWithTheSessionInData() {
        String session = server.register("older@example.test");
        String body =
                "{\"session_id\":\"%s\",\"ip_address\":\"127.0.0.1\",\"user_agent\":\"Test/1\",\"device_id\":\"device-1\"}"
                        .formatted(session);

        Answer good =
                server.post("/bridge/validate", body, "X-Bridge-Secret", RunningServer.SECRET);
        Answer bad =
                server.post(
                        "/bridge/validate",
                        body.replace("127.0.0.1", "127.0.0.9"),
                        "X-Bridge-Secret",
                        RunningServer.SECRET);

        assertThat(good.json().get("success").asBoolean()).isTrue();
        assertThat(good.json().get("data").get("valid").asBoolean()).isTrue();
        assertThat(good.json().get("data").get("user").get("email").asString())
                .isEqualTo("older@example.test");
        assertThat(good.json().get("data").get("session").get("id").asString()).startsWith("ref_");
        assertThat(good.json().get("data").has("trust_token")).isFalse();
        assertThat(bad.status()).isEqualTo(401);
        assertThat(bad.text("error")).isEqualTo("IP address mismatch");
    }

    @Test
    void countsNoRetryAgainstAnything() {
        String session = server.register("retry@example.test");
        server.post("/auth/logout", "", "X-Session-ID", session);

        for (int i = 0; i < 60; i++) {
            assertThat(ask(RunningServer.SECRET, session).text("code"))
                    .isEqualTo("SESSION_REVOKED");
        }

        String other = server.register("after@example.test");
        assertThat(ask(RunningServer.SECRET, other).status()).isEqualTo(200);
    }
}
