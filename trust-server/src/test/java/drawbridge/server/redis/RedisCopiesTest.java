package drawbridge.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.crypto.Keys;
import drawbridge.server.redis.NumberedCopies.Copy;
import drawbridge.server.redis.RedisLink.State;
import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.HoldingProxy;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import redis.clients.jedis.RedisClient;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Against a real Redis, through a proxy that breaks the way to it. */
@Timeout(120)
class RedisCopiesTest {
    private static final byte[] NAME = "tenant/session".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT =
            "ana@example.test and her agent".getBytes(StandardCharsets.UTF_8);
    private static final Duration AGE = Duration.ofMinutes(10);
    private static final int CONNECTIONS = 2;
    private static final Keys KEYS = new Keys(new byte[32]);

    private final List<State> heard = new CopyOnWriteArrayList<>();
    private TestRedis server;
    private FaultProxy proxy;
    private RedisLink link;
    private RedisCopies copies;
    private RedisClient direct;

    @BeforeEach
    void start() throws IOException {
        server = TestRedis.start();
        proxy = new FaultProxy(server.port());
        ask(Duration.ofSeconds(20)); // no Redis is so slow, however busy the machine is
        direct = RedisClient.create("127.0.0.1", server.port());
    }

    private void ask(Duration timeout) {
        link =
                new RedisLink(
                        new RedisSettings(URI.create(proxy.redisUrl()), timeout, 4),
                        (state, why) -> heard.add(state));
        copies = new RedisCopies(link, KEYS);
    }

    /** Waits for Redis no longer than that from now on. */
    private void askOnlyFor(Duration timeout) {
        link.close();
        ask(timeout);
    }

    @AfterEach
    void stop() throws IOException {
        direct.close();
        link.close();
        proxy.close();
        server.close();
    }

    private void keep(long readAt) {
        copies.put(NAME, readAt, CONTENT, AGE);
        await().until(() -> copies.get(NAME).filter(c -> c.readAt() == readAt).isPresent());
    }

    private byte[] onlyKey() {
        Set<byte[]> keys = direct.keys("*".getBytes(StandardCharsets.US_ASCII));
        assertThat(keys).hasSize(1);
        return keys.iterator().next();
    }

    @Test
    void keepsCopyWithTheNumberItWasReadAt() {
        keep(7);

        Copy copy = copies.get(NAME).orElseThrow();

        assertThat(copy.readAt()).isEqualTo(7);
        assertThat(copy.content()).isEqualTo(CONTENT);
        copies.remove(NAME);
        await().until(() -> copies.get(NAME).isEmpty());
    }

    @Test
    void tellsRedisNothing() {
        keep(7);

        String key = new String(onlyKey(), StandardCharsets.ISO_8859_1);
        String value = new String(direct.get(onlyKey()), StandardCharsets.ISO_8859_1);

        assertThat(key).doesNotContain("tenant").doesNotContain("session");
        assertThat(value).doesNotContain("ana").doesNotContain("agent");
        assertThat(direct.pttl(onlyKey())).isBetween(1L, AGE.toMillis());
    }

    /** Whoever may write into Redis could end the process by one value of 512 MB. */
    @Test
    void fetchesNoMoreOfAValueThanACopyMayHave() {
        keep(7);
        direct.setrange(onlyKey(), 64_000_000, new byte[] {1});
        long before = sent();

        assertThat(copies.get(NAME)).isEmpty();

        assertThat(sent() - before).isLessThan(1_000_000);
        assertThat(copies.forged()).isEqualTo(1);
    }

    /** How many bytes Redis has sent so far. */
    private long sent() {
        return direct.info("stats")
                .lines()
                .filter(line -> line.startsWith("total_net_output_bytes:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    @Test
    void keepsNothingThatIsLargerThanWhatIsFetched() {
        keep(7);

        copies.put(NAME, 8, new byte[300_000], AGE);
        copies.put("other".getBytes(StandardCharsets.US_ASCII), 9, CONTENT, AGE);

        await().until(() -> direct.dbSize() == 2); // written in order
        assertThat(copies.get(NAME)).map(Copy::readAt).contains(7L);
    }

    @Test
    void takesNoValueThatItDidNotMakeForThisName() {
        keep(7);
        byte[] key = onlyKey();
        byte[] good = direct.get(key);
        byte[] changed = good.clone();
        changed[changed.length - 20] ^= 1;

        direct.set(key, changed);
        assertThat(copies.get(NAME)).isEmpty();
        direct.set(key, "forged".getBytes(StandardCharsets.US_ASCII));
        assertThat(copies.get(NAME)).isEmpty();
        direct.set(key, good);
        assertThat(copies.get(NAME)).isPresent();

        byte[] other = "tenant/other".getBytes(StandardCharsets.US_ASCII);
        copies.put(other, 1, CONTENT, AGE);
        await().until(() -> copies.get(other).isPresent());
        for (byte[] any : direct.keys("*".getBytes(StandardCharsets.US_ASCII))) {
            direct.set(any, good); // moved to another name
        }
        assertThat(copies.get(other)).isEmpty();
        assertThat(copies.forged()).isEqualTo(3);
    }

    @Test
    void takesNoValueSealedUnderAnotherKey() {
        keep(7);
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;

        RedisCopies others = new RedisCopies(link, new Keys(otherKey));

        assertThat(others.get(NAME)).isEmpty();
    }

    @Test
    void isQuickMissWhileRedisIsAwayAndComesBackByItself() {
        keep(7);
        askOnlyFor(Duration.ofMillis(200));

        proxy.set(FaultProxy.Mode.CUT);
        await().until(() -> {
            assertThat(copies.get(NAME)).isEmpty();
            return link.state() == State.DOWN;
        });
        int tried = proxy.accepted();
        for (int i = 0; i < 10_000; i++) {
            Optional<Copy> _ = copies.get(NAME);
        }
        // Only those few ask that try whether it is back.
        assertThat(proxy.accepted() - tried).isLessThan(100);

        proxy.set(FaultProxy.Mode.PASS);
        await().until(() -> copies.get(NAME).isPresent());
        await().until(() -> link.state() == State.UP || copies.get(NAME).isEmpty());
        await().untilAsserted(() -> assertThat(heard).startsWith(State.DOWN));
    }

    @Test
    void waitsForHangingRedisOnlyForTheTimeout() {
        keep(7);
        Duration timeout = Duration.ofMillis(200);
        askOnlyFor(timeout);
        List<Duration> took = new ArrayList<>();

        proxy.set(FaultProxy.Mode.HANG); // what is asked now is never answered
        while (link.state() == State.UP) {
            took.add(timeOfMiss(copies));
        }

        assertThat(took).hasSizeGreaterThanOrEqualTo(5);
        // The machine may stand still within any of them, but hardly within each.
        assertThat(Collections.min(took)).isBetween(timeout, timeout.multipliedBy(5));
        copies.put(NAME, 8, CONTENT, AGE);
        assertThat(link.writesDropped()).isPositive();
        await().untilAsserted(() -> assertThat(heard).containsExactly(State.DOWN));
    }

    private static Duration timeOfMiss(RedisCopies asked) {
        long began = System.nanoTime();
        assertThat(asked.get(NAME)).isEmpty();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Whoever finds every connection in use waits for one much shorter than for an answer. */
    @Test
    void waitsForNoConnectionOfRedisThatIsSlow() throws Exception {
        keep(7);
        try (HoldingProxy slow = new HoldingProxy(URI.create(server.url()));
                RedisLink narrow =
                        new RedisLink(
                                new RedisSettings(
                                        URI.create(slow.redisUrl()),
                                        Duration.ofSeconds(60),
                                        CONNECTIONS),
                                (state, why) -> {})) {
            RedisCopies through = new RedisCopies(narrow, KEYS);
            assertThat(through.get(NAME)).isPresent();

            slow.hold();
            List<CompletableFuture<Optional<Copy>>> asked = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                asked.add(
                        CompletableFuture.supplyAsync(
                                () -> through.get(NAME), task -> Thread.ofVirtual().start(task)));
            }
            await().until(() -> slow.accepted() == CONNECTIONS);
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                took.add(timeOfMiss(through));
            }
            assertThat(Collections.min(took)).isLessThan(Duration.ofSeconds(1));
            assertThat(narrow.failures()).isEqualTo(4);
            assertThat(asked).as("these wait for Redis itself").noneMatch(Future::isDone);

            slow.release();
            for (CompletableFuture<Optional<Copy>> each : asked) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isPresent();
            }
        }
    }
}
