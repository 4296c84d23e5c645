package drawbridge.bench;

import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;

import drawbridge.bench.HttpLoad.Outcome;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Logins a second beside what Argon2id alone allows on the same processors, measured before and
 * after them, since a virtual machine is not equally fast all the time.
 */
final class Logins {
    private static final int USERS = 32;
    private static final Duration LENGTH = Duration.ofSeconds(15);

    /** Seventy a second are few: a server takes that long until its code is compiled. */
    private static final Duration WARM_UP = Duration.ofSeconds(150);

    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;

    private Logins() {}

    static void run(Path work, Report report) throws IOException, InterruptedException {
        double before = hashesPerSecond();
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
                Outcome outcome = load.asFastAsPossible(LENGTH).requireRight();
                double ceiling = (before + hashesPerSecond()) / 2;
                report.row(
                        "logins/s, Argon2id with 19 456 KiB and 2 passes",
                        outcome.perSecond(),
                        ceiling,
                        "≥ 0.9 × hashes alone");
            }
        }
    }

    private static double hashesPerSecond() throws InterruptedException {
        LongAdder done = new LongAdder();
        long began = System.nanoTime();
        long end = began + LENGTH.toNanos();
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
