package drawbridge.server.event;

import drawbridge.model.event.ServerEvent;
import drawbridge.server.storage.Times;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers events in the order they come and keeps the last ones for those who follow. Publishing
 * never waits for a follower; a follower that falls behind what is kept is told to start again.
 * Safe for many threads.
 */
public final class EventHub {
    /** Makes an event that carries its number. */
    @FunctionalInterface
    public interface Numbered {
        ServerEvent with(long seq, Instant at);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final @Nullable ServerEvent[] ring;
    private final long first;
    private final Clock clock;
    private long last;
    private boolean closed;

    /**
     * @param kept how many events are kept
     * @param clock gives the events' times; the numbers of a later run start above those of an
     *     earlier one as long as it does not go backwards
     */
    public EventHub(int kept, Clock clock) {
        this.ring = new ServerEvent[kept];
        this.clock = clock;
        this.first = Times.micros(clock.instant());
        this.last = first;
    }

    /** Numbers and keeps an event, and wakes the followers. */
    public void publish(Numbered event) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            last++;
            ring[(int) (last % ring.length)] = event.with(last, clock.instant());
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The number of the last event, or the number before the first one. */
    public long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The events after a number, oldest first, at most {@code most}; waits up to {@code patience}
     * for the first.
     *
     * @param after the last number the follower has
     * @return empty when none came in time; one {@link ServerEvent.Reset} when those after that
     *     number are not kept
     * @throws InterruptedException when the thread is interrupted
     */
    public List<ServerEvent> after(long after, int most, Duration patience)
            throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (last == after && !closed && nanos > 0) {
                nanos = news.awaitNanos(nanos);
            }
            long oldest = Math.max(first + 1, last - ring.length + 1);
            if (after > last || after + 1 < oldest) {
                return List.of(new ServerEvent.Reset(last, clock.instant()));
            }
            List<ServerEvent> events = new ArrayList<>();
            for (long seq = after + 1; seq <= last && events.size() < most; seq++) {
                ServerEvent event = ring[(int) (seq % ring.length)];
                if (event != null) {
                    events.add(event);
                }
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no event comes any more. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all followers for the last time. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
