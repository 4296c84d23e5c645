package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.model.SessionSource;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/**
 * Two servers on one PostgreSQL, each with a Redis of its own: what one of them does never reaches
 * the copies of the other. Memory forgets after a second here.
 */
@Timeout(180)
class RedisOfEachNodeTest {
    @TempDir private Path folder;

    private RunningServer start(String node, TestRedis redis) {
        return SharedNodes.start(
                folder,
                node,
                Map.of(
                        "REDIS_URL",
                        redis.url(),
                        "DRAWBRIDGE_REDIS_TIMEOUT",
                        "1s",
                        "DRAWBRIDGE_MEMORY_AGE",
                        "1s"));
    }

    private static Answer validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    private static void awaitServedByRedis(RunningServer server, String session) {
        await().until(() -> {
            Answer answer = validate(server, session);
            assertThat(answer.status()).isEqualTo(200);
            return answer.text("cacheSource").equals(SessionSource.REDIS.cacheSource());
        });
    }

    @Test
    void copyOfOneNodeBringsNothingBackThatTheOtherEnded() {
        try (TestRedis ofA = TestRedis.start();
                TestRedis ofB = TestRedis.start();
                RunningServer a = start("a", ofA);
                RunningServer b = start("b", ofB)) {
            String session = a.register("ana@example.test");
            awaitServedByRedis(a, session);
            awaitServedByRedis(b, session);
            assertThat(b.metric("drawbridge_redis_overtaken_total")).isZero();
            String ref = a.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();

            assertThat(a.admin("/v1/sessions/" + ref + "/revoke", "{}").status()).isEqualTo(200);

            await().until(() -> {
                assertThat(validate(b, session).status()).isEqualTo(401);
                assertThat(validate(a, session).status()).isEqualTo(401);
                return b.metric("drawbridge_redis_overtaken_total") > 0;
            });
        }
    }

    @Test
    void whoLogsInOnOneNodeIsKnownToTheOther() {
        try (TestRedis ofA = TestRedis.start();
                TestRedis ofB = TestRedis.start();
                RunningServer a = start("a", ofA);
                RunningServer b = start("b", ofB)) {
            String session = a.register("ana@example.test");

            assertThat(validate(b, session).status()).isEqualTo(200);
            awaitServedByRedis(b, session);
            assertThat(validate(a, session).status()).isEqualTo(200);
        }
    }
}
