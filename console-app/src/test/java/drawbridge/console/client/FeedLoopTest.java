package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.MutableClock;
import drawbridge.console.fixture.Samples;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Drives the loop on the test's own thread through a script; the script's end closes the loop. */
class FeedLoopTest {
    private final MutableClock clock = new MutableClock(Samples.NOON);
    private final RecordingListener listener = new RecordingListener();
    private final Script script = new Script();
    private final List<Duration> slept = new ArrayList<>();
    private final FeedPauses pauses = new FeedPauses(RandomGenerator.getDefault(), slept::add);
    private final FeedLoop loop = new FeedLoop(script, listener, clock, pauses);

    /** One thing the server does: it answers a snapshot, opens the stream, sends or breaks. */
    private interface Step {}

    private record Snapshot(long seq) implements Step {}

    private record SnapshotFails(String why) implements Step {}

    private record Opens(long after) implements Step {}

    private record Sends(String text) implements Step {}

    private record Breaks(String why) implements Step {}

    private record Ends() implements Step {}

    private record Wakes(Runnable meanwhile) implements Step {}

    private final class Script implements EventSource {
        private final Deque<Step> steps = new ArrayDeque<>();
        private @Nullable AssertionError wrong;

        <T extends Step> T next(Class<T> expected) {
            Step step = steps.poll();
            if (!expected.isInstance(step)) {
                throw wrong("asked for " + expected + ", scripted was " + step);
            }
            return expected.cast(step);
        }

        /** The loop takes whatever is thrown for a fault and goes on; here it ends. */
        AssertionError wrong(String what) {
            AssertionError error = new AssertionError(what);
            wrong = error;
            loop.close();
            return error;
        }

        @Override
        public ServerSnapshot snapshot() throws IOException {
            if (steps.peek() instanceof SnapshotFails(String why)) {
                steps.remove();
                throw new IOException(why);
            }
            return Samples.snapshot(next(Snapshot.class).seq());
        }

        @Override
        public Stream open(long after) {
            long scripted = next(Opens.class).after();
            if (after != scripted) {
                throw wrong("opened after " + after + ", scripted was " + scripted);
            }
            return new Stream() {
                @Override
                public Optional<ByteBuffer> next(Duration patience) throws IOException {
                    if (!patience.equals(Duration.ofSeconds(4))) {
                        throw wrong("waits for " + patience);
                    }
                    clock.advance(Duration.ofSeconds(1));
                    return switch (steps.poll()) {
                        case Sends(String text) ->
                                Optional.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                        case Breaks(String why) -> throw new IOException(why);
                        case Ends() -> Optional.empty();
                        case Wakes(Runnable meanwhile) -> {
                            meanwhile.run();
                            yield Optional.of(ByteBuffer.allocate(0));
                        }
                        case null -> {
                            loop.close();
                            yield Optional.of(ByteBuffer.allocate(0));
                        }
                        default -> throw wrong("the stream was left too late");
                    };
                }

                @Override
                public void wake() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }

    private static String sse(ServerEvent event) {
        return "id: %d%nevent: %s%ndata: %s%n%n"
                .formatted(event.seq(), event.type(), Samples.json(event));
    }

    private List<String> run(Step... steps) {
        script.steps.addAll(Arrays.asList(steps));
        loop.run();
        assertThat(script.wrong).isNull();
        assertThat(script.steps).isEmpty();
        return listener.heard;
    }

    @Test
    void tellsTheSnapshotThenTheEventsBehindIt() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends(sse(Samples.metrics(11)) + sse(Samples.notice(12, "x"))));

        assertThat(heard).containsExactly("snapshot 10", "live", "metrics 11", "notice 12", "live");
        assertThat(slept).isEmpty();
    }

    @Test
    void resumesFromTheLastNumberAfterABreak() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends(sse(Samples.metrics(11))),
                        new Breaks("cable pulled"),
                        new Opens(11),
                        new Sends(sse(Samples.metrics(12))));

        assertThat(heard)
                .containsExactly(
                        "snapshot 10",
                        "live",
                        "metrics 11",
                        "live",
                        "lost since 2026-03-01T12:00:01Z: cable pulled",
                        "live",
                        "metrics 12",
                        "live");
    }

    @Test
    void readsTheSnapshotAgainWhenANumberIsMissing() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends(sse(Samples.metrics(11)) + sse(Samples.metrics(13))),
                        new Snapshot(13),
                        new Opens(13),
                        new Sends(sse(Samples.metrics(14))));

        assertThat(heard)
                .containsExactly(
                        "snapshot 10",
                        "live",
                        "metrics 11",
                        "snapshot 13",
                        "live",
                        "metrics 14",
                        "live");
        assertThat(slept).as("nothing was lost, so nothing waits").isEmpty();
    }

    @Test
    void readsTheSnapshotAgainWhenANumberIsOlder() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends(sse(Samples.metrics(11)) + sse(Samples.metrics(2))),
                        new Snapshot(2),
                        new Opens(2));

        assertThat(heard)
                .containsExactly("snapshot 10", "live", "metrics 11", "snapshot 2", "live");
    }

    @Test
    void readsTheSnapshotAgainAfterAReset() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends(sse(new ServerEvent.Reset(900, Samples.NOON))),
                        new Snapshot(900),
                        new Opens(900));

        assertThat(heard).containsExactly("snapshot 10", "live", "snapshot 900", "live");
        assertThat(slept).hasSize(1);
    }

    @Test
    void countsEventsOfUnknownTypes() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends("id: 11\nevent: moon.phase\ndata: {\"is\":\"full\"}\n\n"),
                        new Sends(sse(Samples.metrics(12))));

        assertThat(heard)
                .containsExactly("snapshot 10", "live", "skipped 11", "live", "metrics 12", "live");
    }

    @Test
    void readsTheSnapshotAgainWhenAnEventCannotBeRead() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends("id: 11\nevent: metrics\ndata: {\"seq\":11}\n\n"),
                        new Snapshot(11),
                        new Opens(11),
                        new Sends("event: metrics\ndata: {}\n\n"),
                        new Snapshot(12),
                        new Opens(12),
                        new Sends(sse(Samples.metrics(13)).replaceFirst("13", "12")),
                        new Snapshot(13),
                        new Opens(13));

        assertThat(heard)
                .filteredOn(line -> !line.equals("live"))
                .containsExactly("snapshot 10", "snapshot 11", "snapshot 12", "snapshot 13");
        assertThat(slept).as("a server that keeps doing it is not asked in a loop").hasSize(3);
    }

    @Test
    void saysOnceWhyItIsLostAndWaitsLongerEachTime() {
        List<String> heard =
                run(
                        new SnapshotFails("nobody there"),
                        new SnapshotFails("nobody there"),
                        new SnapshotFails("wrong token"),
                        new Snapshot(1),
                        new Opens(1),
                        new Ends(),
                        new Opens(1));

        assertThat(heard)
                .containsExactly(
                        "lost since 2026-03-01T12:00:00Z: nobody there",
                        "lost since 2026-03-01T12:00:00Z: wrong token",
                        "snapshot 1",
                        "live",
                        "lost since 2026-03-01T12:00:00Z: The server closed the stream of events.",
                        "live");
        assertThat(slept).hasSize(4).isSorted();
    }

    @Test
    void saysLiveAtMostFourTimesASecond() {
        List<Step> steps = new ArrayList<>(List.of(new Snapshot(0), new Opens(0)));
        for (int i = 1; i <= 8; i++) {
            // Each step takes a second by the clock; this turns it back to an eighth.
            steps.add(new Wakes(() -> clock.advance(Duration.ofMillis(-1_875))));
            steps.add(new Sends(sse(Samples.metrics(i))));
        }

        List<String> heard = run(steps.toArray(Step[]::new));

        assertThat(heard.stream().filter("live"::equals)).hasSize(5);
    }

    @Test
    void readsTheSnapshotAgainWhenAsked() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Wakes(loop::refresh),
                        new Snapshot(12),
                        new Opens(12));

        assertThat(heard).containsExactly("snapshot 10", "live", "snapshot 12", "live");
    }

    @Test
    void breaksOffAnEventThatIsTooLarge() {
        List<String> heard =
                run(
                        new Snapshot(10),
                        new Opens(10),
                        new Sends("data: " + "x".repeat(FeedLoop.LARGEST_EVENT)),
                        new Opens(10));

        assertThat(heard)
                .contains("lost since 2026-03-01T12:00:00Z: an event has more than 1048576 bytes");
    }

    @Test
    void saysNothingMoreOnceClosed() {
        List<String> heard = run(new Snapshot(10), new Opens(10), new Wakes(loop::close));

        assertThat(heard).containsExactly("snapshot 10", "live");
    }

    @Test
    void beginsAnewAfterAFaultInTheListener() {
        EventFeed.Listener faulty =
                new EventFeed.Listener() {
                    @Override
                    public void snapshot(ServerSnapshot snapshot) {
                        listener.snapshot(snapshot);
                    }

                    @Override
                    public void event(ServerEvent event) {
                        throw new IllegalStateException("a fault of the listener");
                    }

                    @Override
                    public void live() {}

                    @Override
                    public void lost(java.time.Instant since, String why) {}
                };
        FeedLoop[] faultyLoop = new FeedLoop[1];
        script.steps.addAll(
                List.of(
                        new Snapshot(1),
                        new Opens(1),
                        new Sends(sse(Samples.metrics(2))),
                        new Snapshot(2),
                        new Opens(2),
                        new Wakes(() -> faultyLoop[0].close())));
        faultyLoop[0] = new FeedLoop(script, faulty, clock, pauses);

        faultyLoop[0].run();

        assertThat(listener.heard).containsExactly("snapshot 1", "snapshot 2");
    }

    @Test
    void saysThatThereWasNoMemoryAndBeginsAnew() {
        listener.fault = new OutOfMemoryError("Java heap space");

        List<String> heard =
                run(
                        new Snapshot(1),
                        new Opens(1),
                        new Sends(sse(Samples.metrics(2))),
                        new Snapshot(2),
                        new Opens(2),
                        new Sends(sse(Samples.metrics(3))));

        assertThat(heard)
                .containsExactly(
                        "snapshot 1",
                        "live",
                        "lost since 2026-03-01T12:00:00Z: The console ran out of memory. It reads"
                                + " everything again; restart it if this happens again.",
                        "snapshot 2",
                        "live",
                        "metrics 3",
                        "live");
        assertThat(slept).hasSize(1);
    }

    /** When there is no memory there may be none to say so, or to wait with. */
    @Test
    void goesOnThoughItCannotEvenSaySo() {
        listener.fault = new OutOfMemoryError("Java heap space");
        listener.faultInLost = new OutOfMemoryError("Java heap space");
        FeedPauses none =
                new FeedPauses(
                        RandomGenerator.getDefault(),
                        _ -> {
                            throw new OutOfMemoryError("Java heap space");
                        });
        FeedLoop[] without = new FeedLoop[1];
        script.steps.addAll(
                List.of(
                        new Snapshot(1),
                        new Opens(1),
                        new Sends(sse(Samples.metrics(2))),
                        new Snapshot(2),
                        new Opens(2),
                        new Wakes(() -> without[0].close())));
        without[0] = new FeedLoop(script, listener, clock, none);

        without[0].run();

        assertThat(script.wrong).isNull();
        assertThat(listener.heard).containsExactly("snapshot 1", "live", "snapshot 2", "live");
    }

    @Test
    void pausesGrowFromAQuarterSecondToFiveSeconds() {
        assertThat(FeedPauses.pause(1, 0)).isEqualTo(Duration.ofMillis(250));
        assertThat(FeedPauses.pause(1, 1))
                .isBetween(Duration.ofMillis(312), Duration.ofMillis(313));
        assertThat(FeedPauses.pause(2, 0.5)).isEqualTo(Duration.ofMillis(500));
        assertThat(FeedPauses.pause(5, 0.5)).isEqualTo(Duration.ofSeconds(4));
        assertThat(FeedPauses.pause(6, 0)).isEqualTo(Duration.ofMillis(3_750));
        assertThat(FeedPauses.pause(1_000_000, 1)).isEqualTo(Duration.ofSeconds(5));
    }
}
