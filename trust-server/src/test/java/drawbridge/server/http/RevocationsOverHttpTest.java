package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** All sessions that match, ended as one job, restored as one, and written out. */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class RevocationsOverHttpTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private RawDatabase raw;
    private Path data;

    @BeforeAll
    void start(@TempDir Path folder) {
        data = folder;
        server = RunningServer.start(folder, clock);
        raw = new RawDatabase(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String logIn(String email) {
        Answer answer =
                server.post(
                        "/auth/login",
                        "{\"email\":\"%s\",\"password\":\"%s\"}"
                                .formatted(email, RunningServer.PASSWORD),
                        "X-Device-ID",
                        "device-1",
                        "User-Agent",
                        "Test/1");
        return answer.text("session_id");
    }

    private Answer validate(String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    private long found(String filter) {
        return server.admin("/v1/sessions?filter=" + encoded(filter)).json().get("total").asLong();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String refOf(String filter) {
        return server.admin("/v1/sessions?filter=" + encoded(filter))
                .json()
                .get("items")
                .get(0)
                .get("ref")
                .asString();
    }

    private Answer begin(String filter, long seen) {
        return server.admin(
                "/v1/revocations",
                "{\"filter\":\"%s\",\"reason\":\"stolen\",\"seen\":%d,\"typed\":%d}"
                        .formatted(filter, seen, seen));
    }

    /** The job once it rests. */
    private JsonNode ended(String id) {
        AtomicReference<JsonNode> last = new AtomicReference<>();
        await(id)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20)) // the admin API limits how often it is asked
                .until(() -> {
                    Answer answer = server.admin("/v1/revocations/" + id);
                    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
                    JsonNode job = answer.json();
                    last.set(job);
                    String state = job.get("state").asString();
                    return !state.equals("running") && !state.equals("restoring");
                });
        return last.get();
    }

    /** So many more sessions like the user's first one. */
    private void multiply(String email, int count) {
        boolean postgres = TestDatabase.urlFor(data).isPresent();
        String id = postgres ? "sha256(convert_to(s.ref || n.i, 'UTF8'))" : "randomblob(32)";
        raw.change(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                INSERT INTO session (id, ref, tenant_id, user_id, opened_number, ip, ip_bytes,
                    device_hash, device_evidence, agent, level, created_at, absolute_end,
                    idle_micros, last_seen_at, device_cookie_hash, lifetime_micros, renewable_until)
                SELECT %s, substr(s.ref, 1, 19) || substr('0000000' || n.i, length('0000000' || n.i) - 6),
                    s.tenant_id, s.user_id, s.opened_number, s.ip, s.ip_bytes,
                    s.device_hash, s.device_evidence, s.agent, s.level, s.created_at + n.i, s.absolute_end,
                    s.idle_micros, s.last_seen_at, s.device_cookie_hash, s.lifetime_micros, s.renewable_until
                FROM session s JOIN user_account u ON u.id = s.user_id CROSS JOIN n
                WHERE u.email = '%s'
                """
                        .formatted(count, id, email));
    }

    @Test
    void endsAllThatMatchAndNobodyElseAndRestoresThemAtOnce() {
        String one = server.register("gus@example.test");
        String two = logIn("gus@example.test");
        String other = server.register("hana@example.test");
        assertThat(found("user:gus state:live")).isEqualTo(2);

        Answer begun = begin("user:gus", 2);

        assertThat(begun.status()).as(begun.response().body()).isEqualTo(202);
        JsonNode done = ended(begun.text("id"));
        assertThat(done.get("state").asString()).isEqualTo("done");
        assertThat(done.get("ended").asLong()).isEqualTo(2);
        assertThat(done.get("nodes").asInt()).isEqualTo(1);
        assertThat(validate(one).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(validate(two).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(validate(other).status()).isEqualTo(200);
        assertThat(found("user:gus state:held")).isEqualTo(2);

        Answer undo = server.admin("/v1/revocations/" + begun.text("id") + "/undo", "{}");

        assertThat(undo.status()).isEqualTo(202);
        JsonNode undone = ended(begun.text("id"));
        assertThat(undone.get("state").asString()).isEqualTo("restored");
        assertThat(undone.get("restored").asLong()).isEqualTo(2);
        assertThat(validate(one).status()).isEqualTo(200);
        assertThat(validate(two).status()).isEqualTo(200);
        assertThat(kinds("ref=" + refOf("user:gus")))
                .contains("session.revoked", "session.restored");
        assertThat(kinds("kind=sessions.*"))
                .contains("sessions.revocation_begun", "sessions.revocation_undone");
        assertThat(server.admin("POST", "/v1/audit/verify", "{}").json().get("sound").asBoolean())
                .isTrue();
        assertThat(raw.texts("SELECT kind FROM revocation_log WHERE kind = 'undo'"))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    private List<String> kinds(String query) {
        return server.admin("/v1/audit?" + query)
                .json()
                .get("items")
                .valueStream()
                .map(row -> row.get("kind").asString())
                .toList();
    }

    @Test
    void restoresNothingOnceTheHoldIsOverNorWhatAnotherHandEnded() {
        String session = server.register("ida@example.test");
        String second = logIn("ida@example.test");
        String id = begin("user:ida", 2).text("id");
        ended(id);
        server.admin(
                "/v1/sessions/" + refOf("user:ida") + "/revoke",
                "{\"reason\":\"for good\",\"final\":true}");

        assertThat(server.admin("/v1/revocations/" + id + "/undo", "{}").status()).isEqualTo(202);
        assertThat(ended(id).get("restored").asLong()).isEqualTo(1);
        assertThat(List.of(validate(session).status(), validate(second).status()))
                .containsExactlyInAnyOrder(200, 401);

        String again = begin("user:ida", 1).text("id");
        ended(again);
        clock.advance(Duration.ofSeconds(31));
        Answer late = server.admin("/v1/revocations/" + again + "/undo", "{}");

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.text("code")).isEqualTo("NOT_RESTORABLE");
        assertThat(server.admin("/v1/revocations/rev-999/undo", "{}").status()).isEqualTo(404);
    }

    @Test
    void leavesEndedWhoseUserWasEndedMeanwhile() {
        String session = server.register("jo@example.test");
        String user =
                server.admin("/v1/sessions?filter=user:jo@")
                        .json()
                        .get("items")
                        .get(0)
                        .get("userId")
                        .asString();
        String id = begin("user:jo@", 1).text("id");
        ended(id);
        server.admin("/v1/users/" + user + "/revoke-sessions", "{\"reason\":\"left\"}");

        server.admin("/v1/revocations/" + id + "/undo", "{}");

        assertThat(ended(id).get("restored").asLong()).isZero();
        assertThat(validate(session).text("code")).isEqualTo("SESSION_REVOKED");
    }

    @Test
    void endsManyInPartsEachWithItsOwnRows() {
        server.register("kim@example.test");
        multiply("kim@example.test", 449);
        assertThat(found("user:kim state:live")).isEqualTo(450);

        String id = begin("user:kim", 450).text("id");

        JsonNode done = ended(id);
        assertThat(done.get("ended").asLong()).isEqualTo(450);
        assertThat(found("user:kim state:held")).isEqualTo(450);
        assertThat(
                        raw.texts(
                                "SELECT count(*) FROM revocation_log r JOIN session s ON s.id = r.session_id"
                                        + " AND s.end_number = r.number JOIN user_account u ON u.id = s.user_id"
                                        + " WHERE r.kind = 'session' AND u.email = 'kim@example.test'"))
                .containsExactly("450");
        assertThat(
                        server.admin("/v1/audit?kind=session.revoked&limit=1")
                                .json()
                                .get("total")
                                .asLong())
                .isGreaterThanOrEqualTo(450);
        server.admin("/v1/revocations/" + id + "/undo", "{}");
        assertThat(ended(id).get("restored").asLong()).isEqualTo(450);
        assertThat(found("user:kim state:live")).isEqualTo(450);
    }

    @Test
    void refusesACountThatIsNotWhatWasSeenOrWasNotTyped() {
        String session = server.register("lea@example.test");

        Answer moved = begin("user:lea", 3);
        Answer untyped = server.admin("/v1/revocations", "{\"filter\":\"user:lea\",\"seen\":101}");

        assertThat(moved.status()).isEqualTo(409);
        assertThat(moved.text("code")).isEqualTo("COUNT_CHANGED");
        assertThat(moved.text("message")).startsWith("1 live sessions match now, not 3");
        assertThat(untyped.status()).isEqualTo(400);
        assertThat(untyped.text("field")).isEqualTo("typed");
        assertThat(validate(session).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"filter\":\"user:\",\"seen\":1} | filter",
                "{\"filter\":\"user:x\"} | seen",
                "{\"filter\":\"user:x\",\"seen\":0} | seen",
                "{\"seen\":1} | filter",
                "{\"filter\":\"\",\"refs\":[],\"seen\":1} | filter",
                "{\"refs\":[\"mine\"],\"seen\":1} | refs",
                "{\"filter\":\"x\",\"seen\":1,\"all\":true} | all"
            })
    void refusesWhatItCannotRead(String body, String field) {
        Answer answer = server.admin("/v1/revocations", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo(field);
    }

    @Test
    void endsThoseThatAreNamed() {
        String one = server.register("mo@example.test");
        String two = server.register("ned@example.test");
        String refs = "\"%s\",\"%s\"".formatted(refOf("user:mo@"), refOf("user:ned@"));

        Answer begun =
                server.admin("/v1/revocations", "{\"refs\":[%s],\"seen\":2}".formatted(refs));

        assertThat(begun.status()).as(begun.response().body()).isEqualTo(202);
        assertThat(ended(begun.text("id")).get("ended").asLong()).isEqualTo(2);
        assertThat(validate(one).text("code")).isEqualTo("SESSION_REVOKED");
        assertThat(validate(two).text("code")).isEqualTo("SESSION_REVOKED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user:pia idle>5m | 0",
                "user:pia idle<5m | 1",
                "user:pia age<1h left<1h | 1",
                "user:pia left>999d | 0",
                "user:pia mode:none | 1",
                "user:pia mode:strict,advanced | 0",
                "user:pia risk:any | 1",
                "user:pia risk:no-device | 1",
                "user:pia -device:known | 1",
                "user:pia risk:no-ip | 0",
                "user:pia ip:127.0.0.0/8 | 1"
            })
    void readsTheSameFilterAsTheConsole(String filter, int count) {
        if (found("user:pia") == 0) {
            server.post(
                    "/auth/register",
                    "{\"email\":\"pia@example.test\",\"password\":\"%s\"}"
                            .formatted(RunningServer.PASSWORD));
            raw.change(
                    "UPDATE session SET device_hash = NULL, device_cookie_hash = NULL WHERE user_id ="
                            + " (SELECT id FROM user_account WHERE email = 'pia@example.test')");
        }

        assertThat(found(filter)).isEqualTo(count);
    }

    @Test
    void writesOutWhatAFilterFindsWithoutFormulas() {
        server.post(
                "/auth/register",
                "{\"email\":\"quinn@example.test\",\"password\":\"%s\"}"
                        .formatted(RunningServer.PASSWORD),
                "User-Agent",
                "=HYPERLINK(\"http://x\",\"y\")");

        Answer csv = server.admin("/v1/sessions/export?filter=user:quinn&format=csv");
        Answer json = server.admin("/v1/sessions/export?filter=user:quinn&format=json");
        Answer wrong = server.admin("/v1/sessions/export?format=xls");

        List<String> lines = csv.response().body().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("ref,email,userId");
        assertThat(lines.getLast())
                .contains("quinn@example.test")
                .contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        assertThat(json.json()).hasSize(1);
        assertThat(json.json().get(0).get("email").asString()).isEqualTo("quinn@example.test");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(kinds("kind=sessions.exported")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "=1+1 | \"'=1+1\"",
                "+41 | \"'+41\"",
                "-2 | \"'-2\"",
                "@sum | \"'@sum\"",
                "plain | plain",
                "a,b | \"a,b\"",
                "say \"so\" | \"say \"\"so\"\"\""
            })
    void neutralisesWhatASpreadsheetWouldRun(String value, String written) {
        assertThat(SessionCsv.field(value)).isEqualTo(written);
        assertThat(SessionCsv.field("\t=x")).isEqualTo("\"'\t=x\"");
        assertThat(SessionCsv.field("\r=x")).isEqualTo("\"'\r=x\"");
    }
}
