package drawbridge.console.model;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.console.fake.MutableClock;
import drawbridge.model.event.ServerEvent;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

class EventInboxTest {
    private final List<Runnable> fx = new ArrayList<>();
    private final List<List<FeedMessage>> batches = new ArrayList<>();
    private final MutableClock clock = new MutableClock(START);
    private final EventInbox inbox = new EventInbox(fx::add, clock, batches::add);

    @Test
    void hasAtMostOneTaskWaitingHoweverMuchComes() {
        for (int i = 0; i < 500; i++) {
            inbox.event(new ServerEvent.Reset(i, START));
        }

        assertThat(fx).hasSize(1);
        fx.getFirst().run();
        assertThat(batches).hasSize(1);
        assertThat(batches.getFirst()).hasSize(501); // the stream opened, too
    }

    @Test
    void dropsEventsBeyondItsBoundButNeverATurnOfTheStream() {
        for (int i = 0; i < EventInbox.CAPACITY + 10; i++) {
            inbox.event(new ServerEvent.Reset(i, START));
        }
        inbox.lost(START, "reset");

        fx.getFirst().run();

        assertThat(batches.getFirst()).containsExactly(new FeedMessage.Broke(START, "reset"));
    }

    @Test
    void asksAgainWhenADrainCouldNotBeAskedFor() {
        List<Runnable> asked = new ArrayList<>();
        Deque<Error> faults = new ArrayDeque<>(List.of(new OutOfMemoryError()));
        EventInbox unlucky =
                new EventInbox(
                        task -> {
                            Error now = faults.poll();
                            if (now != null) {
                                throw now;
                            }
                            asked.add(task);
                        },
                        clock,
                        batches::add);

        assertThatThrownBy(unlucky::live).isInstanceOf(OutOfMemoryError.class);
        unlucky.event(new ServerEvent.Reset(1, START));

        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainWhenADrainGotLost() {
        inbox.live();
        clock.advance(Duration.ofSeconds(4));
        inbox.event(new ServerEvent.Reset(1, START));
        assertThat(fx).hasSize(1);

        clock.advance(Duration.ofSeconds(2));
        inbox.event(new ServerEvent.Reset(2, START));

        assertThat(fx).hasSize(2);
        fx.getLast().run();
        assertThat(batches.getFirst()).hasSize(3);
    }

    @Test
    void tellsNothingAfterItWasClosed() {
        inbox.live();
        inbox.close();

        fx.getFirst().run();

        assertThat(batches).isEmpty();
    }
}
