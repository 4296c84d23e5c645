package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.kit.Answer;
import drawbridge.kit.Bridge;
import drawbridge.kit.BridgeSettings;
import drawbridge.kit.Question;
import drawbridge.model.Secret;
import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;
import drawbridge.server.support.FollowedEvents;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A back end that follows {@code GET /auth/bridge/events} of one node hears of what another one
 * ends; and of nothing, once its node cannot know.
 */
@Timeout(180)
class BridgeEventsOfNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init") // before each test
    private FaultProxy between;

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningServer a;

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningServer b;

    @BeforeEach
    void start() throws IOException {
        between = new FaultProxy(SharedNodes.port(folder));
        a = SharedNodes.start(folder, "a", Map.of());
        b =
                SharedNodes.start(
                        folder,
                        "b",
                        Map.of("DATABASE_URL", SharedNodes.through(between.port(), folder)));
    }

    @AfterEach
    void stop() throws IOException {
        between.set(Mode.PASS);
        b.close();
        a.close();
        between.close();
    }

    private JsonNode row(String email) {
        for (JsonNode row : a.admin("/v1/sessions").json().get("items")) {
            if (row.get("email").asString().equals(email)) {
                return row;
            }
        }
        throw new IllegalStateException("no session of " + email);
    }

    private static FollowedEvents follow(RunningServer server) {
        FollowedEvents events = new FollowedEvents(server.publicUrl(), RunningServer.SECRET);
        assertThat(events.status()).isEqualTo(200);
        return events;
    }

    private long done(String path) {
        RunningServer.Answer receipt = a.admin(path, "{}");
        assertThat(receipt.status()).as(receipt.response().body()).isEqualTo(200);
        return receipt.json().get("number").asLong();
    }

    private static void says(JsonNode event, String kind, long number, long previous) {
        assertThat(event.get("kind").asString()).as("%s", event).isEqualTo(kind);
        assertThat(event.get("number").asLong()).as("%s", event).isEqualTo(number);
        assertThat(event.get("previous").asLong()).as("%s", event).isEqualTo(previous);
    }

    @Test
    void oneNodeTellsOfWhatAnotherOneEnded() {
        String _ = a.register("ana@example.test");
        JsonNode ana = row("ana@example.test");
        try (FollowedEvents events = follow(b)) {
            long known = events.next().get("number").asLong();

            long session = done("/v1/sessions/" + ana.get("ref").asString() + "/revoke");
            JsonNode ended = events.nextEnded();
            says(ended, "session", session, known);
            assertThat(ended.get("ref")).isEqualTo(ana.get("ref"));
            assertThat(ended.get("userId")).isEqualTo(ana.get("userId"));

            long user = done("/v1/users/" + ana.get("userId").asString() + "/revoke-sessions");
            JsonNode ofUser = events.nextEnded();
            says(ofUser, "user", user, session);
            assertThat(ofUser.get("userId")).isEqualTo(ana.get("userId"));

            long tenant = done("/v1/tenants/default/revoke-sessions");
            says(events.nextEnded(), "tenant", tenant, user);
        }
    }

    private static boolean isTrusted(Bridge bridge, String session) {
        return bridge.ask(question(session)) instanceof Answer.Trusted;
    }

    private static Question question(String session) {
        return new Question(session, "GET", "/orders", "127.0.0.1", null, null, null);
    }

    private static boolean isRemembered(Bridge bridge, String session) {
        return bridge.ask(question(session)) instanceof Answer.Trusted first
                && bridge.ask(question(session)).equals(first);
    }

    /** Its node cannot read the log: the stream says no more than it knew, and the kit forgets. */
    @Test
    void nodeThatIsCutOffDoesNotPretendToKnow() {
        String id = a.admin("/v1/callers").json().get("items").get(0).get("id").asString();
        assertThat(a.admin("PATCH", "/v1/callers/" + id, "{\"remember\":\"60s\"}").status())
                .isEqualTo(200);
        String session = a.register("ana@example.test");
        String ref = row("ana@example.test").get("ref").asString();
        long asked = System.nanoTime();
        try (FollowedEvents events = follow(b);
                Bridge bridge =
                        new Bridge(
                                BridgeSettings.of(b.publicUrl()),
                                Secret.takeOwnership(
                                        RunningServer.SECRET.getBytes(StandardCharsets.UTF_8)))) {
            JsonNode last = events.next();
            await().atMost(PATIENCE).until(() -> isRemembered(bridge, session));

            between.set(Mode.HANG);
            long cutAfterMillis = Duration.ofNanos(System.nanoTime() - asked).toMillis();
            long number = done("/v1/sessions/" + ref + "/revoke");
            long answered = System.nanoTime();
            AtomicLong lastTrusted = new AtomicLong(answered);
            await().atMost(PATIENCE)
                    .until(() -> {
                        long began = System.nanoTime();
                        boolean isStillTrusted = isTrusted(bridge, session);
                        if (isStillTrusted) {
                            lastTrusted.set(began);
                        }
                        return !isStillTrusted;
                    });
            assertThat(Duration.ofNanos(lastTrusted.get() - answered)).isLessThan(Bridge.SILENCE);
            assertThat(bridge.ask(question(session))).isInstanceOf(Answer.Unsure.class);

            between.set(Mode.PASS);
            JsonNode event = events.next();
            while (event.get("number").asLong() < number) {
                // Read before the cut, whenever it came.
                assertThat(event.get("kind").asString()).as("%s", event).isEqualTo("alive");
                assertThat(event.get("ms").asLong()).isLessThanOrEqualTo(cutAfterMillis);
                last = event;
                event = events.next();
            }
            says(event, "session", number, last.get("number").asLong());
            assertThat(event.get("ref").asString()).isEqualTo(ref);
            await().atMost(PATIENCE)
                    .until(() -> bridge.ask(question(session)) instanceof Answer.Refused);
        }
    }
}
