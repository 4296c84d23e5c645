package drawbridge.server.session;

import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ends sessions whose use by a second party showed in a bridge call, off the path of the call: the
 * call itself was refused from what was known, whatever becomes of the queue. When the queue is
 * full, a suspicion is dropped and counted; the next such call raises it again. Safe for many
 * threads.
 */
public final class Suspicions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Suspicions.class);
    private static final Duration LINGER = Duration.ofMillis(200);

    private enum Kind {
        REUSED,
        DIFFERED
    }

    private record Suspicion(Kind kind, SessionKey key, String requestId) {}

    private final Sessions sessions;
    private final int mismatchLimit;
    private final ArrayBlockingQueue<Suspicion> queue;
    private final Set<SessionKey> reused = ConcurrentHashMap.newKeySet();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param mismatchLimit after how many mismatches a session ends whose tenant does not say; 0
     *     for never
     * @param capacity how many may wait
     */
    public Suspicions(Sessions sessions, int mismatchLimit, int capacity) {
        this.sessions = sessions;
        this.mismatchLimit = mismatchLimit;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.thread = Thread.ofPlatform().name("suspicions").start(this::run);
    }

    /** An id was used after it had been replaced and its grace was over. Never waits. */
    public void reused(Session session, String requestId) {
        SessionKey key = session.key();
        // Once is enough, however often a thief repeats it.
        if (reused.add(key) && !offer(new Suspicion(Kind.REUSED, key, requestId))) {
            reused.remove(key);
        }
    }

    /** A signal differed. Never waits. */
    public void differed(Session session, String requestId) {
        offer(new Suspicion(Kind.DIFFERED, session.key(), requestId));
    }

    private boolean offer(Suspicion suspicion) {
        boolean taken = queue.offer(suspicion);
        if (!taken) {
            dropped.increment();
        }
        return taken;
    }

    /** How many were dropped since the start. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            try {
                Suspicion next = queue.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    act(next);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void act(Suspicion suspicion) {
        By by = new By("server", suspicion.requestId());
        try {
            switch (suspicion.kind()) {
                case REUSED -> sessions.endReused(suspicion.key(), by);
                case DIFFERED -> {
                    if (mismatchLimit > 0 || sessions.anyMismatchLimit()) {
                        sessions.mismatched(suspicion.key(), mismatchLimit, by);
                    }
                }
            }
        } catch (StoreUnavailableException e) {
            LOG.warn("suspicion put off until it shows again: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("request={} suspicion failed", suspicion.requestId(), e);
        } finally {
            if (suspicion.kind() == Kind.REUSED) {
                reused.remove(suspicion.key());
            }
        }
    }

    /** Ends the thread once the queue is empty, or after 5 s. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
