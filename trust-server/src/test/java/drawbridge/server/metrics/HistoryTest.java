package drawbridge.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionSource;
import drawbridge.model.view.MinuteFigures;
import drawbridge.server.Platform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

class HistoryTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Meters.Gauges GAUGES =
            new Meters.Gauges() {
                @Override
                public long liveSessions() {
                    return 7;
                }

                @Override
                public int hashQueue() {
                    return 0;
                }
            };

    @TempDir Path folder = Path.of("");

    private Path file() {
        return folder.resolve("history.jsonl");
    }

    private MinuteFile open(Meters meters, Instant now) {
        return MinuteFile.open(file(), Platform.current(), meters.day(), now);
    }

    private static void minute(Meters meters, Instant begin, int seconds) {
        for (int i = 1; i <= seconds; i++) {
            meters.trusted(0);
            meters.served(SessionSource.MEMORY);
            meters.took(TimeUnit.MICROSECONDS.toNanos(i));
            meters.tick(begin.plusSeconds(i), GAUGES);
        }
    }

    @Test
    void sumsTheSecondsOfAMinute() {
        Meters meters = new Meters();
        meters.refused("signal_differs");
        meters.revoked(1_200);
        meters.revoked(900);
        minute(meters, NOON, 61);

        List<MinuteFigures> minutes = meters.day().since(NOON.minusSeconds(60));

        assertThat(minutes).hasSize(1);
        MinuteFigures first = minutes.getFirst();
        assertThat(first.at()).isEqualTo(NOON.plusSeconds(60));
        assertThat(first.seconds()).isEqualTo(60);
        assertThat(first.validations()).isEqualTo(61);
        assertThat(first.trusted()).isEqualTo(60);
        assertThat(first.refused()).containsEntry("signal_differs", 1L);
        assertThat(first.bySource()).containsEntry("memory", 60L);
        assertThat(first.p50Micros()).isBetween(29L, 31L);
        assertThat(first.p99Micros()).isBetween(59L, 61L);
        assertThat(first.revocations()).isEqualTo(2);
        assertThat(first.slowestRevocationMicros()).isEqualTo(1_200);
        assertThat(first.liveSessions()).isEqualTo(7);
    }

    @Test
    void aMinuteWithoutSecondsIsAbsent() {
        Meters meters = new Meters();
        minute(meters, NOON, 60);
        minute(meters, NOON.plusSeconds(180), 61);

        assertThat(meters.day().since(Instant.MIN))
                .extracting(MinuteFigures::at)
                .containsExactly(NOON.plusSeconds(60), NOON.plusSeconds(240));
    }

    @Test
    void keepsADayAndNoMore() {
        Meters meters = new Meters();
        for (int i = 1; i <= DayOfMinutes.MOST_MINUTES + 30; i++) {
            meters.tick(NOON.plus(Duration.ofMinutes(i)), GAUGES);
        }

        assertThat(meters.day().since(Instant.MIN))
                .hasSize(DayOfMinutes.MOST_MINUTES)
                .last()
                .extracting(MinuteFigures::at)
                .isEqualTo(NOON.plus(Duration.ofMinutes(DayOfMinutes.MOST_MINUTES + 29L)));
    }

    @Test
    void aRestartLosesNothingAndJoinsTheMinuteItCut() {
        Meters before = new Meters();
        MinuteFile first = open(before, NOON);
        minute(before, NOON, 90);
        first.writeDown();
        first.close();

        Meters after = new Meters();
        Instant again = NOON.plusSeconds(100);
        MinuteFile second = open(after, again);
        minute(after, again, 21);
        second.writeDown();

        assertThat(after.day().since(Instant.MIN))
                .extracting(MinuteFigures::at, MinuteFigures::seconds)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(NOON.plusSeconds(60), 60),
                        org.assertj.core.groups.Tuple.tuple(NOON.plusSeconds(120), 50));
    }

    @Test
    void whatIsOlderThanADayIsNotReadAgain() {
        Meters before = new Meters();
        MinuteFile first = open(before, NOON);
        minute(before, NOON, 120);
        first.close();

        Meters after = new Meters();
        open(after, NOON.plus(Duration.ofDays(1)).plusSeconds(60));

        assertThat(after.day().since(Instant.MIN)).hasSize(1);
    }

    @Test
    void halfALineOfACrashCostsThatLineOnly() throws IOException {
        Meters before = new Meters();
        MinuteFile first = open(before, NOON);
        minute(before, NOON, 121);
        first.writeDown();
        Files.writeString(file(), "{\"at\":\"2026-11-22T12:0", StandardOpenOption.APPEND);

        Meters after = new Meters();
        MinuteFile second = open(after, NOON.plusSeconds(180));
        assertThat(after.day().since(Instant.MIN)).hasSize(2);
        minute(after, NOON.plusSeconds(180), 61);
        second.writeDown();

        Meters third = new Meters();
        open(third, NOON.plusSeconds(300));
        assertThat(third.day().since(Instant.MIN)).hasSize(3);
    }

    @Test
    void theFileStaysSmall() throws IOException {
        Meters meters = new Meters();
        MinuteFile written = open(meters, NOON);
        for (int i = 1; i <= 3 * DayOfMinutes.MOST_MINUTES; i++) {
            meters.tick(NOON.plus(Duration.ofMinutes(i)), GAUGES);
            written.writeDown();
        }

        assertThat(Files.readAllLines(file()))
                .hasSizeLessThanOrEqualTo(2 * DayOfMinutes.MOST_MINUTES + 1);
    }

    @Test
    void aFolderThatCannotBeWrittenCostsNothingElse() throws IOException {
        Meters meters = new Meters();
        MinuteFile written = open(meters, NOON);
        Files.createDirectory(file());
        minute(meters, NOON, 61);
        written.writeDown();
        assertThat(meters.day().since(Instant.MIN)).hasSize(1);

        Files.delete(file());
        minute(meters, NOON.plusSeconds(61), 60);
        written.writeDown();

        Meters after = new Meters();
        open(after, NOON.plusSeconds(200));
        assertThat(after.day().since(Instant.MIN)).hasSize(2);
    }
}
