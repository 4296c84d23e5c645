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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Route policies, what-if and explain, from a change to the verdict it makes. */
@DatabaseContract
class PoliciesOverHttpTest {
    private static final String PAYMENTS_STRICT =
            "{\"method\":\"POST\",\"pattern\":\"/payments/**\",\"mode\":\"STRICT\"}";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    @TempDir private Path data;
    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start(data, clock);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer put(int base, String... rules) {
        return server.admin(
                "PUT",
                "/v1/policies",
                "{\"baseVersion\":%d,\"rules\":[%s]}".formatted(base, String.join(",", rules)));
    }

    private Answer ask(String session, String method, String path, String... more) {
        Map<String, String> fields = new HashMap<>();
        fields.put("session_id", session);
        fields.put("ip", "127.0.0.1");
        fields.put("method", method);
        fields.put("path", path);
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return server.validate(fields);
    }

    @Test
    void explainsAllThatStoodInTheWay() {
        String session = server.register("all@example.test");
        put(server.admin("/v1/policies").json().get("version").asInt(), PAYMENTS_STRICT);
        server.post(
                "/auth/bridge/validate",
                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.9\",\"device_id\":\"device-2\",\"method\":\"POST\",\"path\":\"/payments/7\"}"
                        .formatted(session),
                "X-Bridge-Secret",
                RunningServer.SECRET,
                "X-Request-ID",
                "explain-all-1");

        assertThat(server.admin("/v1/explain/explain-all-1").json().get("wouldPass"))
                .extracting(JsonNode::asString)
                .containsSubsequence(
                        "the address of the login",
                        "the device of the login",
                        "the back end reporting the user's user agent");
    }

    @Test
    void judgesByTheRouteFromTheNextCallOn() {
        String session = server.register("route@example.test");
        assertThat(ask(session, "POST", "/payments/7").status()).isEqualTo(200);

        assertThat(put(0, PAYMENTS_STRICT).json().get("version").asInt()).isEqualTo(1);

        assertThat(ask(session, "POST", "/payments/7").text("signal")).isEqualTo("device");
        assertThat(ask(session, "POST", "/PAYMENTS//7/").status()).isEqualTo(401);
        assertThat(ask(session, "POST", "/x/../payments/7").status()).isEqualTo(401);
        assertThat(ask(session, "POST", "/payments/7?x=1").status()).isEqualTo(401);
        assertThat(ask(session, "GET", "/payments/7").status()).isEqualTo(200);
        assertThat(ask(session, "POST", "/else").status()).isEqualTo(200);
        Answer full =
                ask(
                        session,
                        "POST",
                        "/payments/7",
                        "device_id",
                        "device-1",
                        "user_agent",
                        "Test/1");
        assertThat(full.status()).isEqualTo(200);
        assertThat(full.text("mode")).isEqualTo("STRICT");
        assertThat(put(1).json().get("version").asInt()).isEqualTo(2);
        assertThat(ask(session, "POST", "/payments/7").status()).isEqualTo(200);
    }

    @Test
    void neverJudgesBelowTheCallersFloorAndNeverByLessThanAsked() {
        String session = server.register("floor@example.test");
        put(0, "{\"pattern\":\"/**\",\"mode\":\"STANDARD\"}");
        String id =
                server.admin("/v1/callers", "{\"name\":\"hard\",\"floor\":\"ADVANCED\"}")
                        .text("secret");

        Answer byFloor =
                server.post(
                        "/auth/bridge/validate",
                        "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\",\"path\":\"/a\",\"validation_mode\":\"STANDARD\"}"
                                .formatted(session),
                        "X-Bridge-Secret",
                        id);
        Answer byAsking = ask(session, "GET", "/a", "validation_mode", "STRICT");

        assertThat(byFloor.text("signal")).isEqualTo("device");
        assertThat(byAsking.text("signal")).isEqualTo("device");
    }

    @Test
    void answersTooMuchWithWhenToComeBack() {
        String session = server.register("rate@example.test");
        put(0, "{\"pattern\":\"/slow\",\"mode\":\"STANDARD\",\"ratePerMinute\":2}");

        assertThat(ask(session, "GET", "/slow").status()).isEqualTo(200);
        assertThat(ask(session, "GET", "/slow").status()).isEqualTo(200);
        Answer late = ask(session, "GET", "/slow");

        assertThat(late.status()).isEqualTo(429);
        assertThat(late.text("code")).isEqualTo("TOO_MANY_REQUESTS");
        assertThat(Integer.parseInt(late.response().headers().firstValue("Retry-After").orElse("")))
                .isBetween(1, 30);
        assertThat(ask(session, "GET", "/fast").status()).isEqualTo(200);
    }

    @Test
    void comparesNetworksWhereTheRouteSaysSo() {
        String session = server.register("mobile@example.test");
        put(0, "{\"pattern\":\"/app/**\",\"mode\":\"STANDARD\",\"ipMatch\":\"prefix\"}");

        assertThat(ask(session, "GET", "/app/x", "ip", "127.0.0.77").status()).isEqualTo(200);
        assertThat(ask(session, "GET", "/app/x", "ip", "127.0.1.77").status()).isEqualTo(401);
        assertThat(ask(session, "GET", "/web/x", "ip", "127.0.0.77").status()).isEqualTo(401);
    }

    @Test
    void asksForTheEvidenceThatTheRouteDemands() {
        String session = server.register("evidence@example.test");
        put(
                0,
                "{\"pattern\":\"/vault/**\",\"mode\":\"STANDARD\",\"leastDeviceEvidence\":\"cookie\"}");

        Answer refused = ask(session, "GET", "/vault/1", "device_id", "device-1");

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text("code")).isEqualTo("SIGNAL_TOO_WEAK");
        assertThat(refused.text("signal")).isEqualTo("device");
    }

    @Test
    void keepsEveryVersionAndRefusesChangeOfWhatWasNotRead() {
        put(0, PAYMENTS_STRICT);
        put(1, PAYMENTS_STRICT, "{\"pattern\":\"/b\",\"mode\":\"ADVANCED\"}");

        assertThat(put(1, PAYMENTS_STRICT).text("code")).isEqualTo("VERSION_CONFLICT");
        JsonNode diff = server.admin("/v1/policies/diff?from=1&to=2").json();
        assertThat(diff.get("changes")).hasSize(1);
        assertThat(diff.get("changes").get(0).get("what").asString()).isEqualTo("added");
        assertThat(server.admin("/v1/policies/versions").json().get("items")).hasSize(2);
        Answer restored = server.admin("/v1/policies/versions/1/restore", "{\"baseVersion\":2}");
        assertThat(restored.json().get("version").asInt()).isEqualTo(3);
        assertThat(restored.json().get("rules")).hasSize(1);
        assertThat(server.admin("/v1/policies/versions/2").json().get("rules")).hasSize(2);
        assertThat(server.admin("/v1/policies/versions/9").status()).isEqualTo(404);
        server.close();
        start();
        assertThat(server.admin("/v1/policies").json().get("version").asInt()).isEqualTo(3);
    }

    @Test
    void warnsOfRuleThatAnEarlierOneShadows() {
        Answer answer =
                put(0, "{\"pattern\":\"/payments/**\",\"mode\":\"STANDARD\"}", PAYMENTS_STRICT);

        assertThat(answer.json().get("warnings")).hasSize(1);
        assertThat(answer.json().get("warnings").get(0).get("line").asInt()).isEqualTo(2);
        assertThat(answer.json().get("warnings").get(0).get("shadowedBy").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"pattern\":\"/a*\",\"mode\":\"STRICT\"}', rules[0].pattern",
        "'{\"pattern\":\"/a\"}', rules[0].mode",
        "'{\"pattern\":\"/a\",\"mode\":\"NONE\"}', rules[0].mode",
        "'{\"pattern\":\"/a\",\"mode\":\"STRICT\",\"ratePerMinute\":0}', rules[0].ratePerMinute",
        "'{\"pattern\":\"/a\",\"mode\":\"STRICT\",\"ratePerMinute\":1.5}', rules[0].ratePerMinute",
        "'{\"pattern\":\"/a\",\"mode\":\"STRICT\",\"method\":\"G T\"}', rules[0].method",
        "'{\"pattern\":\"/a\",\"mode\":\"STRICT\",\"leastDeviceEvidence\":\"key\"}', rules[0].leastDeviceEvidence",
        "'{\"pattern\":\"/a\",\"mode\":\"STRICT\",\"color\":1}', rules[0].color",
        "7, rules[0]",
    })
    void namesTheFieldAtFault(String rule, String field) {
        Answer answer = put(0, rule);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo(field);
        assertThat(server.admin("/v1/policies").json().get("version").asInt()).isZero();
    }

    @Test
    void movesPoliciesAsFileAndShowsFirstWhatThatWouldChange() {
        put(0, PAYMENTS_STRICT, "{\"pattern\":\"/b\",\"mode\":\"ADVANCED\",\"ratePerMinute\":9}");
        String file = server.admin("/v1/policies/export").response().body();
        put(1);

        Answer dry =
                server.admin(
                        "/v1/policies/import", "{\"dryRun\":true,\"file\":%s}".formatted(file));
        assertThat(dry.json().get("changes")).hasSize(2);
        assertThat(server.admin("/v1/policies").json().get("version").asInt()).isEqualTo(2);
        Answer done =
                server.admin(
                        "/v1/policies/import", "{\"baseVersion\":2,\"file\":%s}".formatted(file));

        assertThat(done.json().get("version").asInt()).isEqualTo(3);
        JsonNode again = server.admin("/v1/policies/export").json();
        assertThat(again.get("rules").toString())
                .isEqualTo(file.substring(file.indexOf('['), file.lastIndexOf(']') + 1));
        assertThat(
                        server.admin(
                                        "/v1/policies/import",
                                        "{\"file\":{\"format\":\"x\",\"rules\":[]}}")
                                .text("field"))
                .isEqualTo("file.format");
    }

    @Test
    void saysWhoWouldBeRefusedBeforeModeIsRaised() {
        String bare = server.register("bare@example.test");
        String full = server.register("full@example.test");
        for (int i = 0; i < 3; i++) {
            ask(bare, "POST", "/payments/7");
        }
        ask(full, "POST", "/payments/8", "device_id", "device-1", "user_agent", "Test/1");
        ask(full, "GET", "/else");
        ask(full, "GET", "/payments/8", "ip", "127.0.0.9");
        ask("ses_nobody", "POST", "/payments/9");

        Answer answer = server.admin("/v1/whatif", "{\"rules\":[%s]}".formatted(PAYMENTS_STRICT));

        assertThat(answer.status()).isEqualTo(200);
        JsonNode refused = answer.json().get("newlyRefused");
        assertThat(answer.json().get("considered").asInt()).isEqualTo(7);
        assertThat(refused.get("total").asInt()).isEqualTo(3);
        assertThat(refused.get("reasons").get(0).get("reason").asString())
                .isEqualTo("signal_missing");
        assertThat(refused.get("reasons").get(0).get("signal").asString()).isEqualTo("device");
        assertThat(refused.get("routes").get(0).get("route").asString())
                .isEqualTo("POST /payments/7");
        assertThat(refused.get("routes").get(0).get("line").asInt()).isEqualTo(1);
        assertThat(refused.get("routes").get(0).get("addresses").asInt()).isEqualTo(1);
        assertThat(refused.get("users")).hasSize(1);
        assertThat(refused.get("calls")).hasSize(3);
        assertThat(refused.get("calls").get(0).get("network").asString()).isEqualTo("127.0.0.0/24");
        JsonNode line = answer.json().get("lines").get(1);
        assertThat(line.get("line").asInt()).isEqualTo(1);
        assertThat(line.get("calls").asInt()).isEqualTo(4);
        assertThat(line.get("newlyRefused").asInt()).isEqualTo(3);
        assertThat(answer.json().get("trusted").asInt()).isEqualTo(2);
        assertThat(answer.json().get("refused").asInt()).isEqualTo(1);
        assertThat(answer.json().get("notJudgeable").get("total").asInt()).isEqualTo(1);
        assertThat(answer.response().body()).doesNotContain(bare, full, "127.0.0.1", "Test/1");
        assertThat(server.admin("/v1/policies").json().get("version").asInt()).isZero();
    }

    @Test
    void countsWhatEachRuleDecidedAndRefusedWithinTheHour() {
        String session = server.register("count@example.test");
        put(0, PAYMENTS_STRICT);
        ask(session, "POST", "/payments/7");
        ask(session, "POST", "/payments/7", "device_id", "device-1", "user_agent", "Test/1");
        ask(session, "GET", "/else");
        ask(session, "GET", "/x/../else");
        clock.advance(Duration.ofMinutes(2));
        put(1, "{\"pattern\":\"/first\",\"mode\":\"STANDARD\"}", PAYMENTS_STRICT);

        JsonNode use = server.admin("/v1/policies/use").json();

        JsonNode payments = use.get("rules").get(1);
        assertThat(payments.get("calls").asInt()).isEqualTo(2);
        assertThat(payments.get("refused").asInt()).isEqualTo(1);
        assertThat(payments.get("reasons").get(0).get("reason").asString())
                .isEqualTo("signal_missing");
        assertThat(payments.get("reasons").get(0).get("signal").asString()).isEqualTo("device");
        assertThat(payments.get("callsByMinute")).hasSize(60);
        assertThat(payments.get("callsByMinute").get(57).asInt()).isEqualTo(2);
        assertThat(payments.get("refusedByMinute").get(57).asInt()).isEqualTo(1);
        assertThat(use.get("rules").get(0).get("calls").asInt()).isZero();
        assertThat(use.get("withoutRule").get("no_rule").get("calls").asInt()).isEqualTo(1);
        assertThat(use.get("withoutRule").get("ambiguous").get("refused").asInt()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(58));
        assertThat(server.admin("/v1/policies/use").json().get("rules").get(1).get("calls").asInt())
                .isZero();
    }

    @Test
    void triesCallThatNobodyMadeAndLeavesNothingBehind() {
        String session = server.register("try@example.test");
        ask(session, "GET", "/seen");
        String ref = server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
        String call =
                """
                {"method":"POST","path":"/payments/7","session":"%s","ip":"198.51.100.9",%s
                 "asAtLogin":["device","agent"]}\
                """;
        String proposal = "\"rules\":[%s],".formatted(PAYMENTS_STRICT);

        JsonNode inForce = server.admin("/v1/policies/try", call.formatted(ref, "")).json();
        JsonNode proposed = server.admin("/v1/policies/try", call.formatted(ref, proposal)).json();
        JsonNode alike =
                server.admin(
                                "/v1/policies/try",
                                call.formatted(ref, proposal)
                                        .replace("[\"device", "[\"ip\",\"device"))
                        .json();
        JsonNode onlyMode =
                server.admin("/v1/policies/try", "{\"method\":\"GET\",\"path\":\"/a/../b\"}")
                        .json();

        assertThat(inForce.get("mode").get("mode").asString()).isEqualTo("STANDARD");
        assertThat(inForce.get("signal").asString()).isEqualTo("ip");
        assertThat(proposed.get("mode").get("rule").get("line").asInt()).isEqualTo(1);
        assertThat(proposed.get("verdict").asString()).isEqualTo("refused");
        assertThat(alike.get("verdict").asString()).isEqualTo("trusted");
        assertThat(onlyMode.get("verdict").isNull()).isTrue();
        assertThat(onlyMode.get("mode").get("route").asString()).isEqualTo("ambiguous");
        JsonNode use = server.admin("/v1/policies/use").json();
        assertThat(use.get("withoutRule").get("no_rule").get("calls").asInt()).isEqualTo(1);
        Answer foreign = server.admin("/v1/policies/try", "{\"session\":\"ses_none\"}");
        assertThat(foreign.text("field")).isEqualTo("session");
    }

    @Test
    void triesOneChangeOrAnotherFloor() {
        String session = server.register("change@example.test");
        ask(session, "GET", "/a");
        ask(session, "GET", "/a", "ip", "127.0.0.9");

        Answer inserted =
                server.admin(
                        "/v1/whatif",
                        "{\"change\":{\"what\":\"insert\",\"line\":1,\"rule\":{\"pattern\":\"/a\",\"mode\":\"STANDARD\",\"ipMatch\":\"prefix\"}}}");
        Answer floor =
                server.admin(
                        "/v1/whatif",
                        "{\"callers\":[{\"id\":\"clr_default\",\"floor\":\"STRICT\"}]}");
        Answer noLine = server.admin("/v1/whatif", "{\"change\":{\"what\":\"remove\",\"line\":1}}");

        assertThat(inserted.json().get("newlyTrusted").get("total").asInt()).isEqualTo(1);
        assertThat(floor.json().get("newlyRefused").get("total").asInt()).isEqualTo(1);
        assertThat(noLine.text("field")).isEqualTo("change.line");
    }

    /** A login records what is told of the device and a cookie; a call may show one of them. */
    @Test
    void explainsTheDeviceByEvidenceThatBothHave() {
        String session = server.register("device@example.test");
        put(0, PAYMENTS_STRICT);
        String body =
                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\",\"device_id\":\"device-1\",\"user_agent\":\"Other/2\",\"method\":\"POST\",\"path\":\"/payments/7\"}"
                        .formatted(session);
        server.post(
                "/auth/bridge/validate",
                body,
                "X-Bridge-Secret",
                RunningServer.SECRET,
                "X-Request-ID",
                "explain-device-1");

        JsonNode device = server.admin("/v1/explain/explain-device-1").json().get("checks").get(5);

        assertThat(device.get("result").asString()).isEqualTo("passed");
        assertThat(device.get("seen").asString()).startsWith("dev-");
        assertThat(device.get("expected").asString()).isEqualTo(device.get("seen").asString());
    }

    @Test
    void explainsDeviceThatIsShownByOtherEvidenceThanWasRecorded() {
        server.register("cookie@example.test");
        String session =
                server.post(
                                "/auth/login",
                                "{\"email\":\"cookie@example.test\",\"password\":\"%s\"}"
                                        .formatted(RunningServer.PASSWORD))
                        .text("session_id");
        put(0, PAYMENTS_STRICT);
        server.post(
                "/auth/bridge/validate",
                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\",\"device_id\":\"device-1\",\"user_agent\":\"Other/2\",\"method\":\"POST\",\"path\":\"/payments/7\"}"
                        .formatted(session),
                "X-Bridge-Secret",
                RunningServer.SECRET,
                "X-Request-ID",
                "explain-device-2");

        Answer told = server.admin("/v1/explain/explain-device-2");

        JsonNode device = told.json().get("checks").get(5);
        assertThat(device.get("result").asString()).isEqualTo("missing");
        assertThat(told.response().body())
                .contains("the call shows one by other evidence than the login recorded")
                .contains("its cookie, or what the client tells")
                .doesNotContain("the call does not report it");
    }

    @Test
    void explainsRefusalCheckByCheckWithMaskedValues() {
        String session = server.register("explain@example.test");
        put(0, PAYMENTS_STRICT);
        String body =
                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\",\"device_id\":\"device-2\",\"user_agent\":\"Test/1\",\"method\":\"POST\",\"path\":\"/payments/7\"}"
                        .formatted(session);
        server.post(
                "/auth/bridge/validate",
                body,
                "X-Bridge-Secret",
                RunningServer.SECRET,
                "X-Request-ID",
                "explain-me-1");

        Answer answer = server.admin("/v1/explain/explain-me-1");

        JsonNode json = answer.json();
        assertThat(json.get("verdict").asString()).isEqualTo("refused");
        assertThat(json.get("reason").asString()).isEqualTo("signal_differs");
        assertThat(json.get("signal").asString()).isEqualTo("device");
        assertThat(json.get("session").get("source").asString()).isEqualTo("memory");
        assertThat(json.get("mode").get("decidedBy").asString()).isEqualTo("rule");
        assertThat(json.get("mode").get("policyVersion").asInt()).isEqualTo(1);
        assertThat(json.get("mode").get("rule").get("line").asInt()).isEqualTo(1);
        assertThat(json.get("checks"))
                .extracting(c -> c.get("check").asString() + " " + c.get("result").asString())
                .containsExactly(
                        "caller passed",
                        "rate passed",
                        "session passed",
                        "state passed",
                        "ip passed",
                        "device differs",
                        "agent not_reached");
        JsonNode device = json.get("checks").get(5);
        assertThat(device.get("expected").asString()).startsWith("dev-");
        assertThat(device.get("seen").asString())
                .startsWith("dev-")
                .isNotEqualTo(device.get("expected").asString());
        assertThat(json.get("checks").get(4).get("seen").asString()).isEqualTo("127.0.0.0/24");
        assertThat(json.get("wouldPass").get(0).asString()).isEqualTo("the device of the login");
        assertThat(json.get("passesUnder"))
                .extracting(JsonNode::asString)
                .containsExactly("STANDARD");
        assertThat(answer.response().body()).doesNotContain(session, "device-2", "127.0.0.1");
    }

    @Test
    void explainsTrustAndCallsThatNeverGotSoFar() {
        String session = server.register("trusted@example.test");
        String body = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session);
        server.post(
                "/auth/bridge/validate",
                body,
                "X-Bridge-Secret",
                RunningServer.SECRET,
                "X-Request-ID",
                "trusted-call");
        server.post(
                "/auth/bridge/validate",
                body,
                "X-Bridge-Secret",
                "nobody",
                "X-Request-ID",
                "turned-away");

        JsonNode trusted = server.admin("/v1/explain/trusted-call").json();
        JsonNode away = server.admin("/v1/explain/turned-away").json();

        assertThat(trusted.get("verdict").asString()).isEqualTo("trusted");
        assertThat(trusted.get("mode").get("decidedBy").asString()).isEqualTo("floor");
        assertThat(trusted.get("mode").get("route").asString()).isEqualTo("not_told");
        assertThat(trusted.get("wouldPass")).isEmpty();
        assertThat(away.get("reason").asString()).isEqualTo("unknown_caller");
        assertThat(away.get("checks").get(0).get("result").asString()).isEqualTo("failed");
        assertThat(server.admin("/v1/explain/never-seen-1").status()).isEqualTo(404);
    }
}
