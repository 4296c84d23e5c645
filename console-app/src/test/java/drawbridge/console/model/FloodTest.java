package drawbridge.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fixture.Samples;
import drawbridge.model.event.ServerEvent;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;

/** What keeps a flood of events from holding the FX thread. */
class FloodTest {
    @Test
    void theInboxIsDrainedInPiecesAndInOrder() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        List<Integer> sizes = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        EventInbox inbox =
                new EventInbox(
                        tasks::add,
                        Clock.fixed(Samples.NOON, ZoneOffset.UTC),
                        batch -> {
                            sizes.add(batch.size());
                            batch.forEach(message -> {
                                if (message instanceof FeedMessage.Happened(ServerEvent event)) {
                                    numbers.add(event.seq());
                                }
                            });
                        });
        int flood = 2 * EventInbox.MOST_AT_ONCE + 7;

        for (long seq = 1; seq <= flood; seq++) {
            inbox.event(Samples.metrics(seq));
        }
        while (!tasks.isEmpty()) {
            assertThat(tasks).hasSize(1);
            tasks.remove().run();
        }

        assertThat(sizes).allMatch(size -> size <= EventInbox.MOST_AT_ONCE);
        assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, flood).boxed().toList());
    }

    @Test
    void aBatchOfManyHappeningsKeepsTheNewest() {
        Happenings happenings = new Happenings();
        List<ServerEvent> refusals =
                LongStream.rangeClosed(1, 20_000).mapToObj(FloodTest::refusal).toList();

        happenings.apply(refusals, _ -> null);

        assertThat(happenings.list()).hasSize(Happenings.MOST);
        assertThat(happenings.list().getFirst().email()).isEqualTo("user20000@example.test");
        assertThat(happenings.list().getLast().email())
                .isEqualTo("user%d@example.test".formatted(20_001 - Happenings.MOST));
    }

    private static ServerEvent refusal(long number) {
        return new ServerEvent.SessionRefused(
                number,
                Samples.NOON,
                "r" + number,
                "u" + number,
                "user" + number + "@example.test",
                "default",
                "default",
                "signal_differs",
                "ip",
                "GET /orders",
                "STANDARD",
                "192.0.2.1",
                "rq" + number);
    }
}
