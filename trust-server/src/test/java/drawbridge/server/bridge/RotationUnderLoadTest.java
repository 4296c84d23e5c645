package drawbridge.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Four back ends that still have the old secret and four that have the new one ask all the while a
 * secret is rotated and the old one retired. Every call is recorded with its beginning and its end,
 * and the record is searched for a refusal inside an overlap and for an acceptance that began after
 * a retirement was answered. {@code -Psoak} does it for a minute, verify for 20 quick rotations.
 */
class RotationUnderLoadTest {
    private static final int ROTATIONS = 20;
    private static final Duration EACH =
            Duration.ofMillis(Integer.getInteger("drawbridge.rotation.millis", 0));
    private static final int SIDE = 4;

    private record Call(int version, long began, long ended, int status) {}

    /** A version, and between which instants it had to be accepted and was refused for good. */
    private static final class Version {
        private final int number;
        private final String secret;
        private final long shown = System.nanoTime();
        private volatile long retiring = Long.MAX_VALUE;
        private volatile long retired = Long.MAX_VALUE;

        Version(int number, String secret) {
            this.number = number;
            this.secret = secret;
        }
    }

    @Test
    @Timeout(300)
    void refusesNobodyInsideTheOverlapAndAcceptsNobodyAfterRetirementWasAnswered(@TempDir Path data)
            throws InterruptedException {
        try (RunningServer server = RunningServer.start(data, Clock.systemUTC())) {
            String session = server.register("rotated@example.test");
            Answer made = server.admin("/v1/callers", "{\"name\":\"shop\"}");
            String path = "/v1/callers/" + made.json().get("caller").get("id").asString();
            List<Version> versions = new ArrayList<>();
            versions.add(new Version(1, made.text("secret")));
            Version[] sides = {versions.getFirst(), versions.getFirst()};
            Queue<Call> calls = new ConcurrentLinkedQueue<>();
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong done = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2 * SIDE; i++) {
                int side = i % 2;
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    while (!over.get()) {
                                        Version mine;
                                        synchronized (sides) {
                                            mine = sides[side];
                                        }
                                        calls.add(ask(server, session, mine));
                                        done.incrementAndGet();
                                    }
                                }));
            }

            for (int round = 0; round < ROTATIONS; round++) {
                Answer rotated = server.admin(path + "/rotate", "{\"overlap\":\"1h\"}");
                assertThat(rotated.status()).isEqualTo(200);
                Version fresh =
                        new Version(rotated.json().get("version").asInt(), rotated.text("secret"));
                versions.add(fresh);
                Version old;
                synchronized (sides) {
                    old = sides[0];
                    sides[1] = fresh; // four have the new one, four still the old one
                }
                awaitMore(done, 6 * SIDE, EACH);
                old.retiring = System.nanoTime();
                Answer retired = server.admin(path + "/secrets/" + old.number + "/retire", "{}");
                old.retired = System.nanoTime();
                assertThat(retired.status()).isEqualTo(200);
                awaitMore(done, 2 * SIDE, Duration.ZERO); // the old one is asked with once more
                synchronized (sides) {
                    sides[0] = fresh;
                }
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }

            long late = 0;
            for (Call call : calls) {
                Version version = versions.get(call.version() - 1);
                if (call.began() > version.shown && call.ended() < version.retiring) {
                    assertThat(call.status()).as("inside the overlap: %s", call).isEqualTo(200);
                } else if (call.began() > version.retired) {
                    assertThat(call.status()).as("after the answer: %s", call).isEqualTo(401);
                    late++;
                }
            }
            assertThat(late).as("calls that began after a retirement").isPositive();
            assertThat(calls).hasSizeGreaterThan(ROTATIONS * 8 * SIDE);
        }
    }

    private static Call ask(RunningServer server, String session, Version version) {
        long began = System.nanoTime();
        int status =
                server.post(
                                "/auth/bridge/validate",
                                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session),
                                "X-Bridge-Secret",
                                version.secret)
                        .status();
        return new Call(version.number, began, System.nanoTime(), status);
    }

    private static void awaitMore(AtomicLong done, long more, Duration atLeast) {
        long from = done.get();
        long start = System.nanoTime();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() ->
                        done.get() >= from + more
                                && System.nanoTime() - start >= atLeast.toNanos());
    }
}
