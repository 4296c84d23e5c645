package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestDatabase;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records every validation and every revocation of one session over HTTP, and looks for a "valid"
 * that began after a revocation was answered. {@code -Psoak} does it 1 000 times, verify 60 times.
 */
@DatabaseContract
class RevocationHistoryTest {
    private static final int ROUNDS = Integer.getInteger("drawbridge.revocations", 60);
    private static final int THREADS = 8;
    private static final Map<String, String> LONG_UNDO = Map.of("DRAWBRIDGE_SESSION_HOLD", "10m");

    /** Of several, a node that was kept from renewing its lease in time says so. */
    private static final Set<Integer> SURE =
            TestDatabase.isPostgres() ? Set.of(200, 401, 503) : Set.of(200, 401);

    private record Call(long began, long ended, int status) {}

    /** From the revocation's answer until its undo was asked for. */
    private record Refused(long from, long until) {}

    @Test
    @Timeout(600)
    void saysValidToNothingThatBeganAfterTheRevocationWasAnswered(@TempDir Path data)
            throws InterruptedException {
        try (RunningServer server = RunningServer.start(data, Clock.systemUTC(), LONG_UNDO)) {
            String session = server.register("raced@example.test");
            String ref =
                    server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
            Queue<Call> calls = new ConcurrentLinkedQueue<>();
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong done = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> validateUntil(over, server, session, calls, done)));
            }

            List<Refused> refused = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                awaitMore(done, THREADS);
                done(server, "/v1/sessions/" + ref + "/revoke");
                long answered = System.nanoTime();
                awaitMore(done, 2L * THREADS);
                long asked = System.nanoTime();
                done(server, "/v1/sessions/" + ref + "/restore");
                refused.add(new Refused(answered, asked));
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(calls).extracting(Call::status).contains(200, 401).isSubsetOf(SURE);
            for (Refused gap : refused) {
                List<Call> within =
                        calls.stream()
                                .filter(c -> c.began() > gap.from() && c.ended() < gap.until())
                                .toList();
                assertThat(within).isNotEmpty();
                assertThat(within).extracting(Call::status).doesNotContain(200);
            }
        }
    }

    private static void done(RunningServer server, String path) {
        Awaitility.await()
                .until(
                        () -> server.admin(path, "{}").status(),
                        status -> {
                            assertThat(SURE).contains(status);
                            return status == 200;
                        });
    }

    private static void awaitMore(AtomicLong done, long more) {
        long target = done.get() + more;
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> done.get() >= target);
    }

    private static void validateUntil(
            AtomicBoolean over,
            RunningServer server,
            String session,
            Queue<Call> calls,
            AtomicLong done) {
        while (!over.get()) {
            long began = System.nanoTime();
            int status = server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
            calls.add(new Call(began, System.nanoTime(), status));
            done.incrementAndGet();
        }
    }
}
