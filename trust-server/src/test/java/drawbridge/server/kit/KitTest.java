package drawbridge.server.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.kit.Answer;
import drawbridge.kit.Bridge;
import drawbridge.kit.BridgeSettings;
import drawbridge.kit.Question;
import drawbridge.model.Secret;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.HoldingProxy;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;

/**
 * The kit for Java back ends against the real server: what it remembers is never used later than
 * {@link Bridge#SILENCE} after the end of its session was answered, whatever happens to the stream.
 */
@DatabaseContract
@Timeout(180)
final class KitTest {
    private static final int ROUNDS = Integer.getInteger("drawbridge.kit.rounds", 16);

    /** Nothing of this is about how long an undo can be asked for. */
    private static final Map<String, String> LONG_UNDO = Map.of("DRAWBRIDGE_SESSION_HOLD", "10m");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path data = Path.of("");

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningServer server;

    @SuppressWarnings("NullAway.Init") // before each test
    private HoldingProxy proxy;

    @SuppressWarnings("NullAway.Init") // before each test
    private Bridge bridge;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(data, Clock.systemUTC(), LONG_UNDO);
        allowToRemember();
        proxy = new HoldingProxy(server.publicUrl());
        bridge = bridge(proxy.url());
    }

    @AfterEach
    void stop() throws IOException {
        bridge.close();
        proxy.close();
        server.close();
    }

    private static Bridge bridge(URI url) {
        return new Bridge(
                BridgeSettings.of(url),
                Secret.takeOwnership(RunningServer.SECRET.getBytes(StandardCharsets.UTF_8)));
    }

    private void allowToRemember() {
        String id = server.admin("/v1/callers").json().get("items").get(0).get("id").asString();
        assertThat(server.admin("PATCH", "/v1/callers/" + id, "{\"remember\":\"60s\"}").status())
                .isEqualTo(200);
    }

    private static Question question(String session) {
        return new Question(session, "GET", "/orders", "127.0.0.1", null, null, null);
    }

    private boolean isTrusted(String session) {
        return bridge.ask(question(session)) instanceof Answer.Trusted;
    }

    /** Asked of memory: not even its time is another one. */
    private boolean isRemembered(String session) {
        return bridge.ask(question(session)) instanceof Answer.Trusted first
                && bridge.ask(question(session)).equals(first);
    }

    private void awaitRemembered(String session) {
        await().atMost(PATIENCE).until(() -> isRemembered(session));
    }

    private String ref(String session) {
        return server.get("/auth/validation", "X-Session-ID", session)
                .json()
                .get("session")
                .get("id")
                .asString();
    }

    private void revoke(String ref) {
        assertThat(server.admin("/v1/sessions/" + ref + "/revoke", "{}").status()).isEqualTo(200);
    }

    @Test
    void remembersWhileItFollowsAndForgetsWhatEnds() {
        String ana = server.register("ana@example.test");
        String ben = server.register("ben@example.test");
        String ref = ref(ana);
        awaitRemembered(ana);
        awaitRemembered(ben);

        revoke(ref);
        await().atMost(PATIENCE).until(() -> !isTrusted(ana));
        awaitRemembered(ben);

        server.admin("/v1/sessions/" + ref + "/restore", "{}");
        awaitRemembered(ana);
        JsonNode rows = server.admin("/v1/sessions").json().get("items");
        for (JsonNode row : rows) {
            server.admin("/v1/users/" + row.get("userId").asString() + "/revoke-sessions", "{}");
        }
        await().atMost(PATIENCE).until(() -> !isTrusted(ana) && !isTrusted(ben));
    }

    @Test
    void remembersNothingUnlessTheOperatorAllowsIt() {
        String session = server.register("ana@example.test");
        awaitRemembered(session);
        String id = server.admin("/v1/callers").json().get("items").get(0).get("id").asString();

        server.admin("PATCH", "/v1/callers/" + id, "{\"remember\":\"0s\"}");

        await().atMost(PATIENCE).until(() -> !isRemembered(session));
        assertThat(isTrusted(session)).isTrue();
    }

    /** Answers from before the new rules are void, those from after them are not. */
    @Test
    void remembersUnderNewRules() {
        String session = server.register("ana@example.test");
        awaitRemembered(session);
        Answer before = bridge.ask(question(session));

        String rules =
                "{\"baseVersion\":0,\"rules\":[{\"method\":\"*\",\"pattern\":\"/orders\","
                        + "\"mode\":\"STANDARD\"}]}";
        assertThat(server.admin("PUT", "/v1/policies", rules).status()).isEqualTo(200);

        await().atMost(PATIENCE).until(() -> !bridge.ask(question(session)).equals(before));
        awaitRemembered(session);
    }

    @Test
    void asksEachTimeOnceTheStreamIsCut() {
        String session = server.register("ana@example.test");
        awaitRemembered(session);
        Answer before = bridge.ask(question(session));

        proxy.cut();

        await().atMost(PATIENCE).until(() -> !bridge.ask(question(session)).equals(before));
        awaitRemembered(session); // there is a new stream
    }

    /** Everything that comes back is held up; what is known of the past is no good any more. */
    @Test
    void usesNothingAgainWhileTheStreamHangs() {
        String session = server.register("ana@example.test");
        String ref = ref(session);
        awaitRemembered(session);

        proxy.hold();
        revoke(ref);
        long answered = System.nanoTime();
        // When an answer was asked for counts, not how long this thread was kept from asking.
        AtomicLong last = new AtomicLong(answered);
        await().atMost(PATIENCE)
                .until(() -> {
                    long began = System.nanoTime();
                    boolean isStillTrusted = isTrusted(session);
                    if (isStillTrusted) {
                        last.set(began);
                    }
                    return !isStillTrusted;
                });
        assertThat(Duration.ofNanos(last.get() - answered)).isLessThan(Bridge.SILENCE);

        proxy.release();
        for (int i = 0; i < 50; i++) {
            assertThat(isTrusted(session)).isFalse();
        }
    }

    @Test
    void trustsTheServerThatWasStartedAnew() throws IOException {
        String session = server.register("ana@example.test");
        String ref = ref(session);
        awaitRemembered(session);

        server.close();
        server = RunningServer.start(data, Clock.systemUTC());
        proxy.to(server.publicUrl());
        revoke(ref);
        await().atMost(PATIENCE).until(() -> !isTrusted(session));

        String other = server.register("ben@example.test");
        awaitRemembered(other);
    }

    /** A row that nobody can tell of any more: everything is forgotten. */
    @Test
    void forgetsEverythingWhenTheLogHasGap() {
        String session = server.register("ana@example.test");
        awaitRemembered(session);
        Answer before = bridge.ask(question(session));

        new RawDatabase(data).change("UPDATE server_state SET log_number = log_number + 7");

        await().atMost(PATIENCE).until(() -> !bridge.ask(question(session)).equals(before));
    }

    @Test
    void remembersNothingWithSecretThatWasBurned() {
        String session = server.register("ana@example.test");
        awaitRemembered(session);
        String id = server.admin("/v1/callers").json().get("items").get(0).get("id").asString();

        server.admin("/v1/callers/" + id + "/burn", "{}");

        await().atMost(PATIENCE)
                .until(() -> bridge.ask(question(session)) instanceof Answer.Unsure);
    }

    /** From the revocation's answer until its undo is asked for; 0 outside. */
    private final AtomicLong refusedSince = new AtomicLong();

    private final LongAccumulator worst = new LongAccumulator(Math::max, 0);

    private void askUntil(AtomicBoolean isOver, String session) {
        while (!isOver.get()) {
            long since = refusedSince.get();
            long began = System.nanoTime();
            if (isTrusted(session) && since != 0 && refusedSince.get() == since) {
                worst.accumulate(began - since);
            }
            LockSupport.parkNanos(200_000); // a load, not a flood
        }
    }

    /**
     * Asks from four threads while the session is revoked and restored, the stream being cut or
     * held now and then, and looks for an answer from memory that began too late.
     */
    @Test
    void neverUsesAnAnswerLaterThanPromised() throws InterruptedException {
        String session = server.register("ana@example.test");
        String ref = ref(session);
        AtomicBoolean isOver = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofVirtual().start(() -> askUntil(isOver, session)));
        }

        for (int round = 0; round < ROUNDS; round++) {
            awaitRemembered(session);
            if (round % 8 == 3) {
                proxy.hold();
            } else if (round % 8 == 6) {
                proxy.cut();
            }
            revoke(ref);
            refusedSince.set(System.nanoTime());
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !isTrusted(session));
            proxy.release();
            await().atMost(PATIENCE)
                    .until(() -> bridge.ask(question(session)) instanceof Answer.Refused);
            refusedSince.set(0);
            server.admin("/v1/sessions/" + ref + "/restore", "{}");
        }
        isOver.set(true);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(Duration.ofNanos(worst.get())).isLessThan(Bridge.SILENCE);
    }
}
