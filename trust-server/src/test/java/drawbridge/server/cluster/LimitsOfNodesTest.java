package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Map;

/** Whoever guesses passwords has no more attempts because there are two nodes, or a restart. */
@Timeout(180)
class LimitsOfNodesTest {
    /** So few that none comes back while the test lasts. */
    private static final int A_MINUTE = 1;

    @TempDir private Path folder;

    private RunningServer start(String node, FaultProxy redis) {
        return SharedNodes.start(
                folder,
                node,
                Map.of(
                        "REDIS_URL",
                        "redis://127.0.0.1:" + redis.port(),
                        "DRAWBRIDGE_LIMIT_AUTHENTICATION",
                        Integer.toString(A_MINUTE)));
    }

    private static int guess(RunningServer server, String email) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"%s\",\"password\":\"a guess, and a wrong one\"}"
                                .formatted(email))
                .status();
    }

    /** In Redis, or in the database while Redis is away. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"PASS", "CUT"})
    void holdOverNodesAndRestarts(Mode redisIs) throws Exception {
        try (TestRedis redis = TestRedis.start();
                FaultProxy between = new FaultProxy(redis.port());
                RunningServer b = start("b", between)) {
            try (RunningServer a = start("a", between)) {
                between.set(redisIs);
                for (int i = 0; i < A_MINUTE; i++) {
                    assertThat(guess(a, "guessed-%d@example.test".formatted(i))).isEqualTo(401);
                }

                assertThat(guess(b, "another@example.test")).isEqualTo(429);
            }
            try (RunningServer again = start("a", between)) {
                assertThat(guess(again, "once-more@example.test")).isEqualTo(429);
            }
        }
    }
}
