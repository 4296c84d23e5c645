package drawbridge.server.session;

import drawbridge.server.Background;
import drawbridge.server.storage.Database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writes down again and again when sessions were last seen, on a thread of its own: with a million
 * sessions that takes long, and nothing else of the upkeep may wait for it.
 */
public final class LastSeenWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastSeenWriter.class);
    private static final Duration LAST_BATCH = Duration.ofSeconds(6);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofMillis(200);

    private final LastSeen lastSeen;
    private final Database database;
    private final Duration every;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts.
     *
     * @param every how often all that is noted is written down, which is spread over half of it
     */
    public LastSeenWriter(LastSeen lastSeen, Database database, Duration every) {
        this.lastSeen = lastSeen;
        this.database = database;
        this.every = every;
        this.thread = Background.daemons("last-seen").newThread(this::run);
        this.thread.start();
    }

    /**
     * Often enough that a crash shortens an idle lifetime by a tenth at most, and never more than
     * once a minute unless that lifetime is below ten.
     *
     * @return between 200 ms and a minute
     */
    public static Duration every(Duration idle) {
        Duration tenth = idle.dividedBy(10);
        Duration most = tenth.compareTo(LONGEST) < 0 ? tenth : LONGEST;
        return most.compareTo(SHORTEST) < 0 ? SHORTEST : most;
    }

    private void run() {
        long next = System.nanoTime();
        try {
            while (true) {
                next = Math.max(next + every.toNanos(), System.nanoTime());
                rest(Duration.ofNanos(next - System.nanoTime()));
                once();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    /** A failure must not end the repetition. */
    private void once() throws InterruptedException {
        try {
            lastSeen.writeDown(database, every.dividedBy(2), System::nanoTime, this::rest);
        } catch (RuntimeException e) {
            LOG.error("writing down when sessions were last seen", e);
        }
    }

    private void rest(Duration length) throws InterruptedException {
        if (closing.await(length.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException();
        }
    }

    /** Stops, and writes down what is noted. */
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(LAST_BATCH)) {
                LOG.warn("the last batch of last-seen times did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            lastSeen.writeDown(database);
        } catch (RuntimeException e) {
            LOG.error("writing down when sessions were last seen", e); // others must close too
        }
    }
}
