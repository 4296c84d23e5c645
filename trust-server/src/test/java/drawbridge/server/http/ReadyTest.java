package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.model.SessionSource;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a balancer is told while memory is filled at the start. */
@Timeout(120)
class ReadyTest {
    @TempDir private Path data;

    /** Lets whoever fills memory know what time it is only when the test says so. */
    private static final class HeldAtWarming extends Clock {
        private final Clock wall = Clock.systemUTC();
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public ZoneId getZone() {
            return wall.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            if (Thread.currentThread().getName().equals("pre-warming")) {
                awaitRelease();
            }
            return wall.instant();
        }

        private void awaitRelease() {
            try {
                boolean _ = released.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void release() {
            released.countDown();
        }
    }

    private static Answer validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    @Test
    void isNotReadyBeforeMemoryIsFilledAndAnswersNevertheless() {
        String hot;
        String asked;
        try (RunningServer before = RunningServer.start(data, Clock.systemUTC())) {
            hot = before.register("ana@example.test");
            asked = before.register("ben@example.test");
        }
        HeldAtWarming clock = new HeldAtWarming();
        try (RunningServer server =
                RunningServer.start(data, clock, Map.of("DRAWBRIDGE_MEMORY_WARMING", "10m"))) {
            Answer early = server.get("/ready");
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.json().get("ready").asBoolean()).isFalse();
            assertThat(early.text("error"))
                    .startsWith("memory is being filled: 0 sessions of at most");
            assertThat(server.get("/health").status()).isEqualTo(200);
            Answer cold = validate(server, asked);
            assertThat(cold.status()).isEqualTo(200);
            assertThat(cold.text("cacheSource")).isEqualTo(SessionSource.DATABASE.cacheSource());

            clock.release();
            await().until(() -> {
                assertThat(server.get("/health").status()).isEqualTo(200);
                return server.get("/ready").status() == 200;
            });

            assertThat(server.get("/ready").json().get("ready").asBoolean()).isTrue();
            Answer warm = validate(server, hot);
            assertThat(warm.status()).isEqualTo(200);
            assertThat(warm.text("cacheSource")).isEqualTo(SessionSource.MEMORY.cacheSource());
        }
    }
}
