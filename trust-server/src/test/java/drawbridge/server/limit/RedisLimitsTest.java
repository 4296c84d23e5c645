package drawbridge.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.redis.RedisLimits;
import drawbridge.server.redis.RedisLink;
import drawbridge.server.redis.RedisSettings;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import redis.clients.jedis.RedisClient;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

@Timeout(120)
class RedisLimitsTest extends SharedLimitsContract {
    private static final byte[] BUCKET = "bucket".getBytes(StandardCharsets.US_ASCII);

    private TestRedis redis;
    private RedisLink link;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        link =
                new RedisLink(
                        new RedisSettings(URI.create(redis.url()), Duration.ofSeconds(20), 64),
                        (state, why) -> {});
    }

    @AfterEach
    void stop() {
        link.close();
        redis.close();
    }

    @Override
    SharedLimits node() {
        return new RedisLimits(link);
    }

    @Override
    boolean pass(Duration time) {
        return false; // Redis has a clock of its own
    }

    @ParameterizedTest
    @ValueSource(strings = {"forged", "99999999999999999", "-7", "nan", "inf"})
    void valueNoBucketCouldHaveCountsAsFullOne(String value) {
        try (RedisClient direct = RedisClient.create("127.0.0.1", redis.port())) {
            direct.set("drawbridge:limit:bucket", value);
        }

        assertThat(node().take(List.of(BUCKET), 10)).contains(Duration.ZERO);
        for (int i = 0; i < 9; i++) {
            assertThat(node().take(List.of(BUCKET), 10)).contains(Duration.ZERO);
        }
        assertThat(node().take(List.of(BUCKET), 10).orElseThrow()).isPositive();
    }

    @Test
    void valueOfAnotherKindCountsAsFullBucket() {
        try (RedisClient direct = RedisClient.create("127.0.0.1", redis.port())) {
            direct.lpush("drawbridge:limit:bucket", "forged");
        }

        assertThat(node().take(List.of(BUCKET), 10)).contains(Duration.ZERO);
    }

    @Test
    void nobodyCanSayWhileRedisIsAway() {
        redis.close();

        assertThat(node().take(List.of(BUCKET), 10)).isEmpty();
    }
}
