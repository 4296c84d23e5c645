package drawbridge.server.account;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;

import drawbridge.model.view.PasswordCost;
import drawbridge.server.Background;
import drawbridge.server.Platform.Deferral;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Hashes passwords with Argon2id on a few threads of its own, behind a bounded queue: a storm of
 * logins fills the queue and is turned away, and takes neither the memory nor the processors that
 * validations need. Safe for many threads; every call waits for its result.
 */
public final class PasswordHasher implements AutoCloseable {
    /**
     * What one hash costs.
     *
     * @param memoryKib memory in KiB
     * @param iterations passes over it
     * @param parallelism lanes
     */
    public record Cost(int memoryKib, int iterations, int parallelism) {}

    /**
     * How much may go on at once.
     *
     * @param threads hashes computed at once
     * @param queueEntries hashes that may wait for a thread
     * @param patience how long one may wait for a thread
     */
    public record Limits(int threads, int queueEntries, Duration patience) {}

    private final Cost cost;
    private final Limits limits;
    private final SecureRandom random;
    private final LongSupplier nanoTicker;
    private final ThreadPoolExecutor pool;
    private final Argon2Advanced argon2;

    /** Stands for the hash of an unknown user: a random tag, which no password gives. */
    private final Argon2Hash dummy;

    /** How long one hash takes, smoothed; a guess from its cost until the first. */
    private final AtomicLong typicalNanos;

    /**
     * Starts the threads.
     *
     * @param nanoTicker such as {@code System::nanoTime}
     * @throws UnsatisfiedLinkError when there is no Argon2 library for this system
     */
    public PasswordHasher(Cost cost, Limits limits, SecureRandom random, LongSupplier nanoTicker) {
        this.cost = cost;
        this.limits = limits;
        this.random = random;
        this.nanoTicker = nanoTicker;
        this.typicalNanos = new AtomicLong(guessNanos(cost));
        this.argon2 = Argon2Factory.createAdvanced(Argon2Factory.Argon2Types.ARGON2id);
        this.dummy = fresh(randomBytes(Argon2Hash.TAG_BYTES));
        this.pool =
                new ThreadPoolExecutor(
                        limits.threads(),
                        limits.threads(),
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(limits.queueEntries()),
                        new HashThreads(),
                        new ThreadPoolExecutor.AbortPolicy());
    }

    /**
     * The string to store for a new password, with a salt of its own.
     *
     * @throws HashingBusyException when too many are waiting already, or no thread was free in time
     */
    public String hash(Password password) {
        if (password.codePoints() == 0) {
            throw new IllegalArgumentException("an empty password cannot be set");
        }
        Argon2Hash empty = fresh(new byte[Argon2Hash.TAG_BYTES]);
        byte[] tag = onPool(() -> compute(empty, password));
        return new Argon2Hash(
                        empty.memoryKib(),
                        empty.iterations(),
                        empty.parallelism(),
                        empty.salt(),
                        tag)
                .phc();
    }

    /**
     * Compares a password with what is stored.
     *
     * @throws HashingBusyException as {@link #hash} does; nothing is known then
     */
    public PasswordCheck verify(String stored, Password password) {
        Optional<Argon2Hash> known = Argon2Hash.parse(stored);
        if (known.isEmpty()) {
            verifyDummy(password);
            return new PasswordCheck.Unreadable();
        }
        return matches(known.get(), password)
                ? new PasswordCheck.Matches(isWeak(known.get()))
                : new PasswordCheck.Differs();
    }

    /** What a stored hash costs; empty when it cannot be read, so that no password matches it. */
    Optional<PasswordCost> costOf(String stored) {
        return Argon2Hash.parse(stored)
                .map(known ->
                        new PasswordCost(
                                known.memoryKib(),
                                known.iterations(),
                                known.parallelism(),
                                isWeak(known)));
    }

    /**
     * Does the work of a comparison for a user who is not there, so that time does not tell.
     *
     * @throws HashingBusyException as {@link #hash} does
     */
    public void verifyDummy(Password password) {
        if (matches(dummy, password)) {
            throw new IllegalStateException("a password gave 256 random bits");
        }
    }

    /**
     * Turns work away before it has cost anything, when a hash would be turned away now or would
     * wait in vain: an answer at once is worth more than the same answer later.
     *
     * @throws HashingBusyException when too many are waiting already
     */
    public void requireRoom() {
        boolean full = pool.getQueue().remainingCapacity() == 0;
        // A third of it, since how long hashes took of late is a guess at how long they will take:
        // when the machine is suddenly busy with other things, too, they take twice as long.
        if (full || expectedNanos() > limits.patience().toNanos() / 3) {
            throw new HashingBusyException("too many hashes are waiting", retryAfter());
        }
    }

    /** About a nanosecond for each byte of each pass. */
    private static long guessNanos(Cost cost) {
        return 1024L * cost.memoryKib() * cost.iterations();
    }

    /** How long the next one would wait, from how long hashes took of late. */
    private long expectedNanos() {
        return typicalNanos.get() * waiting() / limits.threads();
    }

    /** How many hashes are waiting for a thread now. */
    public int waiting() {
        return pool.getQueue().size();
    }

    private boolean matches(Argon2Hash known, Password password) {
        byte[] tag = onPool(() -> compute(known, password));
        boolean same = MessageDigest.isEqual(tag, known.tag()) && password.codePoints() > 0;
        Arrays.fill(tag, (byte) 0);
        return same;
    }

    private boolean isWeak(Argon2Hash known) {
        return known.memoryKib() < cost.memoryKib()
                || known.iterations() < cost.iterations()
                || known.salt().length < Argon2Hash.SALT_BYTES
                || known.tag().length < Argon2Hash.TAG_BYTES;
    }

    private Argon2Hash fresh(byte[] tag) {
        return new Argon2Hash(
                cost.memoryKib(),
                cost.iterations(),
                cost.parallelism(),
                randomBytes(Argon2Hash.SALT_BYTES),
                tag);
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] compute(Argon2Hash known, Password password) {
        long start = nanoTicker.getAsLong();
        // rawHash, not the library's verify: that one calls "out of memory" a wrong password.
        byte[] tag = password.useBytes(bytes -> compute(known, bytes));
        long took = nanoTicker.getAsLong() - start;
        typicalNanos.updateAndGet(old -> (3 * old + took) / 4);
        return tag;
    }

    private byte[] compute(Argon2Hash known, byte[] password) {
        try {
            // The library takes no empty array; what stands for it here never counts as a match.
            return known.compute(argon2, password.length == 0 ? new byte[1] : password);
        } catch (IllegalStateException e) {
            throw new Refused(e);
        }
    }

    private byte[] onPool(Callable<byte[]> work) {
        // Asked again: many may have come by the first asking before the first of them is here.
        requireRoom();
        FutureTask<byte[]> task = new FutureTask<>(work);
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            throw new HashingBusyException("the hashing queue is full", retryAfter(), e);
        }
        try {
            return await(task);
        } catch (InterruptedException e) {
            pool.remove(task);
            Thread.currentThread().interrupt();
            throw new HashingBusyException("interrupted while hashing", retryAfter(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutOfMemoryError || e.getCause() instanceof Refused) {
                throw new HashingBusyException("Argon2 was given no memory", retryAfter(), e);
            }
            throw new IllegalStateException("computing a password hash", e);
        }
    }

    private byte[] await(FutureTask<byte[]> task) throws InterruptedException, ExecutionException {
        long patience = limits.patience().toMillis();
        try {
            return task.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (pool.remove(task)) {
                throw new HashingBusyException("no hashing thread was free in time", retryAfter());
            }
        }
        try { // it has a thread by now, and is done within the time of one hash
            return task.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HashingBusyException("one hash took too long", retryAfter());
        }
    }

    /** When the queue as it is now will have been worked off, in whole seconds. */
    private Duration retryAfter() {
        long nanos = typicalNanos.get() * (1 + waiting()) / limits.threads();
        return Duration.ofSeconds(Math.clamp(1 + nanos / 1_000_000_000L, 1, 60));
    }

    /** Ends the threads; what is waiting is turned away. */
    @Override
    public void close() {
        for (Runnable waiting : pool.shutdownNow()) {
            if (waiting instanceof FutureTask<?> task) {
                task.cancel(false);
            }
        }
    }

    /** The library's error codes: all of them mean memory or threads, the costs being in bounds. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(IllegalStateException cause) {
            super(cause);
        }
    }

    /** Named, and of lower priority than the threads that answer. */
    private static final class HashThreads implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        @SuppressWarnings(
                "ThreadPriorityCheck") // a wish only: nothing is wrong where it is ignored
        public Thread newThread(Runnable work) {
            Runnable deferred = Background.deferred(Deferral.FAR, work);
            Thread thread = new Thread(deferred, "argon2-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY - 2);
            return thread;
        }
    }
}
