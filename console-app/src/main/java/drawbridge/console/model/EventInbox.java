package drawbridge.console.model;

import drawbridge.console.client.EventFeed;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Hands what the feed reads to the model. However fast it comes, at most one FX task is waiting.
 * Offered to by the feed's thread, drained on the model's.
 */
final class EventInbox implements EventFeed.Listener {
    static final int CAPACITY = 20_000;

    /** So many are applied in one task; ten of them a second carry several times the load. */
    static final int MOST_AT_ONCE = 1_000;

    /** A drain that has not come by then got lost, as when there was no memory for it. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(5);

    private final BlockingQueue<FeedMessage> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicBoolean drainDue = new AtomicBoolean();
    private final AtomicBoolean open = new AtomicBoolean();
    private final Executor fx;
    private final Clock clock;
    private final Consumer<List<FeedMessage>> model;

    private volatile Instant drainAsked = Instant.MIN;
    private volatile @Nullable Instant lastHeard;
    private volatile boolean closed;

    /**
     * An inbox for one feed.
     *
     * @param fx runs the drain on the model's thread, soon and no more often than the screen needs
     */
    EventInbox(Executor fx, Clock clock, Consumer<List<FeedMessage>> model) {
        this.fx = fx;
        this.clock = clock;
        this.model = model;
    }

    /** When the server was last heard of; null before that. */
    @Nullable Instant lastHeard() {
        return lastHeard;
    }

    @Override
    public void snapshot(ServerSnapshot snapshot) {
        heard();
        offer(new FeedMessage.Began(snapshot));
    }

    @Override
    public void event(ServerEvent event) {
        heard();
        offer(new FeedMessage.Happened(event));
    }

    @Override
    public void live() {
        heard();
    }

    @Override
    public void lost(Instant since, String why) {
        open.set(false);
        offer(new FeedMessage.Broke(since, why));
    }

    /** What is still waiting, and whatever comes, is dropped. */
    void close() {
        closed = true;
        waiting.clear();
    }

    private void heard() {
        lastHeard = clock.instant();
        if (open.compareAndSet(false, true)) {
            offer(new FeedMessage.Opened());
        }
    }

    private void offer(FeedMessage message) {
        boolean kept = waiting.offer(message);
        if (!kept && !(message instanceof FeedMessage.Happened)) {
            waiting.clear(); // a turn of the stream must arrive; the model sees the gap in seq
            waiting.add(message);
        }
        Instant now = clock.instant();
        if (drainDue.compareAndSet(false, true) || drainAsked.isBefore(now.minus(LOST_AFTER))) {
            drainAsked = now;
            askForDrain();
        }
    }

    private void askForDrain() {
        try {
            fx.execute(this::drain);
        } catch (Throwable e) {
            drainDue.set(false); // else nobody would ask again
            throw e;
        }
    }

    private void drain() {
        drainDue.set(false); // before taking: what is offered from here on gets a drain of its own
        List<FeedMessage> batch = new ArrayList<>();
        waiting.drainTo(batch, MOST_AT_ONCE); // a flood cannot hold the FX thread
        if (!closed && !batch.isEmpty()) {
            model.accept(batch);
        }
        if (!waiting.isEmpty() && drainDue.compareAndSet(false, true)) {
            drainAsked = clock.instant();
            askForDrain();
        }
    }
}
