package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.SteadyClock;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clock is set while the server runs. A session idles out after 30 minutes. */
@Timeout(120)
final class ClockJumpTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final MutableClock wall = new MutableClock(START);
    private final AtomicLong nanos = new AtomicLong(17);
    private final SteadyClock clock = new SteadyClock(wall, nanos::get);

    private void pass(Duration time) {
        wall.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    @Test
    void showsTheWallClockWhileThatGoesOn() {
        pass(Duration.ofHours(5));

        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(5)));
    }

    @Test
    void neverShowsLessThanHasPassed() {
        pass(Duration.ofHours(5));
        wall.advance(Duration.ofHours(-1));
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(5)));

        pass(Duration.ofMinutes(10));
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofMinutes(310)));

        wall.advance(Duration.ofHours(1)); // right again
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofMinutes(310)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "P-3650D"})
    void noSessionLivesLongerWhenTheClockIsSetBack(String by, @TempDir Path data) {
        try (RunningServer server = RunningServer.start(data, clock)) {
            String used = server.register("ana@example.test");
            String idle = server.register("ben@example.test");
            wall.advance(Duration.parse(by));

            for (int minutes = 0; minutes < 40; minutes += 20) {
                pass(Duration.ofMinutes(20));
                assertThat(validate(server, used)).isEqualTo(200);
            }
            assertThat(validate(server, idle)).isEqualTo(401);
            pass(Duration.ofMinutes(30));
            assertThat(validate(server, used)).isEqualTo(401);
            assertThat(validate(server, server.register("carl@example.test"))).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P3650D"})
    void endsTooSoonAndNeverTooLateWhenTheClockIsSetForward(String by, @TempDir Path data) {
        try (RunningServer server = RunningServer.start(data, clock)) {
            String before = server.register("ana@example.test");
            wall.advance(Duration.parse(by));
            assertThat(validate(server, before)).isEqualTo(401);
            String meanwhile = server.register("ben@example.test");
            assertThat(validate(server, meanwhile)).isEqualTo(200);

            wall.advance(Duration.parse(by).negated()); // and right again

            assertThat(validate(server, meanwhile)).isEqualTo(401);
            assertThat(validate(server, server.register("carl@example.test"))).isEqualTo(200);
        }
    }

    @Test
    void knowsSessionsOfTheFutureAfterRestart(@TempDir Path data) {
        String session;
        try (RunningServer server = RunningServer.start(data, clock)) {
            session = server.register("ana@example.test");
        }
        MutableClock earlier = new MutableClock(START.minus(Duration.ofDays(3650)));
        try (RunningServer server = RunningServer.start(data, earlier)) {
            assertThat(validate(server, session)).isEqualTo(401);
        }
    }
}
