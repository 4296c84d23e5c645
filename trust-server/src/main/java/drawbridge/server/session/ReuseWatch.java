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
 * Ends sessions whose replaced id came in a bridge call after its grace, off the path of that call:
 * it was refused from what was known. What finds no room in the queue comes again with the next
 * such call. Safe for many threads.
 */
public final class ReuseWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReuseWatch.class);
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final int MOST_WAITING = 1_000;

    private record Seen(SessionKey key, String requestId) {}

    private final Sessions sessions;
    private final ArrayBlockingQueue<Seen> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Set<SessionKey> waiting = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closing;

    public ReuseWatch(Sessions sessions) {
        this.sessions = sessions;
        this.thread = Thread.ofPlatform().name("reused-ids").start(this::run);
    }

    /** A replaced id of that session was used; never waits. */
    public void seen(Session session, String requestId) {
        SessionKey key = session.key();
        // Once is enough, however often a thief repeats it.
        if (waiting.add(key) && !queue.offer(new Seen(key, requestId))) {
            waiting.remove(key);
        }
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            try {
                Seen next = queue.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    end(next);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void end(Seen seen) {
        try {
            sessions.endReused(seen.key(), new By("server", seen.requestId()));
        } catch (StoreUnavailableException e) {
            LOG.warn("a session whose old id was used has not ended yet: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("request={} ending a session whose old id was used", seen.requestId(), e);
        } finally {
            waiting.remove(seen.key());
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
