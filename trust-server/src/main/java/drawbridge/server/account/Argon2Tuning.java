package drawbridge.server.account;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;

import drawbridge.server.account.PasswordHasher.Cost;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Finds out how much memory a password hash can take on this machine. Guessing gets as dear as a
 * login may be slow, never cheaper than the least cost, and all hashes together stay in a budget.
 */
public final class Argon2Tuning {
    private static final int SAMPLES = 3;
    private static final int STEP_KIB = 1024;

    private Argon2Tuning() {}

    /**
     * The cost at which one hash takes about that time.
     *
     * @param least what it never falls below
     * @param time what one hash should take
     * @param budgetBytes memory of all that are computed at once
     * @param threads how many are computed at once
     * @param nanoTicker such as {@code System::nanoTime}
     */
    public static Cost tune(
            Cost least, Duration time, long budgetBytes, int threads, LongSupplier nanoTicker) {
        long mostKib = budgetBytes / 1024 / threads;
        if (mostKib <= least.memoryKib()) {
            return least;
        }
        int memory = memoryKib(least, measure(least, nanoTicker), time.toNanos(), mostKib);
        return new Cost(memory, least.iterations(), least.parallelism());
    }

    /** The quickest of a few: what else the machine does must not make guessing cheaper. */
    private static long measure(Cost least, LongSupplier nanoTicker) {
        Argon2Advanced argon2 = Argon2Factory.createAdvanced(Argon2Factory.Argon2Types.ARGON2id);
        Argon2Hash sample =
                new Argon2Hash(
                        least.memoryKib(),
                        least.iterations(),
                        least.parallelism(),
                        new byte[Argon2Hash.SALT_BYTES],
                        new byte[Argon2Hash.TAG_BYTES]);
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            long start = nanoTicker.getAsLong();
            sample.compute(argon2, new byte[16]);
            quickest = Math.min(quickest, nanoTicker.getAsLong() - start);
        }
        return quickest;
    }

    /** Time grows as memory does. */
    static int memoryKib(Cost least, long nanosAtLeast, long wantedNanos, long mostKib) {
        long percent = wantedNanos / Math.max(1, nanosAtLeast / 100);
        long wanted = least.memoryKib() * percent / 100;
        long whole = wanted / STEP_KIB * STEP_KIB;
        return (int) Math.clamp(whole, least.memoryKib(), Math.max(least.memoryKib(), mostKib));
    }
}
