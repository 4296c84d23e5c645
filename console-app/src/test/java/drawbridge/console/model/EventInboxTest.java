package drawbridge.console.model;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.MutableClock;
import drawbridge.model.event.ServerEvent;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class EventInboxTest {
    private final List<Runnable> fx = new ArrayList<>();
    private final List<List<FeedMessage>> batches = new ArrayList<>();
    private final EventInbox inbox = new EventInbox(fx::add, new MutableClock(START), batches::add);

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
    void tellsNothingAfterItWasClosed() {
        inbox.live();
        inbox.close();

        fx.getFirst().run();

        assertThat(batches).isEmpty();
    }
}
