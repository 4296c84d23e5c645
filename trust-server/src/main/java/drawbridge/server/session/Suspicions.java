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

/**
 * Ends sessions whose use by a second party showed in a bridge call, off the path of the call: the
 * call itself was refused from what was known, whatever becomes of the queue. When the queue is
 * full, a suspicion is dropped; the next such call raises it again. Safe for many threads.
 */
public final class Suspicions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Suspicions.class);
    private static final Duration LINGER = Duration.ofMillis(200);

    private static final int MOST_WAITING = 1_000;

    private enum Kind {
        REUSED,
        DIFFERED
    }

    private record Suspicion(Kind kind, SessionKey key, String requestId) {}

    private final Sessions sessions;
    private final ArrayBlockingQueue<Suspicion> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Set<SessionKey> reused = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closing;

    public Suspicions(Sessions sessions) {
        this.sessions = sessions;
        this.thread = Thread.ofPlatform().name("suspicions").start(this::run);
    }

    /** An id was used after it had been replaced and its grace was over. Never waits. */
    public void reused(Session session, String requestId) {
        SessionKey key = session.key();
        // Once is enough, however often a thief repeats it.
        if (reused.add(key) && !queue.offer(new Suspicion(Kind.REUSED, key, requestId))) {
            reused.remove(key);
        }
    }

    /** A signal differed. Never waits. */
    public void differed(Session session, String requestId) {
        if (!queue.offer(new Suspicion(Kind.DIFFERED, session.key(), requestId))) {
            LOG.debug("request={} a mismatch was not counted: too many wait", requestId);
        }
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
                    if (sessions.anyMismatchLimit()) {
                        sessions.mismatched(suspicion.key(), by);
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
