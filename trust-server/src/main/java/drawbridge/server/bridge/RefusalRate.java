package drawbridge.server.bridge;

import drawbridge.server.event.EventHub;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Sends at most so many refusals a second as events and counts the rest. Safe for many threads. */
final class RefusalRate {
    private static final int EACH_SECOND = 50;

    private final EventHub events;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger sent = new AtomicInteger();
    private final LongAdder omitted = new LongAdder();

    RefusalRate(EventHub events) {
        this.events = events;
    }

    void publish(Instant now, EventHub.Numbered event) {
        long current = now.getEpochSecond();
        long known = second.get();
        if (known != current && second.compareAndSet(known, current)) {
            sent.set(0);
        }
        if (sent.incrementAndGet() > EACH_SECOND) {
            omitted.increment();
        } else {
            events.publish(event);
        }
    }

    long takeOmitted() {
        return omitted.sumThenReset();
    }
}
