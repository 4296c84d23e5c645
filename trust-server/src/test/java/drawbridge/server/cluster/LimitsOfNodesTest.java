package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Whoever guesses passwords has no more attempts because there are two nodes, or a restart. */
@Timeout(180)
class LimitsOfNodesTest {
    /** So few that none comes back while the test lasts. */
    private static final int A_MINUTE = 1;

    private static final int CLOSED_AFTER = 5;

    @TempDir private Path folder;

    private RunningServer start(String node, FaultProxy redis) {
        return SharedNodes.start(
                folder,
                node,
                Map.of(
                        "REDIS_URL",
                        redis.redisUrl(),
                        "DRAWBRIDGE_LIMIT_AUTHENTICATION",
                        Integer.toString(A_MINUTE)));
    }

    private static int guess(RunningServer server, String email) {
        return logIn(server, email, "a guess, and a wrong one");
    }

    /** From a device that nobody knows. */
    private static int logIn(RunningServer server, String email, String password) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password))
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

    /** In the database, where Redis has no part. */
    @Test
    void accountThatGuessesClosedOnOneNodeIsClosedOnTheOtherAndAfterARestart() {
        Map<String, String> settings =
                Map.of(
                        "DRAWBRIDGE_LOCKOUT_FAILURES",
                        Integer.toString(CLOSED_AFTER),
                        "DRAWBRIDGE_LIMIT_AUTHENTICATION",
                        "1000");
        String email = "guessed@example.test";
        try (RunningServer b = SharedNodes.start(folder, "b", settings)) {
            try (RunningServer a = SharedNodes.start(folder, "a", settings)) {
                String _ = a.register(email);
                for (int i = 0; i < CLOSED_AFTER; i++) {
                    assertThat(guess(a, email)).isEqualTo(401);
                }

                assertThat(oncePaused(b, email)).isEqualTo(401);
            }
            try (RunningServer again = SharedNodes.start(folder, "a", settings)) {
                assertThat(oncePaused(again, email)).isEqualTo(401);
            }
        }
    }

    /** With the right password, when the pause after a failure is over. */
    private static int oncePaused(RunningServer server, String email) {
        AtomicInteger status = new AtomicInteger();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> {
                    status.set(logIn(server, email, RunningServer.PASSWORD));
                    return status.get() != 429;
                });
        return status.get();
    }
}
