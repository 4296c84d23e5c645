package drawbridge.server.audit;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Carries refusals to the audit log in batches, so that refusing never waits for the database. At
 * most 250 ms or 1 000 rows behind; what does not fit is counted, and the count is audited. Safe
 * for many threads.
 */
public final class RefusalQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalQueue.class);
    private static final int BATCH = 1000;
    private static final Duration LINGER = Duration.ofMillis(250);

    private final ArrayBlockingQueue<AuditEntry> queue;
    private final Database database;
    private final DatabaseAuditLog audit;
    private final LongConsumer onDropped;
    private final Clock clock;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder offered = new LongAdder();
    private final long[] written = new long[1];
    private final Thread thread;
    private volatile Consumer<AuditEntry> follower = entry -> {};
    private volatile boolean closing;

    /**
     * @param capacity how many refusals may wait
     * @param onDropped hears how many were lost, before that is audited
     */
    public RefusalQueue(
            int capacity,
            Database database,
            DatabaseAuditLog audit,
            LongConsumer onDropped,
            Clock clock) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.database = database;
        this.audit = audit;
        this.onDropped = onDropped;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("audit-refusals").start(this::run);
    }

    /** Takes a refusal along; never waits. */
    public void offer(AuditEntry entry) {
        if (queue.offer(entry)) {
            offered.increment();
        } else {
            dropped.increment();
        }
    }

    /** Lets somebody hear of each refusal on the thread that writes them down; must not wait. */
    public void follow(Consumer<AuditEntry> with) {
        follower = with;
    }

    /**
     * Waits until every refusal that was offered before is written, or could not be.
     *
     * @return false when that took longer
     */
    public boolean settle(Duration patience) {
        long upTo = offered.sum();
        synchronized (written) {
            long until = System.nanoTime() + patience.toNanos();
            while (written[0] < upTo) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                try {
                    written.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    private void done(int rows) {
        synchronized (written) {
            written[0] += rows;
            written.notifyAll();
        }
    }

    private void run() {
        List<AuditEntry> batch = new ArrayList<>(BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                AuditEntry first = queue.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null && dropped.sum() == 0) {
                    continue;
                }
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                }
                batch.forEach(follower);
                write(batch);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                done(batch.size());
                batch.clear();
            }
        }
    }

    private void write(List<AuditEntry> batch) {
        long lost = dropped.sumThenReset();
        if (lost > 0) {
            onDropped.accept(lost);
        }
        try {
            database.write(
                    DataScope.server(Why.AUDIT),
                    "auditing refusals",
                    handle -> {
                        List<AuditEntry> entries = new ArrayList<>(batch);
                        if (lost > 0) {
                            entries.add(
                                    AuditEntry.of(
                                                    TenantId.DEFAULT,
                                                    clock.instant(),
                                                    "audit.overflow",
                                                    "server")
                                            .because(lost + " refusals were not audited", null));
                        }
                        audit.append(handle, entries);
                        return batch.size();
                    });
        } catch (StoreUnavailableException e) {
            // They are lost, and that is told as soon as the database is back.
            dropped.add(batch.size() + lost);
            LOG.warn("refusals not audited count={} why={}", batch.size(), e.getMessage());
        }
    }

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
