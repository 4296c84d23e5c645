package drawbridge.server.storage;

import drawbridge.server.Background;
import drawbridge.server.Platform.Deferral;
import drawbridge.server.request.RequestId;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The one writer of a server, with group commit: what waits is done in one transaction, each of
 * several pieces in a savepoint of its own, and answered after one commit. Safe for many threads.
 */
final class WriteQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);
    private static final int CAPACITY = 4096;
    private static final int BATCH = 256;

    /**
     * How long after the last group the next one of pieces that may wait is done, at the earliest:
     * long enough for several to come together where there are hundreds a second, and nothing to
     * one that comes seldom.
     */
    private static final long APART = TimeUnit.MILLISECONDS.toNanos(8);

    private static final int WAITING = 0;
    private static final int TAKEN = 1;
    private static final int ABANDONED = 2;

    /** A transaction did not reach its end, or nobody knows whether it did. */
    private static final class BrokenOff extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean maybeDone;

        private BrokenOff(boolean maybeDone, RuntimeException cause) {
            super(cause);
            this.maybeDone = maybeDone;
        }
    }

    /** The connection broke before anything was committed. */
    private static final class LostOnTheWay extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private LostOnTheWay(JdbiException cause) {
            super(cause);
        }
    }

    /** One piece of writing and whoever waits for it. */
    private static final class Job<T> {
        private final DataScope scope;
        private final String doing;
        private final boolean mayWait;
        private final Function<Handle, T> work;
        private final Consumer<T> committed;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private final @Nullable String request = RequestId.current().orElse(null);
        private final AtomicInteger state = new AtomicInteger(WAITING);
        private @Nullable T value;
        private long answersAfter;
        private List<Runnable> told = List.of();

        Job(
                DataScope scope,
                String doing,
                boolean mayWait,
                Function<Handle, T> work,
                Consumer<T> committed) {
            this.scope = scope;
            this.doing = doing;
            this.mayWait = mayWait;
            this.work = work;
            this.committed = committed;
        }

        /** Whether it is to be done: nobody gave it up, and it was not refused already. */
        boolean take() {
            return state.compareAndSet(WAITING, TAKEN)
                    || (state.get() == TAKEN && !outcome.isDone());
        }

        /**
         * Does the work; false when it failed and was undone.
         *
         * @param isAlone whether the transaction is for nothing else, and is undone as a whole:
         *     otherwise the work is within a savepoint
         */
        boolean run(Handle handle, Dialect dialect, boolean isAlone) {
            return RequestId.within(request, () -> runs(handle, dialect, isAlone));
        }

        private boolean runs(Handle handle, Dialect dialect, boolean isAlone) {
            if (!isAlone) {
                handle.savepoint("job");
            }
            AnswersAfter rests = handle.getConfig(AnswersAfter.class);
            OnceCommitted rest = handle.getConfig(OnceCommitted.class);
            long begun = System.nanoTime();
            try {
                long _ = rests.take(); // of a piece that failed
                List<Runnable> _ = rest.take();
                HandleScope.enter(handle, scope);
                dialect.enter(handle, scope, true);
                value = work.apply(handle);
                answersAfter = rests.take();
                told = rest.take();
                if (!isAlone) {
                    handle.releaseSavepoint("job");
                }
                return true;
            } catch (RuntimeException e) {
                undo(handle, e, isAlone);
                outcome.completeExceptionally(e);
                return false;
            } finally {
                DatabaseWork.done(doing, System.nanoTime() - begun);
            }
        }

        /**
         * Where the database has given up the whole transaction, as on a full disk, all of it
         * fails.
         */
        private static void undo(Handle handle, RuntimeException failure, boolean isAlone) {
            try {
                if (isAlone) {
                    handle.rollback();
                } else {
                    handle.rollbackToSavepoint("job");
                }
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
                throw failure;
            }
        }

        /** Whether it failed because the database has no room. */
        boolean foundNoRoom() {
            return outcome.isCompletedExceptionally()
                    && StoreUnavailableException.isFull(outcome.exceptionNow());
        }

        @SuppressWarnings("NullAway") // T itself may be nullable; run() has set the value
        void succeed(LongConsumer logReached) {
            try {
                committed.accept(value);
                if (answersAfter > 0) {
                    logReached.accept(answersAfter);
                }
                outcome.complete(value);
                told.forEach(Runnable::run); // nobody waits for these
            } catch (RuntimeException e) {
                // The database has it; what memory makes of it is our bug and must not look like
                // success.
                LOG.error("after commit", e);
                outcome.completeExceptionally(e);
            }
        }
    }

    private final Jdbi jdbi;
    private final Dialect dialect;
    private final Duration patience;
    private final ArrayBlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;
    private volatile boolean closing;

    /** When pieces that may wait were done last; the writer's own. */
    private long groupedAt = System.nanoTime() - APART;

    private volatile Agreement agreement = Agreement.ALONE;
    private volatile LongConsumer logReached = _ -> {};

    WriteQueue(Jdbi jdbi, Dialect dialect, Duration patience) {
        this.jdbi = jdbi;
        this.dialect = dialect;
        this.patience = patience;
        this.thread =
                Thread.ofPlatform()
                        .name("db-writer")
                        .start(Background.deferred(Deferral.A_LITTLE, this::run));
    }

    int waiting() {
        return queue.size();
    }

    /** From now on, the log must reach that number. */
    void requireLog(LongSupplier known) {
        jdbi.getConfig(LeastLog.class).is(known);
    }

    /** From now on, that is told of rows of the revocation log. */
    void tellOfLog(LongConsumer reached) {
        logReached = reached;
    }

    /** From now on, answers wait for that. */
    void answerAfter(Agreement wanted) {
        agreement = wanted;
    }

    /**
     * Does the work in a transaction and returns once it is committed, and holds on every node when
     * it wrote into the revocation log.
     *
     * @param mayWait whether it may wait some milliseconds for others to be done with
     * @param committed runs on the writer's thread after the commit and before anybody is answered,
     *     in commit order
     * @throws StoreUnavailableException when it could not be committed in time; it says whether it
     *     may still be, or may have been
     */
    <T> T write(
            DataScope scope,
            String doing,
            boolean mayWait,
            Function<Handle, T> work,
            Consumer<T> committed) {
        if (closing) {
            throw StoreUnavailableException.notDone(
                    "database", doing, new IllegalStateException("shutting down"));
        }
        Job<T> job = new Job<>(scope, doing, mayWait, work, committed);
        try {
            if (!queue.offer(job, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw StoreUnavailableException.notDone(
                        "database", doing, new TimeoutException("write queue is full"));
            }
            T done = job.outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (job.answersAfter > 0) {
                agreement.await(job.answersAfter, doing); // the writer goes on meanwhile
            }
            return done;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw givenUp(job, doing, e);
        } catch (TimeoutException e) {
            throw givenUp(job, doing, e);
        } catch (ExecutionException e) {
            throw failure(doing, e);
        }
    }

    private static StoreUnavailableException givenUp(Job<?> job, String doing, Exception why) {
        return job.state.compareAndSet(WAITING, ABANDONED)
                ? StoreUnavailableException.notDone("database", doing, why)
                : new StoreUnavailableException("database", doing, why);
    }

    private static RuntimeException failure(String doing, ExecutionException e) {
        return switch (e.getCause()) {
            case BrokenOff broken when broken.maybeDone ->
                    new StoreUnavailableException("database", doing, broken);
            case BrokenOff broken -> StoreUnavailableException.notDone("database", doing, broken);
            // The piece itself failed, and was undone in its savepoint.
            case JdbiException refused ->
                    StoreUnavailableException.notDone("database", doing, refused);
            case RuntimeException ours -> ours;
            case null, default -> new StoreUnavailableException("database", doing, e);
        };
    }

    private void run() {
        List<Job<?>> batch = new ArrayList<>(BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                Job<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    gather(batch);
                    commit(batch);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                BrokenOff ended = new BrokenOff(false, new IllegalStateException(e));
                batch.forEach(job -> job.outcome.completeExceptionally(ended));
                break;
            } catch (BrokenOff e) {
                if (StoreUnavailableException.isFull(e)) {
                    tellFull(batch.size());
                } else {
                    LOG.error(
                            "group commit failed jobs={} unsure={}",
                            batch.size(),
                            e.maybeDone,
                            e.getCause());
                }
                batch.forEach(job -> job.outcome.completeExceptionally(e));
            } finally {
                batch.clear();
            }
        }
        queue.forEach(job ->
                job.outcome.completeExceptionally(
                        new BrokenOff(false, new IllegalStateException("the database is closed"))));
    }

    /** Under load, for others to be done with, up to the first that may not wait. */
    private void gather(List<Job<?>> batch) throws InterruptedException {
        long until = groupedAt + APART;
        while (batch.getLast().mayWait && batch.size() < BATCH && !closing) {
            long left = until - System.nanoTime();
            Job<?> next = left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : null;
            if (next == null) {
                break;
            }
            batch.add(next);
        }
        if (batch.getFirst().mayWait) {
            groupedAt = System.nanoTime();
        }
    }

    private void commit(List<Job<?>> batch) {
        List<Job<?>> done;
        try {
            done = transact(batch);
        } catch (LostOnTheWay e) {
            LOG.warn(
                    "a transaction was lost and is done again jobs={} why={}",
                    batch.size(),
                    e.getMessage());
            done = transactAgain(batch);
        }
        done.forEach(job -> job.succeed(logReached));
    }

    private List<Job<?>> transactAgain(List<Job<?>> batch) {
        try {
            return transact(batch);
        } catch (LostOnTheWay e) {
            throw new BrokenOff(false, e);
        }
    }

    /** Gives the pieces that were done; the others were told why not. */
    private List<Job<?>> transact(List<Job<?>> batch) {
        List<Job<?>> done = new ArrayList<>(batch.size());
        try (Handle handle = begin(batch)) {
            // Taken now and not before: whoever gave up while the turn was waited for was not done.
            queue.drainTo(batch, BATCH - batch.size());
            batch.removeIf(job -> !job.take());
            try {
                boolean isAlone = batch.size() == 1;
                for (Job<?> job : batch) {
                    if (job.run(handle, dialect, isAlone)) {
                        done.add(job);
                    }
                }
            } catch (JdbiException e) {
                rollback(handle);
                throw new LostOnTheWay(e);
            } catch (RuntimeException e) {
                rollback(handle);
                throw new BrokenOff(false, e);
            }
            if (!done.isEmpty()) {
                end(handle);
            } else if (handle.isInTransaction()) {
                rollback(handle);
            }
        }
        // A PostgreSQL without room refuses the piece alone, and goes on with its transaction.
        long refused = batch.stream().filter(Job::foundNoRoom).count();
        if (refused > 0) {
            tellFull(refused);
        }
        return done;
    }

    private static void tellFull(long jobs) {
        LOG.error("disk full: nothing can be written until there is room jobs={}", jobs);
    }

    private Handle begin(List<Job<?>> batch) {
        try {
            try {
                return begun();
            } catch (RuntimeException e) {
                if (!isLost(e)) {
                    throw e;
                }
                // It broke while nobody used it, and a new one may be had at once.
                return begun();
            }
        } catch (RuntimeException e) {
            queue.drainTo(batch, BATCH - batch.size()); // they need not wait to be told the same
            throw new BrokenOff(false, e);
        }
    }

    private Handle begun() {
        Handle handle = jdbi.open();
        try {
            dialect.begin(handle);
            return handle;
        } catch (RuntimeException e) {
            rollback(handle);
            try (handle) {
                throw e;
            }
        }
    }

    private static boolean isLost(RuntimeException e) {
        String state = state(e);
        return state.startsWith("08") || state.startsWith("57P");
    }

    private static void end(Handle handle) {
        try {
            handle.commit();
        } catch (RuntimeException e) {
            rollback(handle);
            throw new BrokenOff(!wasRefused(e), e);
        }
    }

    /** Whether the database itself said no, and so did nothing. */
    private static boolean wasRefused(RuntimeException e) {
        String state = state(e);
        return state.startsWith("23") || state.startsWith("40");
    }

    private static String state(RuntimeException e) {
        return e.getCause() instanceof SQLException sql && sql.getSQLState() != null
                ? sql.getSQLState()
                : "";
    }

    private static void rollback(Handle handle) {
        try {
            handle.rollback();
        } catch (RuntimeException e) {
            LOG.debug("rolling a broken transaction back", e);
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
