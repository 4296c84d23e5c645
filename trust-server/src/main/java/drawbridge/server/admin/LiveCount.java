package drawbridge.server.admin;

import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many sessions would be accepted now, without asking the database each time: counted now and
 * then, and moved on by what is opened and ended in between. Safe for many threads.
 */
public final class LiveCount {
    /** Counting takes at most this part of the time: a million rows take seconds. */
    private static final int PART = 100;

    private static final Duration FIRST = Duration.ofSeconds(30);

    private final DatabaseSessionStore store;
    private final Clock clock;
    private final LongSupplier nanos;
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong moved = new AtomicLong();
    private final CountDownLatch known = new CountDownLatch(1);
    private long notBefore;

    /**
     * Nothing is counted yet.
     *
     * @param nanos a ticker, such as {@code System::nanoTime}
     */
    public LiveCount(DatabaseSessionStore store, Clock clock, LongSupplier nanos) {
        this.store = store;
        this.clock = clock;
        this.nanos = nanos;
        this.notBefore = nanos.getAsLong();
    }

    /**
     * Counts anew, which also finds those that lapsed, unless that was done too lately for what it
     * costs. Keeps the old figure while the database is away. For one thread at a time.
     */
    public void count() {
        long began = nanos.getAsLong();
        if (began - notBefore < 0) {
            return;
        }
        long movedBefore = moved.get();
        try {
            counted.set(store.countLive(clock.instant()));
            moved.addAndGet(-movedBefore);
            known.countDown();
        } catch (StoreUnavailableException e) {
            // The figure grows old; the database's state is told elsewhere.
        }
        long now = nanos.getAsLong();
        notBefore = now + PART * (now - began);
    }

    /** So many were opened, or ended when negative. */
    public void move(long by) {
        moved.addAndGet(by);
    }

    /**
     * The figure now; never negative. Waits for the first count, which a server with many sessions
     * is still busy with when it answers its first validations.
     */
    public long get() {
        try {
            boolean _ = known.await(FIRST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Math.max(0, counted.get() + moved.get());
    }
}
