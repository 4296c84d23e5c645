package drawbridge.bench;

import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Logins a second beside what Argon2id alone allows on the same processors, by turns, since a
 * virtual machine is not equally fast all the time.
 */
final class Logins {
    private static final int USERS = 32;
    private static final int TURNS = 6;
    private static final Duration LENGTH = Duration.ofSeconds(10);

    /** Shorter than connections stay open that nobody uses. */
    private static final Duration HASHING = Duration.ofSeconds(5);

    /** A hundred a second are few: a server takes that long until its code is compiled. */
    private static final Duration WARM_UP = Duration.ofMinutes(4);

    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;

    private Logins() {}

    static void run(Path work, Report report) throws IOException, InterruptedException {
        try (Subject subject =
                Subject.start(
                        work.resolve("data"),
                        List.of(),
                        Map.of("DRAWBRIDGE_ARGON2_TIME", "0s"))) { // exactly the parameters above
            for (int i = 0; i < USERS; i++) {
                subject.register(i);
            }
            int[] next = {0};
            try (HttpLoad load =
                    new HttpLoad(
                            subject.address(),
                            8 * Runtime.getRuntime().availableProcessors(),
                            () -> Subject.login(next[0]++ % USERS),
                            200)) {
                load.asFastAsPossible(WARM_UP);
                double logins = 0;
                double hashes = hashesPerSecond();
                for (int i = 0; i < TURNS; i++) {
                    logins += load.asFastAsPossible(LENGTH).requireRight().perSecond();
                    hashes += hashesPerSecond();
                }
                report.row(
                        "logins/s, Argon2id with 19 456 KiB and 2 passes",
                        logins / TURNS,
                        hashes / (TURNS + 1),
                        "≥ 0.9 × hashes alone");
            }
        }
    }

    private static double hashesPerSecond() throws InterruptedException {
        LongAdder done = new LongAdder();
        long began = System.nanoTime();
        long end = began + HASHING.toNanos();
        Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                Argon2 argon2 =
                                        Argon2Factory.create(Argon2Factory.Argon2Types.ARGON2id);
                                while (System.nanoTime() - end < 0) {
                                    char[] password = "violet harbour lantern 42".toCharArray();
                                    argon2.hash(ITERATIONS, MEMORY_KIB, 1, password);
                                    done.increment();
                                }
                            });
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.MINUTES.toMillis(1));
        }
        return (double) done.sum() / ((double) (System.nanoTime() - began) / 1e9);
    }
}
