package drawbridge.server.admin;

import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many sessions would be accepted now, without asking the database each time: counted now and
 * then, and moved on by what is opened and ended in between. Safe for many threads.
 */
public final class LiveCount {
    private final DatabaseSessionStore store;
    private final Clock clock;
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong moved = new AtomicLong();

    public LiveCount(DatabaseSessionStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Counts anew, which also finds those that lapsed. Keeps the old figure while the database is
     * away.
     */
    public void count() {
        long movedBefore = moved.get();
        try {
            counted.set(store.countLive(clock.instant()));
            moved.addAndGet(-movedBefore);
        } catch (StoreUnavailableException e) {
            // The figure grows old; the database's state is told elsewhere.
        }
    }

    /** So many were opened, or ended when negative. */
    public void move(long by) {
        moved.addAndGet(by);
    }

    /** The figure now; never negative. */
    public long get() {
        return Math.max(0, counted.get() + moved.get());
    }
}
