package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.model.SessionSource;
import drawbridge.model.SessionToken;
import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FollowedEvents;
import drawbridge.server.support.HoldingProxy;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.RestoreParams;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The rows of {@code docs/failure-modes.md} that concern Redis, done to a real Redis. Memory
 * forgets after a second here, so that each session is asked for behind it again and again.
 */
@Timeout(120)
class RedisTierTest {
    private static final byte[] ALL = "*".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random = new SecureRandom();

    @TempDir private Path folder;
    private TestRedis redis;
    private FaultProxy proxy;
    private RedisClient direct;
    private RunningServer server;

    @BeforeEach
    void startRedis() throws IOException {
        redis = TestRedis.keepingOnDisk(Files.createDirectory(folder.resolve("redis")));
        proxy = new FaultProxy(redis.port());
        direct = RedisClient.create("127.0.0.1", redis.port());
        start("1s"); // twenty times as much, which a busy machine may need
    }

    private void start(String redisTimeout) {
        server =
                RunningServer.start(
                        folder.resolve("data"),
                        Clock.systemUTC(),
                        Map.of(
                                "REDIS_URL",
                                proxy.redisUrl(),
                                "DRAWBRIDGE_REDIS_TIMEOUT",
                                redisTimeout,
                                "DRAWBRIDGE_MEMORY_AGE",
                                "1s"));
    }

    private void restart(String redisTimeout) {
        server.close();
        start(redisTimeout);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        direct.close();
        proxy.close();
        redis.close();
    }

    private Answer validate(String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    /** Asks until memory has forgotten and that tier answers. */
    private void awaitServedBy(SessionSource tier, String session) {
        await().until(() -> {
            Answer answer = validate(session);
            assertThat(answer.status()).isEqualTo(200);
            return answer.text("cacheSource").equals(tier.cacheSource());
        });
    }

    private JsonNode tier(String name) {
        for (JsonNode tier : server.admin("/v1/tiers").json().get("tiers")) {
            if (tier.get("name").asString().equals(name)) {
                return tier;
            }
        }
        throw new AssertionError("no tier " + name);
    }

    private void revoke(String session) {
        Answer answer = server.post("/auth/logout", "{}", "X-Session-ID", session);
        assertThat(answer.status()).isEqualTo(200);
    }

    private void assertRefused(String session) {
        Answer answer = validate(session);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(401);
    }

    @Test
    void servesFromRedisWhatMemoryForgot() {
        String session = server.register("ana@example.test");

        awaitServedBy(SessionSource.REDIS, session);

        assertThat(tier("redis").get("hits").asLong()).isPositive();
        assertThat(tier("redis").get("state").asString()).isEqualTo("up");
        assertThat(server.admin("/v1/snapshot").json().get("tiers").get("tiers")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultProxy.Mode.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PASS"})
    void goesOnWithoutRedisAndTakesItBack(FaultProxy.Mode fault) {
        restart("50ms");
        String session = server.register("ana@example.test");
        awaitServedBy(SessionSource.REDIS, session);

        proxy.set(fault);
        assertStaysQuick(session);
        assertThat(tier("redis").get("state").asString()).isEqualTo("down");
        revoke(session);
        assertRefused(session);

        proxy.set(FaultProxy.Mode.PASS);
        String other = server.register("ben@example.test");
        await().until(() -> tier("redis").get("state").asString().equals("up"));
        awaitServedBy(SessionSource.REDIS, other);
        assertRefused(session);
    }

    /** Once when it goes, and once when it has been back for a while. */
    @Test
    void tellsWhenRedisGoesAndWhenItIsBack() {
        assertThat(server.metric("drawbridge_redis_up")).isEqualTo(1);
        try (FollowedEvents feed = FollowedEvents.ofAdmin(server)) {
            proxy.set(FaultProxy.Mode.CUT);
            await().until(() -> {
                askBehindMemory();
                return tier("redis").get("state").asString().equals("down");
            });

            JsonNode gone = nextOfRedis(feed);
            assertThat(gone.get("state").asString()).isEqualTo("down");
            assertThat(gone.get("why").asString()).isNotEmpty();
            assertThat(server.metric("drawbridge_redis_up")).isZero();
            assertThat(server.metric("drawbridge_redis_failures_total")).isPositive();

            proxy.set(FaultProxy.Mode.PASS);
            JsonNode back = nextOfRedis(feed);
            assertThat(back.get("state").asString()).isEqualTo("up");
            assertThat(server.metric("drawbridge_redis_up")).isEqualTo(1);
        }
    }

    private static JsonNode nextOfRedis(FollowedEvents feed) {
        JsonNode event = feed.next();
        while (!event.path("source").asString("").equals("redis")) {
            event = feed.next();
        }
        return event;
    }

    /** What nobody has is asked for behind memory. */
    private void askBehindMemory() {
        assertRefused(SessionToken.draw(random).reveal());
    }

    /**
     * As slow as a Redis may be, and with many more who ask than connections: the first of them
     * wait for it, the others not even for one of these.
     */
    @Test
    void theDatabaseAnswersWhoFindsEveryConnectionToSlowRedisInUse() throws Exception {
        server.close();
        try (HoldingProxy slow = new HoldingProxy(URI.create(redis.url()))) {
            server =
                    RunningServer.start(
                            folder.resolve("data"),
                            Clock.systemUTC(),
                            Map.of(
                                    "REDIS_URL",
                                    slow.redisUrl(),
                                    "DRAWBRIDGE_REDIS_TIMEOUT",
                                    "1s",
                                    "DRAWBRIDGE_REDIS_CONNECTIONS",
                                    "2",
                                    "DRAWBRIDGE_MEMORY_AGE",
                                    "1s"));
            List<String> sessions = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sessions.add(server.register("slow-%d@example.test".formatted(i)));
            }
            awaitServedBy(SessionSource.REDIS, sessions.getFirst());

            slow.hold();
            List<Future<Duration>> answered = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                sessions.forEach(session ->
                        answered.add(callers.submit(() -> timeFromTheDatabase(session))));
            }

            List<Duration> took = new ArrayList<>();
            for (Future<Duration> each : answered) {
                took.add(each.get());
            }
            assertThat(server.metric("drawbridge_redis_failures_total")).isPositive();
            // Two wait for Redis; that they do so longer than the others is in RedisCopiesTest.
            assertThat(middle(took)).isLessThan(Duration.ofSeconds(1));
        }
    }

    /** How long the first answer took that memory did not give. */
    private Duration timeFromTheDatabase(String session) {
        while (true) {
            long began = System.nanoTime();
            Answer answer = validate(session);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(answer.status()).isEqualTo(200);
            if (!answer.text("cacheSource").equals(SessionSource.MEMORY.cacheSource())) {
                assertThat(answer.text("cacheSource"))
                        .isEqualTo(SessionSource.DATABASE.cacheSource());
                return took;
            }
        }
    }

    @Test
    void goesOnWhileTheRedisProcessIsStopped() throws Exception {
        restart("50ms");
        String session = server.register("ana@example.test");
        awaitServedBy(SessionSource.REDIS, session);
        String pid = pidOfRedis();

        signal("-STOP", pid);
        try {
            assertStaysQuick(session);
        } finally {
            signal("-CONT", pid);
        }

        awaitServedBy(SessionSource.REDIS, session);
    }

    /** Calls take no longer than what Redis is waited for, and soon not even that long. */
    private void assertStaysQuick(String session) {
        List<Duration> behindMemory = new ArrayList<>();
        List<Duration> all = new ArrayList<>();
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until
                && (behindMemory.size() < 5
                        || tier("redis").get("state").asString().equals("up"))) {
            long began = System.nanoTime();
            askBehindMemory();
            behindMemory.add(Duration.ofNanos(System.nanoTime() - began));
        }
        for (int i = 0; i < 200; i++) {
            long began = System.nanoTime();
            assertThat(validate(session).status()).isEqualTo(200);
            all.add(Duration.ofNanos(System.nanoTime() - began));
        }
        // The machine may stand still at any moment, so that only the one in the middle is sure to
        // tell.
        assertThat(middle(behindMemory)).isLessThan(Duration.ofSeconds(1));
        assertThat(middle(all)).as("once it is left alone").isLessThan(Duration.ofMillis(300));
    }

    private static Duration middle(List<Duration> all) {
        return all.stream().sorted().skip(all.size() / 2).findFirst().orElseThrow();
    }

    private String pidOfRedis() {
        return direct.info("server")
                .lines()
                .filter(line -> line.startsWith("process_id:"))
                .map(line -> line.substring("process_id:".length()).strip())
                .findFirst()
                .orElseThrow();
    }

    private static void signal(String which, String pid) throws Exception {
        assertThat(new ProcessBuilder("kill", which, pid).start().waitFor()).isZero();
    }

    @Test
    void flushedRedisIsOnlyEmpty() {
        String session = server.register("ana@example.test");
        awaitServedBy(SessionSource.REDIS, session);

        await().until(() -> {
            direct.flushAll(); // again, as a copy may have been on its way
            return validate(session)
                    .text("cacheSource")
                    .equals(SessionSource.DATABASE.cacheSource());
        });
        awaitServedBy(SessionSource.REDIS, session);
    }

    @Test
    void oldDumpBringsNothingBack() throws IOException {
        String session = server.register("ana@example.test");
        String other = server.register("ben@example.test");
        awaitServedBy(SessionSource.REDIS, session);
        awaitServedBy(SessionSource.REDIS, other);
        redis.save();

        revoke(session);
        await().until(() -> copies() == 1); // the hint came, and comes no more
        redis.restartFromLastSave();
        direct.close();
        direct = RedisClient.create("127.0.0.1", redis.port());

        assertThat(copies()).as("those of both are there again").isEqualTo(2);
        await().until(() -> {
            assertRefused(session);
            return tier("redis").get("overtaken").asLong() > 0;
        });
        assertRefused(session);
        awaitServedBy(SessionSource.REDIS, other);
    }

    @Test
    void oldDumpBringsNothingBackAfterRestartOfTheServer() throws IOException {
        String session = server.register("ana@example.test");
        awaitServedBy(SessionSource.REDIS, session);
        redis.save();
        revoke(session);

        server.close();
        redis.restartFromLastSave();
        server =
                RunningServer.start(
                        folder.resolve("data"),
                        Clock.systemUTC(),
                        Map.of("REDIS_URL", proxy.redisUrl()));

        for (int i = 0; i < 5; i++) {
            assertRefused(session);
        }
    }

    @Test
    void handForgedValuesAreMisses() {
        String ended = server.register("ana@example.test");
        awaitServedBy(SessionSource.REDIS, ended);
        byte[] endedKey = direct.keys(ALL).stream().filter(this::isCopy).findFirst().orElseThrow();
        byte[] endedCopy = direct.get(endedKey);
        revoke(ended);
        await().until(() -> !direct.exists(endedKey)); // the hint came
        String good = server.register("ben@example.test");
        awaitServedBy(SessionSource.REDIS, good);
        byte[] goodKey = direct.keys(ALL).stream().filter(this::isCopy).findFirst().orElseThrow();
        byte[] goodCopy = direct.get(goodKey);

        direct.set(endedKey, goodCopy); // another's copy under the name of the ended session
        assertRefused(ended);
        direct.set(endedKey, "{\"valid\":true}".getBytes(StandardCharsets.US_ASCII));
        assertRefused(ended);
        for (int at = 0; at < endedCopy.length; at += 7) {
            byte[] changed = endedCopy.clone();
            changed[at] ^= 1;
            direct.set(endedKey, changed);
            assertRefused(ended);
        }
        direct.set(endedKey, endedCopy); // what was good once
        assertRefused(ended);

        assertThat(tier("redis").get("forged").asLong()).isPositive();
        assertThat(validate(good).status()).isEqualTo(200);
    }

    private long copies() {
        return direct.keys(ALL).stream().filter(this::isCopy).count();
    }

    private boolean isCopy(byte[] key) {
        return !new String(key, StandardCharsets.ISO_8859_1).startsWith("drawbridge:limit:");
    }

    @Test
    void copyRestoredUnderItsOwnNameIsOvertaken() {
        String session = server.register("ana@example.test");
        awaitServedBy(SessionSource.REDIS, session);
        byte[] key = direct.keys(ALL).stream().filter(this::isCopy).findFirst().orElseThrow();
        byte[] dump = direct.dump(key);
        revoke(session);

        await().until(() -> !direct.exists(key));
        direct.restore(key, 0, dump, RestoreParams.restoreParams().replace());

        for (int i = 0; i < 5; i++) {
            assertRefused(session);
        }
        assertThat(tier("redis").get("overtaken").asLong()).isPositive();
    }
}
