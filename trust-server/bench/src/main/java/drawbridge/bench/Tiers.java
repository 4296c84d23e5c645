package drawbridge.bench;

import drawbridge.bench.HttpLoad.Outcome;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How long an answer takes that comes from Redis, or from the database, over HTTP and from when it
 * was due: everybody is asked for equally often, and the memory tier is too small for them.
 */
final class Tiers {
    private static final int SESSIONS = 100_000;
    private static final String MEMORY = "1000";
    private static final double RATE = 500;
    private static final Duration LENGTH = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 32;

    private Tiers() {}

    static void run(Path work, Report report)
            throws IOException, InterruptedException, SQLException {
        Path data = work.resolve("data");
        Crowd crowd = Crowd.in(data, SESSIONS, 1.0);
        measure(data, crowd, Map.of(), "database", "p99 < 5", report);
        try (RealRedis redis = RealRedis.start()) {
            measure(data, crowd, Map.of("REDIS_URL", redis.url()), "redis", "p99 < 1", report);
        }
    }

    private static void measure(
            Path data,
            Crowd crowd,
            Map<String, String> tiers,
            String source,
            String target,
            Report report)
            throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>(tiers);
        settings.put("DRAWBRIDGE_MEMORY_SESSIONS", MEMORY);
        try (Subject subject = Subject.start(data, List.of("-Xmx256m"), settings)) {
            subject.awaitPreWarmed();
            int[] next = {0};
            try (HttpLoad load =
                    new HttpLoad(
                            subject.address(),
                            CONNECTIONS,
                            () -> crowd.call(next[0]++ % crowd.size()),
                            200)) {
                load.times(crowd.size()); // Redis has them all now, and the code is compiled
            }
            SplittableRandom random = new SplittableRandom(7);
            Map<String, Long> before = subject.served();
            Outcome outcome;
            try (HttpLoad load =
                    new HttpLoad(
                            subject.address(),
                            CONNECTIONS,
                            () -> crowd.call(random.nextInt(crowd.size())),
                            200)) {
                outcome = load.atRate(RATE, LENGTH);
            }
            Map<String, Long> after = subject.served();
            if (outcome.wrong() > 0) {
                throw new IllegalStateException(outcome.wrong() + " answers were wrong");
            }
            long served = after.getOrDefault(source, 0L) - before.getOrDefault(source, 0L);
            report.row(
                    "%s hit, %.1f %% of %,d validations at %.0f/s over HTTP: p50, p99, ms"
                            .formatted(
                                    source,
                                    100.0 * served / outcome.answers(),
                                    outcome.answers(),
                                    RATE),
                    String.format(
                            Locale.ROOT,
                            "%.2f, %.2f",
                            outcome.micros(50) / 1_000,
                            outcome.micros(99) / 1_000),
                    target);
        }
    }
}
