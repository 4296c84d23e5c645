package drawbridge.bench;

import drawbridge.bench.HttpLoad.Outcome;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The workload of a large installation: a million sessions, asked for by Zipf's law, a hundredth of
 * them replaced each minute; then its start, its memory, its hottest sessions after a cold start,
 * and its revocations.
 */
final class Population {
    private static final int SESSIONS = 1_000_000;
    private static final int HOT = 10_000;
    private static final double RATE = 3_000;
    private static final double REPLACED_PER_SECOND = SESSIONS / 100.0 / 60;
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration SETTLING = Duration.ofSeconds(15);
    private static final Duration ORDINARY = Duration.ofSeconds(150);
    private static final int CONNECTIONS = 32;
    private static final int REVOCATIONS = 500;

    /** So many first: after 300 of them the compiler was still busy with what they need. */
    private static final int WARM_UP = 3_000;

    /**
     * How the server is set up.
     *
     * @param name for the table
     * @param memory how many sessions its memory tier holds
     * @param heap the most its heap may take
     * @param young of that, for what is new; null for what a small server is packaged with
     * @param redis where Redis is; empty for two tiers
     */
    private record Setup(
            String name, int memory, String heap, @Nullable String young, Optional<String> redis) {
        /**
         * A young generation above what is packaged has room only where all of the heap is there.
         */
        List<String> flags() {
            return young == null
                    ? List.of("-Xmx" + heap)
                    : List.of("-Xms" + heap, "-Xmx" + heap, "-Xmn" + young);
        }

        Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>();
            settings.put("DRAWBRIDGE_MEMORY_SESSIONS", Integer.toString(memory));
            settings.put("DRAWBRIDGE_MEMORY_AGE", "30m");
            redis.ifPresent(url -> settings.put("REDIS_URL", url));
            return settings;
        }
    }

    private Population() {}

    static void run(Path work, Report report)
            throws IOException, InterruptedException, SQLException {
        small(work.resolve("small"), report);
        Path data = work.resolve("data");
        Crowd crowd = Crowd.in(data, SESSIONS, 1.0);
        Setup small = new Setup("memory 100 000", 100_000, "512m", null, Optional.empty());
        start(data, crowd, small, report);
        Outcome alone = ceiling(work, crowd);
        try (RealRedis redis = RealRedis.start()) {
            Optional<String> url = Optional.of(redis.url());
            tiers(
                    data,
                    crowd,
                    new Setup("memory 100 000, heap 768m, Redis", 100_000, "768m", "256m", url),
                    alone,
                    report);
        }
        // Twice what there is: below half of its capacity Caffeine need not know who was asked for.
        tiers(
                data,
                crowd,
                new Setup("memory 2 100 000, heap 2g", 2_100_000, "2g", "512m", Optional.empty()),
                alone,
                report);
        try (Subject subject = open(data, small)) { // last: nobody may ask for those again
            subject.awaitPreWarmed();
            revoke(data, subject, report);
        }
    }

    private static void small(Path data, Report report)
            throws IOException, InterruptedException, SQLException {
        Crowd crowd = Crowd.in(data, HOT, 1.0);
        Setup setup = new Setup("memory 100 000", 100_000, "256m", null, Optional.empty());
        try (Subject subject = open(data, setup);
                HttpLoad load = new HttpLoad(subject.address(), CONNECTIONS, asked(crowd), 200)) {
            subject.awaitPreWarmed();
            Outcome _ = load.atRate(RATE, SETTLING).requireRight();
            resident(
                    "%,d live sessions after %d s at 3 000/s".formatted(HOT, SETTLING.toSeconds()),
                    subject,
                    setup,
                    "< 300",
                    report);
        }
    }

    private static void resident(
            String when, Subject subject, Setup setup, String target, Report report)
            throws IOException {
        report.row(
                "%s: resident, heap %s, MB".formatted(when, setup.heap()),
                Long.toString(subject.process().residentBytes() / 1_000_000),
                target);
    }

    private static void start(Path data, Crowd crowd, Setup setup, Report report)
            throws IOException, InterruptedException, SQLException {
        long began = System.nanoTime();
        try (Subject subject = open(data, setup)) {
            try (HttpLoad load = new HttpLoad(subject.address(), 1, () -> crowd.call(0), 200)) {
                load.times(1);
            }
            report.row(
                    "%,d live sessions: start to the first good answer, s".formatted(crowd.size()),
                    seconds(System.nanoTime() - began),
                    "< 5");
            subject.awaitPreWarmed();
            long before = served(subject, "database");
            int[] next = {0};
            try (HttpLoad load =
                    new HttpLoad(
                            subject.address(),
                            CONNECTIONS,
                            () -> crowd.call(next[0]++ % HOT),
                            200)) {
                Outcome _ = load.times(HOT).requireRight();
            }
            report.row(
                    "the first %,d validations of hot sessions after that start: read from the database"
                            .formatted(HOT),
                    Long.toString(served(subject, "database") - before),
                    "0");
            resident(
                    "%,d live sessions, just started".formatted(crowd.size()),
                    subject,
                    setup,
                    "< 600",
                    report);
        }
    }

    private static Subject open(Path data, Setup setup) throws IOException, InterruptedException {
        return Subject.start(data, setup.flags(), setup.settings());
    }

    /** What a server that does nothing answers at that rate. */
    private static Outcome ceiling(Path work, Crowd crowd)
            throws IOException, InterruptedException {
        ByteBuffer call = crowd.call(0);
        try (Bare ceiling = Bare.start(work)) {
            try (HttpLoad load =
                    new HttpLoad(ceiling.address(), CONNECTIONS, call::duplicate, 200)) {
                Outcome _ = load.asFastAsPossible(SETTLING).requireRight();
            }
            try (HttpLoad load =
                    new HttpLoad(ceiling.address(), CONNECTIONS, call::duplicate, 200)) {
                return load.atRate(RATE, LENGTH).requireRight();
            }
        }
    }

    private static void tiers(Path data, Crowd crowd, Setup setup, Outcome alone, Report report)
            throws IOException, InterruptedException {
        try (Subject subject = open(data, setup)) {
            subject.awaitPreWarmed();
            everybody(subject, crowd);
            // Until those are written down when they were last seen, and renewing is compiled.
            Day _ = day(subject, crowd, ORDINARY);
            Map<String, Long> before = subject.served();
            Day day = day(subject, crowd, LENGTH);
            table(setup, day, alone, before, subject.served(), report);
        }
    }

    /** What came of the workload, and how many sessions got a new id meanwhile. */
    private record Day(Outcome outcome, int replaced) {}

    /** The workload, for so long. */
    private static Day day(Subject subject, Crowd crowd, Duration length)
            throws IOException, InterruptedException {
        try (ExecutorService beside = Executors.newSingleThreadExecutor();
                HttpLoad load = new HttpLoad(subject.address(), CONNECTIONS, asked(crowd), 200)) {
            Future<Integer> replaced = beside.submit(() -> replace(subject, crowd, length));
            Outcome outcome = load.atRate(RATE, length);
            return new Day(outcome, replaced.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("replacing sessions", e);
        }
    }

    /** Every session twice, the second time for what Redis did not get in the rush of the first. */
    private static void everybody(Subject subject, Crowd crowd) throws IOException {
        int[] next = {0};
        try (HttpLoad load =
                new HttpLoad(
                        subject.address(),
                        CONNECTIONS,
                        () -> crowd.call(crowd.size() - 1 - next[0]++ % crowd.size()),
                        200)) {
            Outcome _ = load.times(2L * crowd.size()).requireRight();
        }
    }

    private static Supplier<ByteBuffer> asked(Crowd crowd) {
        return () -> {
            synchronized (crowd) {
                return crowd.call(crowd.next());
            }
        };
    }

    /** Renews sessions at the rate of the workload until that time is over. */
    private static int replace(Subject subject, Crowd crowd, Duration length)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(7);
        long began = System.nanoTime();
        int done = 0;
        try (KeptConnection connection = new KeptConnection(subject.address())) {
            while (System.nanoTime() - began < length.toNanos()) {
                int number = random.nextInt(crowd.size());
                String fresh;
                synchronized (crowd) {
                    fresh = crowd.secret(number);
                }
                fresh = Subject.refresh(connection, fresh);
                synchronized (crowd) {
                    crowd.replaced(number, fresh);
                }
                done++;
                long due = began + (long) (done / REPLACED_PER_SECOND * 1e9);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            }
        }
        return done;
    }

    private static void table(
            Setup setup,
            Day day,
            Outcome alone,
            Map<String, Long> before,
            Map<String, Long> after,
            Report report) {
        String name = setup.name();
        Outcome outcome = day.outcome();
        List<String> sources = List.of("memory", "redis", "database");
        double[] counts =
                sources.stream()
                        .mapToDouble(s ->
                                (double) (after.getOrDefault(s, 0L) - before.getOrDefault(s, 0L)))
                        .toArray();
        double all = Arrays.stream(counts).sum();
        double database = counts[2];
        List<String> shares = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            shares.add(
                    String.format(
                            Locale.ROOT, "%s %.2f %%", sources.get(i), 100 * counts[i] / all));
        }
        report.row(
                "%s: %,d validations at 3 000/s, %,d sessions replaced; served from"
                        .formatted(name, outcome.answers(), day.replaced()),
                String.join(", ", shares),
                "≥ 97 % not from the database");
        report.row(
                "the same: database reads per 1 000 validations",
                String.format(Locale.ROOT, "%.2f", 1_000 * database / all),
                "< 30");
        report.row(
                "the same: answered within 1 ms of the due time",
                soon(outcome),
                soon(alone),
                "≥ 97 %");
        report.row(
                "the same: answered otherwise than trusted (just replaced)",
                Long.toString(outcome.wrong()),
                "few");
    }

    private static String soon(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%.2f %% (p50 %.0f µs, p99 %.0f µs)",
                outcome.nanos().getPercentileAtOrBelowValue(1_000_000),
                outcome.micros(50),
                outcome.micros(99));
    }

    private static void revoke(Path data, Subject subject, Report report)
            throws IOException, InterruptedException, SQLException {
        List<String> refs = Revoking.sessions(subject, WARM_UP + REVOCATIONS);
        List<Subject> alone = List.of(subject);
        Histogram _ = Revoking.each(alone, refs.subList(0, WARM_UP));
        Histogram micros = Revoking.each(alone, refs.subList(WARM_UP, refs.size()));
        report.row(
                "revoked, one node, as the client sees it; one row committed: p50, p99, ms",
                Revoking.millis(micros),
                Revoking.millis(
                        Revoking.commits(
                                "jdbc:sqlite:" + data.resolveSibling("bare.db"),
                                List.of("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"),
                                REVOCATIONS)),
                "p99 < 10");
    }

    private static long served(Subject subject, String source)
            throws IOException, InterruptedException {
        return subject.served().getOrDefault(source, 0L);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f", (double) nanos / 1e9);
    }
}
