package drawbridge.server.storage;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one writer of an SQLite file, with group commit: what waits is done in one transaction, each
 * piece in a savepoint of its own, and answered after one commit. Safe for many threads.
 */
final class WriteQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);
    private static final int CAPACITY = 4096;
    private static final int BATCH = 256;

    private static final int WAITING = 0;
    private static final int TAKEN = 1;
    private static final int ABANDONED = 2;

    /** One piece of writing and whoever waits for it. */
    private static final class Job<T> {
        private final DataScope scope;
        private final Function<Handle, T> work;
        private final Consumer<T> committed;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private final AtomicInteger state = new AtomicInteger(WAITING);
        private @Nullable T value;

        Job(DataScope scope, Function<Handle, T> work, Consumer<T> committed) {
            this.scope = scope;
            this.work = work;
            this.committed = committed;
        }

        /** Does the work inside a savepoint; false when it failed and was undone. */
        boolean run(Handle handle) {
            handle.savepoint("job");
            try {
                HandleScope.enter(handle, scope);
                value = work.apply(handle);
                handle.releaseSavepoint("job");
                return true;
            } catch (RuntimeException e) {
                undo(handle, e);
                outcome.completeExceptionally(e);
                return false;
            }
        }

        /**
         * Where the database has given up the whole transaction, as on a full disk, all of it
         * fails.
         */
        private static void undo(Handle handle, RuntimeException failure) {
            try {
                handle.rollbackToSavepoint("job");
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
                throw failure;
            }
        }

        @SuppressWarnings("NullAway") // T itself may be nullable; run() has set the value
        void succeed() {
            try {
                committed.accept(value);
                outcome.complete(value);
            } catch (RuntimeException e) {
                // The database has it; what memory makes of it is our bug and must not look like
                // success.
                LOG.error("after commit", e);
                outcome.completeExceptionally(e);
            }
        }
    }

    private final Jdbi jdbi;
    private final Duration patience;
    private final ArrayBlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicReference<@Nullable Handle> open = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closing;

    WriteQueue(Jdbi jdbi, Duration patience) {
        this.jdbi = jdbi;
        this.patience = patience;
        this.thread = Thread.ofPlatform().name("db-writer").start(this::run);
    }

    int waiting() {
        return queue.size();
    }

    /**
     * Does the work in a transaction and returns once it is committed.
     *
     * @param committed runs on the writer's thread after the commit and before anybody is answered,
     *     in commit order
     * @throws StoreUnavailableException when it could not be committed in time; it may then still
     *     be committed later, or never
     */
    <T> T write(DataScope scope, String doing, Function<Handle, T> work, Consumer<T> committed) {
        if (closing) {
            throw new StoreUnavailableException(
                    "database", doing, new IllegalStateException("shutting down"));
        }
        Job<T> job = new Job<>(scope, work, committed);
        try {
            if (!queue.offer(job, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException(
                        "database", doing, new TimeoutException("write queue is full"));
            }
            return job.outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            job.state.compareAndSet(WAITING, ABANDONED);
            throw new StoreUnavailableException("database", doing, e);
        } catch (TimeoutException e) {
            job.state.compareAndSet(WAITING, ABANDONED);
            throw new StoreUnavailableException("database", doing, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException ours && isOurs(ours)) {
                throw ours;
            }
            throw new StoreUnavailableException("database", doing, e);
        }
    }

    private static boolean isOurs(RuntimeException e) {
        return !(e instanceof org.jdbi.v3.core.JdbiException);
    }

    private void run() {
        List<Job<?>> batch = new ArrayList<>(BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                Job<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                batch.removeIf(job -> !job.state.compareAndSet(WAITING, TAKEN));
                commit(batch);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (RuntimeException e) {
                if (new StoreUnavailableException("database", "committing", e).isFull()) {
                    LOG.error(
                            "disk full: nothing can be written until there is room jobs={}",
                            batch.size());
                } else {
                    LOG.error("group commit failed jobs={}", batch.size(), e);
                }
                batch.forEach(job -> job.outcome.completeExceptionally(e));
                discardHandle();
            } finally {
                batch.clear();
            }
        }
        discardHandle();
        queue.forEach(job ->
                job.outcome.completeExceptionally(
                        new IllegalStateException("the database is closed")));
    }

    private void commit(List<Job<?>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Handle handle = handle();
        List<Job<?>> done = new ArrayList<>(batch.size());
        handle.begin();
        for (Job<?> job : batch) {
            if (job.run(handle)) {
                done.add(job);
            }
        }
        handle.commit();
        done.forEach(Job::succeed);
    }

    private Handle handle() {
        Handle known = open.get();
        if (known != null) {
            return known;
        }
        Handle fresh = jdbi.open();
        open.set(fresh);
        return fresh;
    }

    private void discardHandle() {
        Handle known = open.getAndSet(null);
        if (known != null) {
            try {
                known.close();
            } catch (RuntimeException e) {
                LOG.debug("closing a broken writer connection", e);
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
