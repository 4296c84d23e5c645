package drawbridge.server.alert;

import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertView;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Delivers alerts on one way, in their order: what fired and what cleared. One that is not taken is
 * tried again with growing pauses, ten times within about nine minutes, and then given up. When too
 * many wait the oldest is given up. Offering never waits. Safe for many threads.
 */
public final class AlertDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertDelivery.class);
    private static final int MOST_WAITING = 200;
    private static final int ATTEMPTS = 10;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final AlertSender sender;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<AlertView> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long delivered;
    private long dropped;
    private int failures;
    private String why = "";
    private @Nullable Instant lastAt;
    private @Nullable Instant triedAt;
    private @Nullable Instant nextAt;
    private boolean isAwaited;
    private boolean closing;

    /** Starts. */
    public AlertDelivery(AlertSender sender, Clock clock) {
        this.sender = sender;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("alert-" + sender.name()).start(this::run);
    }

    /** Takes an alert along. One about this very way is not sent on it. */
    public void offer(AlertView alert) {
        if (alert.rule().equals(AlertRule.DELIVERY_FAILED.wireName())
                && alert.subject().equals(sender.name())) {
            return;
        }
        lock.lock();
        try {
            if (waiting.size() >= MOST_WAITING) {
                waiting.removeFirst();
                dropped++;
            }
            waiting.addLast(alert);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        int attempts = 0;
        try {
            while (true) {
                AlertView alert = first();
                if (alert == null) {
                    return;
                }
                try {
                    sender.send(alert);
                    attempts = 0;
                    taken(alert);
                } catch (AlertSender.NotTakenException e) {
                    attempts++;
                    if (!notTaken(alert, attempts, e.why())) {
                        attempts = 0;
                    }
                } catch (RuntimeException e) {
                    LOG.error("sending alerts by {}", sender.name(), e);
                    notTaken(alert, ATTEMPTS, "our own fault; the log says more");
                    attempts = 0;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable AlertView first() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                news.await();
            }
            return closing ? null : waiting.getFirst();
        } finally {
            lock.unlock();
        }
    }

    private void taken(AlertView alert) {
        lock.lock();
        try {
            waiting.remove(alert); // unless it was given up meanwhile
            delivered++;
            works();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void works() {
        failures = 0;
        why = "";
        lastAt = clock.instant();
        triedAt = lastAt;
    }

    /** Called with the lock held. */
    private void worksNot(String reason) {
        failures++;
        why = reason;
        triedAt = clock.instant();
    }

    /** Whose way it is, such as {@code webhook}. */
    public String name() {
        return sender.name();
    }

    /**
     * Sends a message beside the queue, once, on the calling thread. When it is taken, what waits
     * is tried again at once. Answers why it was not taken; empty when it was.
     */
    public String test(AlertView message) throws InterruptedException {
        String reason;
        try {
            sender.send(message);
            reason = "";
        } catch (AlertSender.NotTakenException e) {
            reason = e.why();
        }
        lock.lock();
        try {
            if (reason.isEmpty()) {
                works();
                isAwaited = false;
                news.signalAll();
            } else {
                worksNot(reason);
            }
        } finally {
            lock.unlock();
        }
        return reason;
    }

    /** Waits, unless it is given up; says whether it is tried again. */
    private boolean notTaken(AlertView alert, int attempts, String reason)
            throws InterruptedException {
        boolean again = attempts < ATTEMPTS;
        LOG.warn(
                "alert not delivered by={} id={} attempt={} again={} why={}",
                sender.name(),
                alert.id(),
                attempts,
                again,
                reason);
        lock.lock();
        try {
            worksNot(reason);
            if (!again) {
                waiting.remove(alert);
                dropped++;
                return false;
            }
            Duration pause = pauseAfter(attempts);
            nextAt = clock.instant().plus(pause);
            isAwaited = true;
            long nanos = pause.toNanos();
            while (nanos > 0 && isAwaited && !closing) {
                nanos = news.awaitNanos(nanos);
            }
            nextAt = null;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The pause after so many attempts. */
    static Duration pauseAfter(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** How it stands. */
    public AlertChannel view() {
        lock.lock();
        try {
            return new AlertChannel(
                    sender.name(),
                    sender.to(),
                    failures > 0 ? "failing" : lastAt == null ? "idle" : "delivered",
                    waiting.size(),
                    delivered,
                    dropped,
                    triedAt,
                    nextAt,
                    lastAt,
                    why);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
