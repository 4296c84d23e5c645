package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the revocation log for those who follow it: at once when this node has applied a row, and
 * every second. It keeps the last rows, so that a follower may come back, also after a restart of
 * the server. Whoever asks for rows that are not kept learns that there is a gap. One thread reads,
 * and only while there are followers; asking is safe for many.
 */
public final class EndedFeed implements AutoCloseable {
    /** So often the log is read at least. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(EndedFeed.class);
    private static final int PAGE = 1000;

    /**
     * Where a follower stands.
     *
     * @param life which of the times between two breaks of the log it belongs to
     * @param number the last row it has
     * @param readAt when the log was read so far
     */
    public record Place(long life, long number, long readAt) {}

    /**
     * What a follower is told.
     *
     * @param rows of its tenant, oldest first
     * @param isGap whether rows are missing before the place that was reached
     * @param reached up to where nothing else is missing
     */
    public record Told(List<EndedRow> rows, boolean isGap, Place reached) {
        public Told {
            rows = List.copyOf(rows);
        }
    }

    private record Page(long number, List<EndedRow> rows) {}

    private final Database database;
    private final int kept;
    private final Ticker ticker;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition news = lock.newCondition();

    // What follows is guarded by the lock.
    private final Deque<EndedRow> rows = new ArrayDeque<>();
    private long life = 1;
    private long last = -1;
    private long readAt;
    private int followers;
    private boolean isWoken;
    private boolean isClosed;

    /**
     * Starts.
     *
     * @param kept how many rows are kept for those who come back
     * @param ticker tells when the log was read
     */
    public EndedFeed(Database database, Tombstones tombstones, int kept, Ticker ticker) {
        this.database = database;
        this.kept = kept;
        this.ticker = ticker;
        this.readAt = ticker.read() - EVERY.toNanos();
        this.thread = Thread.ofPlatform().name("ended-feed").daemon().start(this::run);
        tombstones.whenApplied(this::wake);
    }

    /** Has the log read now. Never waits for the reading. */
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A follower comes, who must {@link #leave}. */
    public void join() {
        lock.lock();
        try {
            followers++;
            isWoken = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A follower goes. */
    public void leave() {
        lock.lock();
        try {
            followers--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where the log stands, read after this call began.
     *
     * @throws StoreUnavailableException when it cannot be read in time
     * @throws InterruptedException when the thread is interrupted
     */
    public Place now(Duration patience) throws InterruptedException {
        long asked = ticker.read();
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (readAt - asked < 0 && !isClosed) {
                if (nanos <= 0) {
                    throw new StoreUnavailableException(
                            "database",
                            "reading the revocation log",
                            new IllegalStateException("no answer in time"));
                }
                isWoken = true;
                wanted.signal();
                nanos = news.awaitNanos(nanos);
            }
            return new Place(life, last, readAt);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A place to come back to, with the number that was received last; what it has missed is told
     * by {@link #after}.
     */
    public static Place from(Place now, long number) {
        return new Place(now.life(), number, now.readAt());
    }

    /**
     * What came after a place; waits for it, or for the log to have been read anew for at least
     * that long.
     *
     * @return what reaches no further than the place when the log could not be read meanwhile
     * @throws InterruptedException when the thread is interrupted
     */
    public Told after(Place place, TenantId tenant, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (!isClosed
                    && nanos > 0
                    && life == place.life()
                    && last == place.number()
                    && readAt - place.readAt() < EVERY.toNanos()) {
                nanos = news.awaitNanos(nanos);
            }
            Place reached = new Place(life, last, readAt);
            EndedRow oldest = rows.peekFirst();
            long first = oldest == null ? last + 1 : oldest.number();
            if (life != place.life() || place.number() > last || place.number() + 1 < first) {
                return new Told(List.of(), true, reached);
            }
            return new Told(since(place.number(), tenant), false, reached);
        } finally {
            lock.unlock();
        }
    }

    /**
     * From the newest back: a follower lacks few of the rows, and whoever applies one waits for the
     * lock.
     */
    private List<EndedRow> since(long number, TenantId tenant) {
        Deque<EndedRow> theirs = new ArrayDeque<>();
        for (Iterator<EndedRow> all = rows.descendingIterator(); all.hasNext(); ) {
            EndedRow row = all.next();
            if (row.number() <= number) {
                break;
            }
            if (row.isOf(tenant)) {
                theirs.addFirst(row);
            }
        }
        return List.copyOf(theirs);
    }

    /** Whether nothing is told any more. */
    public boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (long from = awaitWork(); from > Long.MIN_VALUE; from = awaitWork()) {
                read(from);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last row that was read; the least number there is once it is closed. */
    private long awaitWork() throws InterruptedException {
        lock.lock();
        try {
            long nanos = EVERY.toNanos() - (ticker.read() - readAt);
            while (!isClosed && (followers == 0 || (!isWoken && nanos > 0))) {
                if (followers == 0) {
                    wanted.await();
                    nanos = 0;
                } else {
                    nanos = wanted.awaitNanos(nanos);
                }
            }
            isWoken = false;
            return isClosed ? Long.MIN_VALUE : last;
        } finally {
            lock.unlock();
        }
    }

    private void read(long from) throws InterruptedException {
        long began = ticker.read();
        try {
            Page page =
                    database.read(
                            DataScope.server(Why.UPKEEP),
                            "following the revocation log",
                            h -> page(h, from));
            take(page, began);
        } catch (StoreUnavailableException e) {
            LOG.warn("nobody is told of ended sessions: {}", e.getMessage());
            lock.lock();
            try {
                // The next try is a second off: whoever waits hears nothing, and remembers nothing.
                long nanos = EVERY.toNanos();
                while (!isClosed && nanos > 0) {
                    nanos = wanted.awaitNanos(nanos);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private Page page(Handle handle, long from) {
        long number = RevocationLog.number(handle);
        return new Page(
                number,
                DatabaseRevocationRows.after(handle, Math.max(from, number - kept), number, PAGE));
    }

    private void take(Page page, long began) {
        lock.lock();
        try {
            if (page.number() < last) {
                // The log went backwards: nobody's place counts any more.
                life++;
                rows.clear();
            }
            page.rows().forEach(this::keep);
            boolean isAll = page.rows().size() < PAGE;
            last = isAll ? page.number() : page.rows().getLast().number();
            EndedRow newest = rows.peekLast();
            if (newest != null && newest.number() != last) {
                rows.clear();
            }
            if (isAll) {
                readAt = began;
            } else {
                isWoken = true;
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Only rows without a hole among them are worth anything. */
    private void keep(EndedRow row) {
        EndedRow before = rows.peekLast();
        if (before != null && before.number() + 1 != row.number()) {
            rows.clear();
        }
        rows.addLast(row);
        if (rows.size() > kept) {
            rows.removeFirst();
        }
    }

    /** Wakes all followers for the last time. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            wanted.signalAll();
            news.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
