package drawbridge.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.TestIdentity;
import drawbridge.server.support.TestRedis;
import drawbridge.server.support.TlsProxy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A real Redis behind TLS: asked only when it is who it should be. */
class RedisTlsTest {
    @TempDir private Path folder;
    private TestRedis redis;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private TestIdentity identity(String name) throws Exception {
        TestIdentity made = TestIdentity.of(name, "EC", 256);
        made.write(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        return made;
    }

    private RedisLink link(TlsProxy proxy, String host, Optional<Path> authorities) {
        return new RedisLink(
                new RedisSettings(
                        URI.create("rediss://%s:%d".formatted(host, proxy.port())),
                        Duration.ofSeconds(5),
                        4,
                        authorities),
                (state, why) -> {});
    }

    private static boolean answers(RedisLink link) {
        return link.ask(asked -> asked.ping()).isPresent();
    }

    @Test
    void isAskedWhenAnAuthorityOfTheSettingsVouchesForIt() throws Exception {
        Optional<Path> authorities = Optional.of(folder.resolve("localhost.pem"));
        try (TlsProxy proxy = new TlsProxy(identity("localhost"), redis.port());
                RedisLink link = link(proxy, "localhost", authorities)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> answers(link));
        }
    }

    @Test
    void isNotAskedWhenNobodyKnownVouchesForIt() throws Exception {
        try (TlsProxy proxy = new TlsProxy(identity("localhost"), redis.port());
                RedisLink link = link(proxy, "localhost", Optional.empty())) {
            assertThat(answers(link)).isFalse();
            assertThat(link.failures()).isPositive();
        }
    }

    @Test
    void isNotAskedUnderAnotherName() throws Exception {
        Optional<Path> authorities = Optional.of(folder.resolve("elsewhere.pem"));
        try (TlsProxy proxy = new TlsProxy(identity("elsewhere"), redis.port());
                RedisLink link = link(proxy, "localhost", authorities)) {
            assertThat(answers(link)).isFalse();
            assertThat(link.failures()).isPositive();
        }
    }
}
