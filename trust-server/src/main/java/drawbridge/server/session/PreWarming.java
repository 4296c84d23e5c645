package drawbridge.server.session;

import drawbridge.model.SessionId;
import drawbridge.model.view.Warming;
import drawbridge.server.Background;
import drawbridge.server.session.DatabaseSessionStore.Active;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Takes the most recently active sessions into memory when the server starts, the latest first, in
 * pages, by a thread of its own: until memory is full, there are no more, or the time is over; a
 * database that does not answer is asked again until then. It goes over all of them first to tell
 * which those are: an index that knew would have to be written whenever a session is seen. Requests
 * are answered meanwhile, from the database where memory has not got that far. What is read is put
 * like any other read, so that a revocation in between is not undone.
 */
public final class PreWarming implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PreWarming.class);
    private static final int PAGE = 500;
    private static final int LOOKED_AT_ONCE = 20_000;

    /** When the database did not answer. */
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    private static final Comparator<Active> OLDEST_FIRST =
            Comparator.comparingLong(Active::seenMicros).thenComparing(Active::id);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    /**
     * What it works on.
     *
     * @param standing is waited for first: a node that joins others begins with nothing
     */
    public record Works(
            DatabaseSessionStore store,
            MemorySessionCache memory,
            Tombstones tombstones,
            LastSeen lastSeen,
            Standing standing) {}

    private final Works on;
    private final long wanted;
    private final Duration budget;
    private final Clock clock;
    private final long began = System.nanoTime();
    private final Thread thread;
    private volatile Warming state;
    private volatile Consumer<Warming> progress = _ -> {};
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * To be begun.
     *
     * @param budget after this long it stops wherever it is; zero for not at all
     */
    public PreWarming(Works on, Duration budget, Clock clock) {
        this.on = on;
        this.wanted = on.memory().capacity();
        this.budget = budget;
        this.clock = clock;
        this.state = new Warming(budget.isZero() ? "off" : "running", 0, wanted, 0);
        this.thread = Background.daemons("pre-warming").newThread(this::run);
    }

    /**
     * Begins, once.
     *
     * @param heard of it once a second, and of its end; must be quick
     */
    public void begin(Consumer<Warming> heard) {
        progress = heard;
        if (!budget.isZero()) {
            thread.start();
        }
    }

    /** How far it is. */
    public Warming state() {
        return state;
    }

    private void run() {
        String end = "out_of_time";
        try {
            while (!isOutOfTime()) {
                try {
                    on.standing().require();
                    end = load();
                    return;
                } catch (StoreUnavailableException e) {
                    LOG.warn("memory is not filled now: {}", e.getMessage());
                    boolean _ = closing.await(AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            end = "failed";
            LOG.error("memory is not filled any further", e);
        } finally {
            tell(end, state.loaded());
            LOG.info(
                    "memory is filled state={} sessions={} most={} took={}ms",
                    end,
                    state.loaded(),
                    wanted,
                    state.tookMillis());
        }
    }

    private String load() {
        Optional<List<SessionId>> latest = latest();
        if (latest.isEmpty()) {
            return "out_of_time";
        }
        List<SessionId> ids = latest.get();
        Instant now = clock.instant();
        long loaded = 0;
        long toldAt = 0;
        for (int from = 0; from < ids.size(); from += PAGE) {
            if (isOutOfTime()) {
                return "out_of_time";
            }
            Tombstones.Mark before = on.tombstones().mark();
            List<SessionId> page = ids.subList(from, Math.min(from + PAGE, ids.size()));
            for (Session session : on.store().findAll(page)) {
                Instant seen = on.lastSeen().of(session);
                if (session.over(seen, now).isEmpty()) {
                    on.memory().put(session, before, seen);
                    loaded++;
                }
            }
            state = new Warming("running", loaded, wanted, elapsed());
            if (elapsed() - toldAt >= TELL_EVERY.toMillis()) {
                toldAt = elapsed();
                LOG.info("memory is being filled sessions={} most={}", loaded, wanted);
                progress.accept(state);
            }
        }
        return "done";
    }

    /** Which were active last, as many as memory takes; empty when the time is over. */
    private Optional<List<SessionId>> latest() {
        PriorityQueue<Active> latest = new PriorityQueue<>(OLDEST_FIRST);
        SessionId last = null;
        boolean isMore = true;
        while (isMore) {
            if (isOutOfTime()) {
                return Optional.empty();
            }
            List<Active> page = on.store().active(last, LOOKED_AT_ONCE);
            for (Active session : page) {
                latest.add(session);
                if (latest.size() > wanted) {
                    latest.remove();
                }
            }
            isMore = page.size() == LOOKED_AT_ONCE;
            last = isMore ? page.getLast().id() : last;
        }
        List<SessionId> ids = new ArrayList<>(latest.size());
        while (!latest.isEmpty()) {
            ids.add(latest.remove().id());
        }
        return Optional.of(ids.reversed());
    }

    private boolean isOutOfTime() {
        return closing.getCount() == 0 || elapsed() >= budget.toMillis();
    }

    private void tell(String end, long loaded) {
        state = new Warming(end, loaded, wanted, elapsed());
        progress.accept(state);
    }

    private long elapsed() {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** Stops where it is. */
    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return; // never begun
        }
        try {
            boolean _ = thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
