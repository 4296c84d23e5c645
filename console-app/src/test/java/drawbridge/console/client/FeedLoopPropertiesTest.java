package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.MutableClock;
import drawbridge.console.fixture.Samples;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Whatever a server does to the stream (breaks, gaps, repeats, resets, restarts, events nobody
 * knows or can read), the listener hears gapless numbers and ends with what the server has.
 */
class FeedLoopPropertiesTest {
    private static final int TRICKS = 300;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyInterleavingGivesAConsistentSequence(long seed) {
        Counter counter = new Counter();
        TrickyServer server = new TrickyServer(new Random(seed));
        FeedLoop loop =
                new FeedLoop(
                        server,
                        counter,
                        new MutableClock(Samples.NOON),
                        new FeedPauses(RandomGenerator.of("L64X128MixRandom"), _ -> {}));
        server.close = loop::close;
        server.refresh = loop::refresh;

        loop.run();

        assertThat(counter.lost)
                .noneMatch(why -> why.isBlank() || why.contains("fault of its own"));
        assertThat(counter.count).isEqualTo(server.notices);
        assertThat(counter.last).isEqualTo(server.last);
        assertThat(counter.snapshots).isGreaterThan(1);
        assertThat(counter.events).isGreaterThan(10);
    }

    /** Counts notices: from the snapshot on, one by one. */
    private static final class Counter implements EventFeed.Listener {
        private long count;
        private long last;
        private int snapshots;
        private int events;
        private final Set<String> lost = new TreeSet<>();

        @Override
        public void snapshot(ServerSnapshot snapshot) {
            snapshots++;
            count = snapshot.liveSessions();
            last = snapshot.seq();
        }

        @Override
        public void event(ServerEvent event) {
            assertThat(event.seq()).isEqualTo(++last);
            events++;
            if (event instanceof ServerEvent.Notice) {
                count++;
            }
        }

        @Override
        public void skipped(long seq, String type) {
            assertThat(seq).isEqualTo(++last);
        }

        @Override
        public void live() {}

        @Override
        public void lost(Instant since, String why) {
            lost.add(why);
        }
    }

    /** Its state is the number of notices it ever gave out, whether they could be read or not. */
    private static final class TrickyServer implements EventSource {
        private static final int KEPT = 12;

        private final Random random;
        private final List<String> history = new ArrayList<>();
        private Runnable close = () -> {};
        private Runnable refresh = () -> {};
        private long last = 100;
        private long notices;
        private int tricks;
        private boolean isOver;

        TrickyServer(Random random) {
            this.random = random;
        }

        private boolean isCalm() {
            return tricks >= TRICKS;
        }

        private void happen() {
            last++;
            String data;
            String type = "notice";
            switch (isCalm() ? 0 : random.nextInt(12)) {
                case 0 -> {
                    type = "moon.phase";
                    data = "{}";
                }
                case 1 -> {
                    notices++;
                    data = "{\"seq\":" + last + "}";
                }
                case 2 -> {
                    type = "metrics";
                    data = Samples.json(Samples.metrics(last));
                }
                default -> {
                    notices++;
                    data = Samples.json(Samples.notice(last, "n"));
                }
            }
            history.add("id: %d\nevent: %s\ndata: %s\n\n".formatted(last, type, data));
        }

        @Override
        public ServerSnapshot snapshot() throws IOException {
            if (!isCalm() && random.nextInt(6) == 0) {
                tricks++;
                throw new IOException("no snapshot today");
            }
            ServerSnapshot plain = Samples.snapshot(last);
            return new ServerSnapshot(
                    last, plain.at(), plain.server(), notices, 0, plain.totals(), List.of());
        }

        @Override
        public Stream open(long after) {
            return new TrickyStream(after);
        }

        @Override
        public void close() {}

        private final class TrickyStream implements Stream {
            private long sent;
            private byte[] rest = new byte[0];

            TrickyStream(long after) {
                sent = after;
                if (after > last || after < last - Math.min(KEPT, history.size())) {
                    enqueue("id: %d\nevent: reset\ndata: {}\n\n".formatted(last));
                    sent = last;
                }
            }

            private void enqueue(String text) {
                byte[] more = text.getBytes(StandardCharsets.UTF_8);
                byte[] both = new byte[rest.length + more.length];
                System.arraycopy(rest, 0, both, 0, rest.length);
                System.arraycopy(more, 0, both, rest.length, more.length);
                rest = both;
            }

            private String eventAt(long number) {
                return history.get((int) (history.size() - 1 - (last - number)));
            }

            @Override
            public Optional<ByteBuffer> next(Duration patience) throws IOException {
                if (isCalm()) {
                    if (!isOver) {
                        isOver = true;
                        happen(); // a gap shows when the next event comes, as one does each second
                    }
                    if (rest.length == 0 && sent == last) {
                        close.run();
                    }
                } else {
                    tricks++;
                    for (int i = random.nextInt(4); i > 0; i--) {
                        happen();
                    }
                    switch (random.nextInt(20)) {
                        case 0 -> throw new IOException("the stream broke");
                        case 1 -> {
                            return Optional.empty();
                        }
                        case 2 -> sent = Math.min(sent + 1, last); // a gap
                        case 3 -> sent = Math.max(sent - 1, last - history.size()); // a repeat
                        case 4 -> enqueue("id: %d\nevent: reset\ndata: {}\n\n".formatted(last));
                        case 5 -> { // a restart: higher numbers, nothing kept
                            last += 1_000;
                            history.clear();
                            throw new IOException("the server restarted");
                        }
                        case 6 -> refresh.run();
                        case 7 -> enqueue(": keep-alive\n\n");
                        default -> {
                            // Nothing special.
                        }
                    }
                }
                while (sent < last && rest.length < 400) {
                    sent++;
                    if (last - sent < history.size()) {
                        enqueue(eventAt(sent));
                    }
                }
                int length = rest.length == 0 ? 0 : 1 + random.nextInt(rest.length);
                ByteBuffer piece = ByteBuffer.wrap(rest, 0, length);
                byte[] left = new byte[rest.length - length];
                System.arraycopy(rest, length, left, 0, left.length);
                rest = left;
                return Optional.of(piece);
            }

            @Override
            public void wake() {}

            @Override
            public void close() {}
        }
    }
}
