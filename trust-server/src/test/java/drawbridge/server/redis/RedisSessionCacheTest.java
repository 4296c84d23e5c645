package drawbridge.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.SharedSessions.Copied;
import drawbridge.server.session.Tombstones;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.RestoreParams;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Against a real Redis, which is given everything a Redis should not hold. */
@Timeout(120)
class RedisSessionCacheTest {
    private static final Keys KEYS = new Keys(new byte[32]);
    private static final Duration AGE = Duration.ofMinutes(10);

    private final MutableClock clock = new MutableClock(Given.OPENED);
    private final AtomicReference<byte[]> database = new AtomicReference<>(new byte[] {1, 1, 1});
    private final Tombstones tombstones = tombstones();
    private final Session session = Given.session();
    private TestRedis redis;
    private RedisLink link;
    private RedisSessionCache cache;
    private RedisClient direct;

    private static Tombstones tombstones() {
        return new Tombstones(
                Duration.ofHours(1), 0, Ticker.systemTicker(), Tombstones.Follows.OWN_COMMITS);
    }

    private RedisSessionCache node(Tombstones knows) {
        return new RedisSessionCache(
                new RedisCopies(link, KEYS),
                knows,
                new RedisSessionCache.Identity() {
                    @Override
                    public byte[] now() {
                        return database.get().clone();
                    }

                    @Override
                    public byte[] after(byte[] known) {
                        if (Arrays.equals(known, database.get())) {
                            database.set(new byte[] {9, 9, 9});
                        }
                        return now();
                    }
                },
                AGE,
                clock);
    }

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        link =
                new RedisLink(
                        new RedisSettings(URI.create(redis.url()), Duration.ofSeconds(20), 4),
                        (state, why) -> {});
        cache = node(tombstones);
        direct = RedisClient.create("127.0.0.1", redis.port());
    }

    @AfterEach
    void stop() {
        direct.close();
        link.close();
        redis.close();
    }

    private void keep() {
        cache.put(session, tombstones.mark());
        await().until(() -> cache.find(session.key()).isPresent());
    }

    private void revoke(long number) {
        tombstones.committed(new Revocation.OfSession(number, session.key()));
        cache.remove(session.key());
    }

    /** Every key with its value as a dump has it. */
    private Map<String, byte[]> dump() {
        Map<String, byte[]> values = new HashMap<>();
        for (byte[] key : direct.keys("*".getBytes(StandardCharsets.US_ASCII))) {
            values.put(new String(key, StandardCharsets.ISO_8859_1), direct.dump(key));
        }
        return values;
    }

    private void restore(Map<String, byte[]> dump) {
        dump.forEach((key, value) ->
                direct.restore(
                        key.getBytes(StandardCharsets.ISO_8859_1),
                        0,
                        value,
                        RestoreParams.restoreParams().replace()));
    }

    @Test
    void givesWhatAnotherNodeRead() {
        keep();

        Optional<Copied> copy = node(tombstones()).find(session.key());

        assertThat(copy).map(Copied::session).contains(session);
        assertThat(copy).map(c -> c.readAt().applied()).contains(0L);
    }

    /** The end of everything makes another database of it, also for nodes that stay in touch. */
    @Test
    void nodesShareAgainAfterEverythingEnded() {
        keep();
        database.set(new byte[] {2, 2, 2});
        tombstones.committed(new Revocation.OfEverything(1));
        Session later = Given.openedUnder(1);
        RedisSessionCache startedLater =
                node(
                        new Tombstones(
                                Duration.ofHours(1),
                                1,
                                Ticker.systemTicker(),
                                Tombstones.Follows.OWN_COMMITS));

        await().until(() -> {
            cache.put(later, tombstones.mark());
            return cache.find(later.key()).isPresent();
        });

        assertThat(startedLater.find(later.key())).map(Copied::session).contains(later);
        assertThat(cache.find(session.key())).isEmpty();
    }

    @Test
    void isNoneOfAnotherTenant() {
        keep();

        SessionKey elsewhere = new SessionKey(new TenantId("acme"), session.key().id());

        assertThat(cache.find(elsewhere)).isEmpty();
    }

    @Test
    void oldDumpThatIsRestoredBringsNoEndedSessionBack() {
        keep();
        Map<String, byte[]> old = dump();
        revoke(1);
        await().until(() -> direct.dbSize() == 0);

        restore(old);

        assertThat(direct.dbSize()).isEqualTo(1);
        assertThat(cache.find(session.key())).isEmpty();
        assertThat(cache.overtaken()).isPositive();
    }

    @Test
    void oldDumpBringsNothingBackOnNodeThatStartedSince() {
        keep();
        Map<String, byte[]> old = dump();
        revoke(1);

        restore(old);
        Tombstones startedLater =
                new Tombstones(
                        Duration.ofHours(1),
                        1,
                        Ticker.systemTicker(),
                        Tombstones.Follows.OWN_COMMITS);

        assertThat(node(startedLater).find(session.key())).isEmpty();
    }

    @Test
    void takesNothingFromNodeThatHasHeardMore() {
        tombstones.committed(new Revocation.OfSecret(5));
        keep();

        Tombstones behind = tombstones();

        assertThat(node(behind).find(session.key())).isEmpty();
        behind.committed(new Revocation.OfSecret(5));
        assertThat(node(behind).find(session.key())).isPresent();
    }

    @Test
    void revocationsOfUserTenantAndEverythingEndCopies() {
        keep();
        assertEnds(new Revocation.OfUser(1, session.tenant(), session.user().id()));
        assertEnds(new Revocation.OfUserFacts(1, session.tenant(), session.user().id()));
        assertEnds(new Revocation.OfTenant(1, session.tenant()));
        assertEnds(new Revocation.OfEverything(1));
    }

    private void assertEnds(Revocation revocation) {
        Tombstones knows = tombstones();
        RedisSessionCache node = node(knows);
        assertThat(node.find(session.key())).isPresent();
        knows.committed(revocation);
        assertThat(node.find(session.key())).isEmpty();
    }

    @Test
    void copiesOfTheDatabasesLostFutureDoNotCount() {
        tombstones.committed(new Revocation.OfSecret(50));
        keep();

        // The database is put back to where its log had number 20, and goes on past 50 again.
        tombstones.distrust();
        tombstones.startAnew(20);
        tombstones.committed(new Revocation.OfSecret(60));

        assertThat(cache.find(session.key())).isEmpty();
        await().until(() -> database.get()[0] == 9);
        await().untilAsserted(() -> {
            assertThat(cache.find(session.key())).isEmpty();
            assertThat(cache.overtaken()).isPositive();
        });
        await().untilAsserted(() -> {
            cache.put(session, tombstones.mark());
            assertThat(cache.find(session.key())).isPresent();
        });
    }

    @Test
    void nodeThatWasOutOfTouchGoesOnSharing() {
        keep();

        tombstones.distrust();
        assertThat(cache.find(session.key())).isEmpty();
        tombstones.startAnew(0);

        await().until(() -> cache.find(session.key()).isPresent());
    }

    @Test
    void leavesToTheAuthorityWhetherAnOldCopyWasUsedSince() {
        keep();

        clock.advance(session.idle());

        assertThat(cache.find(session.key())).isEmpty();
    }

    @Test
    void keepsNoEndedSession() {
        cache.put(Given.ended(session, 1), tombstones.mark());
        cache.put(Given.session(), tombstones.mark());

        await().until(() -> direct.dbSize() > 0);
        assertThat(direct.dbSize()).isEqualTo(1);
    }
}
