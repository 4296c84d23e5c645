package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;
import drawbridge.server.support.FollowedEvents;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Two servers on one PostgreSQL: what one of them changes holds on the other once it is answered.
 */
@Timeout(180)
class ClusterTest {
    /** A node that was cut off needs no longer. */
    private static final Duration RIGHT_AGAIN = Duration.ofSeconds(10);

    private static final int SESSIONS = Integer.getInteger("drawbridge.cluster.sessions", 20_000);

    @TempDir private static Path folder;
    private static FaultProxy between;
    private static RunningServer a;
    private static RunningServer b;

    @BeforeAll
    static void start() throws IOException {
        between = new FaultProxy(SharedNodes.port(folder));
        a = SharedNodes.start(folder, "a", Map.of());
        b =
                SharedNodes.start(
                        folder,
                        "b",
                        Map.of("DATABASE_URL", SharedNodes.through(between.port(), folder)));
    }

    @AfterAll
    static void stop() throws IOException {
        b.close();
        a.close();
        between.close();
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    private static String refOf(RunningServer server) {
        return server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
    }

    private static void awaitTrusted(RunningServer server, String session) {
        await().until(() -> validate(server, session) == 200);
    }

    private static List<String> names(JsonNode nodes) {
        List<String> names = new ArrayList<>();
        nodes.forEach(each -> names.add(each.get("node").asString()));
        return names;
    }

    @Test
    void whatOneNodeRevokesTheOtherRefusesOnceItWasAnswered() {
        String session = a.register("two@example.test");
        awaitTrusted(a, session);
        awaitTrusted(b, session);
        String ref = refOf(b);

        FollowedEvents feed = FollowedEvents.ofAdmin(a);
        Answer receipt = a.admin("/v1/sessions/" + ref + "/revoke", "{}");

        assertThat(receipt.status()).isEqualTo(200);
        assertThat(validate(b, session)).isEqualTo(401);
        receipt.json()
                .get("nodes")
                .forEach(each -> assertThat(each.get("lastTrustedAt").isString()).isTrue());
        JsonNode told = feed.next();
        while (!told.path("number").equals(receipt.json().get("number"))
                || !told.has("struckOut")) {
            told = feed.next();
        }
        feed.close();
        assertThat(told.get("nodes")).isEqualTo(receipt.json().get("nodes"));
        assertThat(names(receipt.json().get("nodes"))).containsExactly("a", "b");
        assertThat(receipt.json().get("struckOut")).isEmpty();
        // Undone by the other node, within the hold.
        assertThat(b.admin("/v1/sessions/" + ref + "/restore", "{}").status()).isEqualTo(200);
        assertThat(validate(a, session)).isEqualTo(200);
        assertThat(validate(b, session)).isEqualTo(200);
    }

    /** Each node adds what it counted every few seconds, and tells its own at once. */
    @Test
    void whatRulesDecidedIsCountedOverAllNodes() {
        putRules(a, "{\"pattern\":\"/counted\",\"mode\":\"STRICT\"}");
        String session = a.register("decided@example.test");
        awaitTrusted(b, session);
        Map<String, String> call =
                Map.of(
                        "session_id",
                        session,
                        "ip",
                        "127.0.0.1",
                        "method",
                        "GET",
                        "path",
                        "/counted");

        for (RunningServer each : List.of(a, b, b)) {
            assertThat(each.validate(call).status()).isEqualTo(401);
        }

        for (RunningServer each : List.of(a, b)) {
            await().until(() -> counted(each) == 3);
        }
        JsonNode rule = a.admin("/v1/policies/use").json().get("rules").get(0);
        assertThat(rule.get("refused").asInt()).isEqualTo(3);
        assertThat(rule.get("reasons").get(0).get("reason").asString()).isEqualTo("signal_missing");
        assertThat(rule.get("reasons").get(0).get("count").asInt()).isEqualTo(3);
    }

    /** Instead of those that there are. */
    private static void putRules(RunningServer server, String rules) {
        int version = server.admin("/v1/policies").json().get("version").asInt();
        Answer put =
                server.admin(
                        "PUT",
                        "/v1/policies",
                        "{\"baseVersion\":%d,\"rules\":[%s]}".formatted(version, rules));
        assertThat(put.status()).as(put.response().body()).isEqualTo(200);
    }

    private static int counted(RunningServer server) {
        JsonNode use = server.admin("/v1/policies/use").json();
        return use.get("rules").get(0).get("calls").asInt();
    }

    /** Whoever watches a node hears of what any node did, once, by the same references. */
    @Test
    void revocationsAreToldOnEveryNode() {
        String one = a.register("told-one@example.test");
        String two = a.register("told-two@example.test");
        awaitTrusted(b, one);
        awaitTrusted(b, two);
        JsonNode rows = a.admin("/v1/sessions").json().get("items");
        String first = rows.get(1).get("ref").asString();
        String second = rows.get(0).get("ref").asString();
        String user = rows.get(0).get("userId").asString();
        try (FollowedEvents here = FollowedEvents.ofAdmin(a);
                FollowedEvents there = FollowedEvents.ofAdmin(b)) {
            JsonNode revoked = a.admin("/v1/sessions/" + first + "/revoke", "{}").json();
            List<JsonNode> seenThere = numbered(there, 1); // before there is nothing to undo
            JsonNode restored = b.admin("/v1/sessions/" + first + "/restore", "{}").json();
            String many = "{\"refs\":[\"%s\",\"%s\"],\"seen\":2}".formatted(first, second);
            assertThat(a.admin("/v1/revocations", many).status()).isEqualTo(202);
            await().until(() -> validate(b, one) == 401 && validate(b, two) == 401);
            JsonNode ofUser =
                    b.admin("/v1/users/" + user + "/revoke-sessions", "{\"reason\":\"left\"}")
                            .json();
            JsonNode all = a.admin("/v1/revoke-everything", "{\"reason\":\"stolen\"}").json();

            List<JsonNode> seenHere = numbered(here, 5);
            seenThere.addAll(numbered(there, 4));

            assertThat(numbers(seenThere))
                    .isEqualTo(numbers(seenHere))
                    .doesNotHaveDuplicates()
                    .hasSize(5)
                    .contains(
                            revoked.get("number").asLong(),
                            restored.get("number").asLong(),
                            ofUser.get("number").asLong(),
                            all.get("number").asLong());
            assertThat(all.get("number").asLong())
                    .as("one row of the log for all of a user, and one for everybody")
                    .isEqualTo(ofUser.get("number").asLong() + 1);
            JsonNode told = seenThere.getFirst();
            assertThat(told.get("ref").asString()).isEqualTo(first);
            assertThat(told.get("undoUntil")).isEqualTo(revoked.get("undoUntil"));
            assertThat(told.get("actor").asString()).isEqualTo("admin");
            assertThat(names(told.get("nodes"))).containsExactly("b");
            assertThat(seenThere.get(1).get("session").get("ref").asString()).isEqualTo(first);
            assertThat(seenThere.get(2).get("refs")).isEqualTo(seenHere.get(2).get("refs"));
            assertThat(seenHere.get(3).get("userId").asString()).isEqualTo(user);
            assertThat(seenHere.get(3).get("reason").asString()).isEqualTo("left");
            assertThat(seenThere.get(4).get("scope").asString()).isEqualTo("everything");
        }
    }

    /**
     * What a follower is told of that many rows of the log, in the log's order: a node tells of its
     * own at once, and of others' when it has read them.
     */
    private static List<JsonNode> numbered(FollowedEvents feed, int rows) {
        List<JsonNode> told = new ArrayList<>();
        while (told.size() < rows) {
            JsonNode event = feed.next();
            if (event.has("number") && event.has("actor") && !event.has("callerId")) {
                told.add(event);
            }
        }
        told.sort(Comparator.comparingLong(event -> event.get("number").asLong()));
        return told;
    }

    private static List<Long> numbers(List<JsonNode> events) {
        return events.stream().map(event -> event.get("number").asLong()).toList();
    }

    @Test
    void everyNodeKnowsTheNodes() {
        await().untilAsserted(() -> {
            JsonNode nodes = a.admin("/v1/nodes").json().get("items");
            assertThat(names(nodes)).containsExactly("a", "b");
            nodes.forEach(each -> assertThat(each.get("lease").asString()).isEqualTo("held"));
            assertThat(nodes.get(1).get("url").asString()).isEqualTo(b.publicUrl().toString());
        });
        try (FollowedEvents feed = FollowedEvents.ofAdmin(a)) {
            try (RunningServer c =
                    SharedNodes.start(folder, "c", Map.of("DRAWBRIDGE_DATABASE_HINTS", "off"))) {
                await().until(() -> c.admin("/v1/nodes").json().get("items").size() == 3);
                awaitToldOf(feed, List.of("a", "b", "c"));
            }

            // Whoever leaves in good order keeps nobody waiting.
            assertThat(names(a.admin("/v1/nodes").json().get("items"))).doesNotContain("c");
            awaitToldOf(feed, List.of("a", "b"));
        }
    }

    private static void awaitToldOf(FollowedEvents feed, List<String> nodes) {
        JsonNode told = feed.next();
        while (!told.path("nodes").path(0).has("lease")
                || !names(told.get("nodes")).equals(nodes)) {
            told = feed.next();
        }
    }

    @Test
    void usersTenantsAndEverythingEndOnEveryNode() {
        String first = a.register("user@example.test");
        awaitTrusted(b, first);
        String user = a.admin("/v1/sessions").json().get("items").get(0).get("userId").asString();
        assertThat(a.admin("/v1/users/" + user + "/revoke-sessions", "{}").status()).isEqualTo(200);
        assertThat(validate(b, first)).isEqualTo(401);

        String second = b.register("tenant@example.test");
        awaitTrusted(a, second);
        awaitTrusted(b, second);
        Answer tenant = b.admin("/v1/tenants/default/revoke-sessions", "{}");
        assertThat(tenant.status()).isEqualTo(200);
        assertThat(tenant.json().get("sessions").asInt()).isPositive();
        assertThat(validate(a, second)).isEqualTo(401);

        String third = a.register("all@example.test");
        awaitTrusted(b, third);
        assertThat(a.admin("/v1/revoke-everything", "{\"reason\":\"stolen\"}").status())
                .isEqualTo(200);
        assertThat(validate(b, third)).isEqualTo(401);
        awaitTrusted(b, b.register("after@example.test"));
    }

    @Test
    void changedSettingsHoldOnEveryNodeOnceTheyWereAnswered() {
        String session = a.register("settings@example.test");
        awaitTrusted(b, session);
        Answer made =
                a.admin(
                        "/v1/callers",
                        "{\"name\":\"shop\",\"tenant\":\"default\",\"kit\":\"drawbridge\"}");
        assertThat(made.status()).isEqualTo(201);
        String secret = made.text("secret");
        assertThat(byCaller(b, session, secret)).isEqualTo(200);

        putRules(b, "{\"method\":\"*\",\"pattern\":\"/orders\",\"mode\":\"STRICT\"}");
        assertThat(
                        a.validate(
                                        Map.of(
                                                "session_id", session,
                                                "ip", "127.0.0.1",
                                                "method", "GET",
                                                "path", "/orders"))
                                .status())
                .isEqualTo(401);

        String id = made.json().get("caller").get("id").asString();
        assertThat(a.admin("/v1/callers/" + id + "/burn", "{}").status()).isEqualTo(200);
        assertThat(byCaller(b, session, secret)).isEqualTo(401);

        assertThat(b.admin("/v1/keys/rotate", "{}").status()).isEqualTo(200);
        assertThat(a.get("/.well-known/drawbridge-keys").response().body())
                .isEqualTo(b.get("/.well-known/drawbridge-keys").response().body());
    }

    private static int byCaller(RunningServer server, String session, String secret) {
        return server.post(
                        "/auth/bridge/validate",
                        "{\"session_id\":\"" + session + "\",\"ip\":\"127.0.0.1\"}",
                        "X-Bridge-Secret",
                        secret)
                .status();
    }

    /**
     * Cut off, a node says nothing; a revocation waits for its lease, once; it returns by itself.
     */
    @Test
    void nodeThatIsCutOffSaysNothingAndReturnsByItself() {
        String other = a.register("other@example.test");
        String session = a.register("cut@example.test");
        awaitTrusted(b, session);
        awaitTrusted(b, other);
        String ref = refOf(a);

        between.set(Mode.HANG);
        Answer receipt = a.admin("/v1/sessions/" + ref + "/revoke", "{\"final\":true}");

        assertThat(receipt.status()).isEqualTo(200);
        assertThat(names(receipt.json().get("nodes"))).containsExactly("a");
        assertThat(receipt.json().get("struckOut").get(0).asString()).isEqualTo("b");
        // Neither session: what it holds is worth nothing.
        assertThat(validate(b, session)).isEqualTo(503);
        assertThat(validate(b, other)).isEqualTo(503);
        // What counts failed logins is not reached, so nobody is let try.
        assertThat(logIn(b, "other@example.test").text("code")).isEqualTo("STORE_UNAVAILABLE");
        // It is struck out, and nobody waits for it again.
        String ref2 = a.admin("/v1/sessions").json().get("items").get(1).get("ref").asString();
        Answer again = a.admin("/v1/sessions/" + ref2 + "/revoke", "{}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(names(again.json().get("nodes"))).containsExactly("a");
        assertThat(again.json().get("struckOut")).isEmpty();
        assertThat(a.admin("/v1/sessions/" + ref2 + "/restore", "{}").status()).isEqualTo(200);

        between.set(Mode.PASS);

        await().atMost(RIGHT_AGAIN)
                .until(() -> validate(b, session) == 401 && validate(b, other) == 200);
    }

    /** From what is in memory it answers no longer than its lease lasts. */
    @Test
    void nodeThatIsCutOffTrustsNobodyOnceItsLeaseIsOver() {
        String session = a.register("lease@example.test");
        awaitTrusted(b, session);
        between.set(Mode.HANG);
        long cut = System.nanoTime();
        AtomicLong lastTrusted = new AtomicLong(cut);

        await().pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    long began = System.nanoTime();
                    int status = validate(b, session);
                    if (status == 200) {
                        lastTrusted.set(began);
                    }
                    return status == 503;
                });
        assertThat(Duration.ofNanos(lastTrusted.get() - cut))
                .isLessThan(LeaseTerms.USUAL.believed());

        between.set(Mode.PASS);
        await().atMost(RIGHT_AGAIN).until(() -> validate(b, session) == 200);
    }

    /** Whoever was told nothing the first time is told how it ended, on every node. */
    @Test
    void repeatedRevocationIsAnsweredAsTheFirst() {
        String session = a.register("repeated@example.test");
        awaitTrusted(b, session);
        String path = "/v1/sessions/" + refOf(a) + "/revoke";
        String body = "{\"final\":true}";

        JsonNode first = a.admin(path, body).json();
        JsonNode again = a.admin(path, body).json();

        assertThat(names(again.get("nodes"))).containsExactly("a", "b");
        assertThat(again.get("nodes")).isEqualTo(first.get("nodes"));
        assertThat(again.get("number")).isEqualTo(first.get("number"));
    }

    /** What a first call did is true everywhere before a second one is told that it is done. */
    @Test
    void callThatFindsNothingLeftToEndWaitsAsTheFirst() {
        String kept = a.register("kept@example.test");
        String other = logIn(a, "kept@example.test").json().findValue("session_id").asString();
        awaitTrusted(b, kept);
        awaitTrusted(b, other);

        repeatedWhileTheFirstWaits(
                () -> a.post("/auth/sessions/end-others", "", "X-Session-ID", kept),
                () -> validate(a, other) == 401,
                () -> validate(b, other) == 200);
        awaitTrusted(b, kept);
    }

    /** The same of secrets. */
    @Test
    void secretsThatWereBurnedAlreadyAreBurnedEverywhereOnceThatIsSaid() {
        assertThat(a.admin("/v1/tenants", "{\"id\":\"burnt\",\"name\":\"Burnt\"}").status())
                .isEqualTo(201);
        String secret =
                a.admin(
                                "/v1/callers",
                                "{\"name\":\"shop\",\"tenant\":\"burnt\",\"kit\":\"drawbridge\"}")
                        .text("secret");
        String accepted = validated(b, secret);
        assertThat(validated(a, secret)).isEqualTo(accepted);

        repeatedWhileTheFirstWaits(
                () -> a.admin("/v1/callers/burn", "{\"tenant\":\"burnt\"}"),
                () -> !validated(a, secret).equals(accepted),
                () -> validated(b, secret).equals(accepted));
        await().until(() -> validated(b, secret).equals(validated(a, secret)));
    }

    private static String validated(RunningServer server, String secret) {
        return server.post(
                        "/auth/bridge/validate",
                        "{\"session_id\":\"" + "0".repeat(64) + "\",\"ip\":\"127.0.0.1\"}",
                        "X-Bridge-Secret",
                        secret)
                .text("code");
    }

    /** While the second node is cut off and its lease goes on for a while. */
    private static void repeatedWhileTheFirstWaits(
            Supplier<Answer> call, BooleanSupplier isDoneHere, BooleanSupplier isAcceptedThere) {
        assertThat(isAcceptedThere.getAsBoolean()).isTrue();
        between.set(Mode.HANG);
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> first = beside.submit(call::get);
            await().until(isDoneHere::getAsBoolean);

            Answer again = call.get();

            assertThat(again.status()).as(again.response().body()).isEqualTo(200);
            assertThat(isAcceptedThere.getAsBoolean()).isFalse();
            await().until(first::isDone);
            assertThat(first.resultNow().status()).isEqualTo(200);
        } finally {
            between.set(Mode.PASS);
        }
    }

    /** Somebody holds what counts failed logins and does not end: nobody is let try. */
    @Test
    void nobodyLogsInWhileTheCountOfFailuresIsHeld() throws SQLException {
        String _ = a.register("counted@example.test");
        assertThat(logIn(a, "counted@example.test").status()).isEqualTo(200);
        assertThat(
                        a.post(
                                        "/auth/login",
                                        "{\"email\":\"counted@example.test\",\"password\":\"not this one, ever\"}")
                                .status())
                .isEqualTo(401);
        try (Connection stuck = SharedNodes.connect(folder)) {
            stuck.setAutoCommit(false);
            try (Statement statement = stuck.createStatement()) {
                statement.execute("SELECT 1 FROM login_failure FOR UPDATE");
            }

            Answer held = logIn(b, "counted@example.test");

            assertThat(held.status()).isEqualTo(503);
            assertThat(held.text("code")).isEqualTo("STORE_UNAVAILABLE");
            stuck.rollback();
        }
        await().until(() -> logIn(b, "counted@example.test").status() == 200);
    }

    private static Answer logIn(RunningServer server, String email) {
        return server.post(
                "/auth/login",
                "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, RunningServer.PASSWORD));
    }

    /** Somebody holds the counter and does not end: there is no lease, but the log can be read. */
    @Test
    void nodesAnswerWhileTheCounterIsHeld() throws SQLException {
        try (Connection stuck = SharedNodes.connect(folder)) {
            String session = a.register("held@example.test");
            awaitTrusted(b, session);
            String ref = refOf(a);
            stuck.setAutoCommit(false);
            try (Statement statement = stuck.createStatement()) {
                statement.execute("SELECT 1 FROM server_state WHERE id = 1 FOR UPDATE");
            }
            await().until(() ->
                    a.admin("/v1/nodes")
                            .json()
                            .get("items")
                            .get(0)
                            .get("lease")
                            .asString()
                            .equals("lapsed"));

            awaitTrusted(b, session);
            stuck.rollback();
            await().until(() -> a.admin("/v1/sessions/" + ref + "/revoke", "{}").status() == 200);
            assertThat(validate(b, session)).isEqualTo(401);
        }
    }

    @Test
    void allSessionsOfTenantEndAsFastAsOne() throws SQLException {
        String session = a.register("many@example.test");
        awaitTrusted(b, session);
        try (Connection past = SharedNodes.connect(folder);
                Statement statement = past.createStatement()) {
            statement.execute(
                    """
                    CREATE TEMPORARY TABLE copied AS SELECT * FROM session
                        ORDER BY opened_number DESC, created_at DESC LIMIT 1;
                    INSERT INTO session SELECT (jsonb_populate_record(c, jsonb_build_object(
                        'id', '\\x' || encode(sha256(n::text::bytea), 'hex'),
                        'ref', 'ref_' || lpad(n::text, 22, '0')))).*
                    FROM copied c, generate_series(1, %d) n;
                    ANALYZE session
                    """
                            .formatted(SESSIONS));
        }
        String ref = "/v1/sessions/ref_" + "0".repeat(21) + "1/revoke";
        long before = System.nanoTime();
        assertThat(a.admin(ref, "{}").status()).isEqualTo(200);
        String sessionRows = "SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM session s";
        String rowsBefore = past(sessionRows);
        long number = Long.parseLong(past("SELECT log_number FROM server_state"));
        long began = System.nanoTime();

        Answer receipt = a.admin("/v1/tenants/default/revoke-sessions", "{}");

        Duration one = Duration.ofNanos(began - before);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        "one session ended in {0}, {1} in {2}",
                        one,
                        SESSIONS,
                        took);
        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.json().get("sessions").asInt()).isGreaterThanOrEqualTo(SESSIONS);
        assertThat(validate(b, session)).isEqualTo(401);
        // One row of the log, and none of a session.
        assertThat(receipt.json().get("number").asLong()).isEqualTo(number + 1);
        assertThat(past("SELECT log_number FROM server_state"))
                .isEqualTo(Long.toString(number + 1));
        assertThat(past(sessionRows)).isEqualTo(rowsBefore);
        // Two seconds by itself; where others compute, so do they while one session is ended.
        assertThat(took).isLessThan(Duration.ofSeconds(2).plus(one.multipliedBy(20)));
    }

    /** What a query says past the servers. */
    private static String past(String query) throws SQLException {
        try (Connection connection = SharedNodes.connect(folder);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void everyDrillHoldsOnANodeOfSeveral() {
        putRules(a, "");
        Map<String, String> usual =
                Map.of(
                        "DRAWBRIDGE_LIMIT_REQUESTS",
                        "600",
                        "DRAWBRIDGE_LIMIT_AUTHENTICATION",
                        "10",
                        "DRAWBRIDGE_LIMIT_HASHING",
                        "5",
                        "DRAWBRIDGE_LIMIT_SECRETS",
                        "60");
        try (RunningServer drilled = SharedNodes.start(folder, "c", usual)) {
            Answer begun = drilled.admin("/v1/drills", "{}");
            assertThat(begun.status()).as(begun.response().body()).isEqualTo(202);

            // Any node tells how a run goes that another one plays.
            JsonNode run =
                    await().atMost(Duration.ofSeconds(150))
                            .until(
                                    () -> b.admin("/v1/drills/" + begun.text("id")).json(),
                                    json -> !json.get("state").asString().equals("running"));

            assertThat(run.get("state").asString()).isEqualTo("ended");
            assertThat(run.get("outcome").asString()).as(run.toPrettyString()).isEqualTo("holds");
            assertThat(b.admin("/v1/tenants").response().body())
                    .doesNotContain(run.get("sandbox").asString());
        }
    }
}
