package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.FollowedEvents;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** {@code GET /auth/bridge/events}: what a back end that remembers answers must be told. */
@DatabaseContract
@Timeout(120)
final class BridgeEventsTest {
    @TempDir private Path data = Path.of("");

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start(data, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private FollowedEvents follow(String... headers) {
        return new FollowedEvents(server.publicUrl(), RunningServer.SECRET, headers);
    }

    private JsonNode row(String email) {
        for (JsonNode row : server.admin("/v1/sessions").json().get("items")) {
            if (row.get("email").asString().equals(email)) {
                return row;
            }
        }
        throw new IllegalStateException("no session of " + email);
    }

    private String ref(String email) {
        return row(email).get("ref").asString();
    }

    private String user(String email) {
        return row(email).get("userId").asString();
    }

    private Answer revoke(String ref) {
        Answer receipt = server.admin("/v1/sessions/" + ref + "/revoke", "{}");
        assertThat(receipt.status()).isEqualTo(200);
        return receipt;
    }

    private static void says(JsonNode event, String kind, String field, String value) {
        assertThat(event.get("kind").asString()).as("%s", event).isEqualTo(kind);
        assertThat(event.path(field).asString("")).as("%s", event).isEqualTo(value);
    }

    @Test
    void tellsOfEverySessionThatEndedOrChanged() {
        String session = server.register("ana@example.test");
        String ref = ref("ana@example.test");
        String user = user("ana@example.test");
        try (FollowedEvents events = follow()) {
            assertThat(events.status()).isEqualTo(200);
            JsonNode first = events.next();
            says(first, "alive", "ref", "");

            Answer receipt = revoke(ref);
            JsonNode ended = events.nextEnded();
            says(ended, "session", "ref", ref);
            says(ended, "session", "userId", user);
            assertThat(ended.get("number").asLong())
                    .isEqualTo(receipt.json().get("number").asLong());

            server.admin("/v1/sessions/" + ref + "/restore", "{}");
            says(events.nextEnded(), "undo", "ref", ref);

            server.post("/auth/refresh", "{}", "X-Session-ID", session);
            says(events.nextEnded(), "replaced", "ref", ref);

            server.admin("PATCH", "/v1/users/" + user, "{\"name\":\"Anna\"}");
            says(events.nextEnded(), "changed", "userId", user);

            server.admin("/v1/users/" + user + "/revoke-sessions", "{}");
            says(events.nextEnded(), "user", "userId", user);
        }
    }

    @Test
    void saysEachSecondUpToWhereItHasToldEverything() {
        server.register("ana@example.test");
        try (FollowedEvents events = follow()) {
            JsonNode first = events.next();
            revoke(ref("ana@example.test"));
            JsonNode ended = events.nextEnded();
            JsonNode second = events.next();
            JsonNode third = events.next();

            assertThat(first.get("previous").asLong()).isEqualTo(first.get("number").asLong());
            assertThat(ended.get("previous").asLong()).isEqualTo(first.get("number").asLong());
            for (JsonNode alive : List.of(second, third)) {
                says(alive, "alive", "ref", "");
                assertThat(alive.get("previous").asLong()).isEqualTo(ended.get("number").asLong());
                assertThat(alive.get("number").asLong()).isEqualTo(ended.get("number").asLong());
            }
            assertThat(third.get("ms").asLong() - second.get("ms").asLong())
                    .isBetween(900L, 60_000L);
        }
    }

    @Test
    void tellsNobodyOfAnotherTenant() {
        server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        server.post(
                "/t/acme/auth/register",
                "{\"email\":\"carla@example.test\",\"password\":\"%s\"}"
                        .formatted(RunningServer.PASSWORD));
        server.register("ana@example.test");
        String hers = ref("carla@example.test");
        String ours = ref("ana@example.test");
        try (FollowedEvents events = follow()) {
            JsonNode first = events.next();
            revoke(hers);
            revoke(ours);

            JsonNode ended = events.nextEnded();

            says(ended, "session", "ref", ours);
            assertThat(ended.get("previous").asLong())
                    .isGreaterThanOrEqualTo(first.get("number").asLong());
            assertThat(ended.get("number").asLong()).isEqualTo(first.get("number").asLong() + 2);
        }
    }

    @Test
    void resumesFromTheLogAlsoAfterRestart() {
        server.register("ana@example.test");
        server.register("ben@example.test");
        String ana = ref("ana@example.test");
        String ben = ref("ben@example.test");
        long seen;
        try (FollowedEvents events = follow()) {
            seen = events.next().get("number").asLong();
        }
        revoke(ana);
        server.close();
        server = RunningServer.start(data, Clock.systemUTC());
        revoke(ben);

        try (FollowedEvents events = follow("Last-Event-ID", Long.toString(seen))) {
            JsonNode first = events.next();
            says(first, "session", "ref", ana);
            assertThat(first.get("previous").asLong()).isEqualTo(seen);
            says(events.nextEnded(), "session", "ref", ben);
        }
    }

    @Test
    void saysSoWhenRowsAreMissing() {
        server.register("ana@example.test");
        server.register("ben@example.test");
        long seen;
        try (FollowedEvents events = follow()) {
            seen = events.next().get("number").asLong();
        }
        Answer receipt = revoke(ref("ana@example.test"));
        revoke(ref("ben@example.test"));
        new RawDatabase(data)
                .change(
                        "DELETE FROM revocation_log WHERE number = ?",
                        receipt.json().get("number").asLong());
        server.close();
        server = RunningServer.start(data, Clock.systemUTC());

        try (FollowedEvents events = follow("Last-Event-ID", Long.toString(seen))) {
            JsonNode gap = events.next();
            says(gap, "gap", "ref", "");
            assertThat(gap.get("number").asLong())
                    .isEqualTo(receipt.json().get("number").asLong() + 1);
            says(events.next(), "alive", "ref", "");
        }
    }

    @Test
    void saysSoWhenTheLogIsNotWhatItWas() {
        try (FollowedEvents events = follow("Last-Event-ID", "123456")) {
            says(events.next(), "gap", "ref", "");
        }
        FollowedEvents wrong = follow("Last-Event-ID", "yesterday");
        assertThat(wrong.status()).isEqualTo(400);
        wrong.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"retire", "burn", "scope", "delete", "suspend"})
    void cutsWhoeverMayNotFollowAnyMore(String how) throws InterruptedException {
        server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        server.register("ana@example.test");
        String ref = ref("ana@example.test");
        Answer made =
                server.admin(
                        "/v1/callers",
                        "{\"name\":\"shop\"%s}"
                                .formatted(how.equals("suspend") ? ",\"tenant\":\"acme\"" : ""));
        String shop = "/v1/callers/" + made.json().get("caller").get("id").asString();
        String secret = made.text("secret");
        try (FollowedEvents events = new FollowedEvents(server.publicUrl(), secret)) {
            assertThat(events.next().get("kind").asString()).isEqualTo("alive");

            if (how.equals("retire")) {
                server.admin(shop + "/rotate", "{}"); // the last secret cannot be retired
            }
            Answer done =
                    switch (how) {
                        case "retire", "burn" -> server.admin(shop + "/secrets/1/" + how, "{}");
                        case "scope" -> server.admin("PATCH", shop, "{\"scopes\":[]}");
                        case "delete" -> server.admin("DELETE", shop, "");
                        default -> server.admin("/v1/tenants/acme/suspend", "{}");
                    };
            assertThat(done.status()).as("%s", done.response().body()).isEqualTo(200);
            revoke(ref);

            assertThat(events.isCutSoon()).isTrue();
            assertThat(events.tellsOf(ref)).isFalse();
        }
    }

    @Test
    void boundsHowManyStreamsCallersOpen() {
        List<FollowedEvents> all = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                all.add(follow());
                assertThat(all.getLast().status()).isEqualTo(200);
            }
            all.add(follow());
            assertThat(all.getLast().status()).isEqualTo(429);

            all.getFirst().close();
            await().until(() -> {
                FollowedEvents again = follow();
                all.add(again);
                return again.status() == 200;
            });
        } finally {
            all.forEach(FollowedEvents::close);
        }
    }

    @Test
    void needsTheRightToValidate() {
        Answer made =
                server.admin("/v1/callers", "{\"name\":\"shop\",\"scopes\":[\"revoke-own\"]}");
        try (FollowedEvents events = new FollowedEvents(server.publicUrl(), made.text("secret"))) {
            assertThat(events.status()).isEqualTo(403);
        }
    }

    /** Twenty thousand events at once, too many for any buffer, and nobody who reads them. */
    @Test
    void cutsWhoeverDoesNotRead() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), server.publicUrl().getPort()));
            socket.getOutputStream()
                    .write(
                            "GET /auth/bridge/events HTTP/1.1\r\nHost: localhost\r\nX-Bridge-Secret: %s\r\n\r\n"
                                    .formatted(RunningServer.SECRET)
                                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> followers() == 1);

            new RawDatabase(data)
                    .change(
                            """
                            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                            INSERT INTO revocation_log (number, kind, tenant_id, user_id, at, reason, actor)
                            SELECT s.log_number + i, 'user', 'default', 'usr_' || i || ?, 0, '', 'test'
                            FROM n CROSS JOIN server_state s
                            """,
                            "0".repeat(800));
            new RawDatabase(data).change("UPDATE server_state SET log_number = log_number + 20000");

            await().until(() -> followers() == 0);
        }
        assertThat(server.get("/health").status()).isEqualTo(200);
    }

    private int followers() {
        return server.admin("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith("drawbridge_bridge_streams "))
                .map(line -> (int) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElse(-1);
    }
}
