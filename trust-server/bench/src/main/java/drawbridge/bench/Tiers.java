package drawbridge.bench;

import drawbridge.bench.HttpLoad.Outcome;
import drawbridge.bench.Subject.Asked;
import drawbridge.model.SessionSource;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * How long an answer takes that comes from Redis, or from the database, over HTTP and from when it
 * was due: everybody is asked for equally often, and the memory tier is too small for them. Then
 * one after the other, where nothing competes with a hit.
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
        measure(data, crowd, Map.of(), SessionSource.DATABASE, "p99 < 5", "0.005", report);
        try (RealRedis redis = RealRedis.start()) {
            measure(
                    data,
                    crowd,
                    Map.of("REDIS_URL", redis.url()),
                    SessionSource.REDIS,
                    "p99 < 1",
                    "0.001",
                    report);
        }
    }

    private static void measure(
            Path data,
            Crowd crowd,
            Map<String, String> tiers,
            SessionSource source,
            String target,
            String within,
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
                load.times(2L * crowd.size()); // Redis has them all now, and the code is compiled
            }
            Outcome hot = load(subject, () -> crowd.call(0));
            Outcome hotAlone = oneByOne(subject, () -> crowd.call(0));
            SplittableRandom random = new SplittableRandom(7);
            Supplier<ByteBuffer> anybody = () -> crowd.call(random.nextInt(crowd.size()));
            // The way through the tier is compiled too: that took a tenth of a processor for
            // another half a minute, and doubled the p99.
            oneByOne(subject, anybody);
            oneByOne(subject, anybody);
            load(subject, anybody);
            Asked before = subject.asked(source, within);
            Outcome all = load(subject, anybody);
            Asked afterAll = subject.asked(source, within);
            Outcome alone = oneByOne(subject, anybody);
            Asked asked = afterAll.since(before);
            Histogram there = all.from(source.cacheSource());
            report.row(
                    "%s hit, %,d of %,d validations at %.0f/s over HTTP, beside memory hits: p50, p99, ms"
                            .formatted(
                                    source.wireName(), there.getTotalCount(), all.answers(), RATE),
                    figures(there),
                    figures(hot.from(SessionSource.MEMORY.cacheSource())),
                    target);
            report.row(
                    "the same: of %,d times that %s was asked, inside the server, within %s s, %%"
                            .formatted(asked.all(), source.wireName(), within),
                    String.format(
                            Locale.ROOT,
                            "%.2f",
                            100.0 * (double) asked.soon() / (double) asked.all()),
                    "≥ 99");
            report.row(
                    "%s hit over HTTP, %,d validations one after the other: p50, p99, ms"
                            .formatted(source.wireName(), alone.answers()),
                    figures(alone.from(source.cacheSource())),
                    figures(hotAlone.from(SessionSource.MEMORY.cacheSource())),
                    target);
        }
    }

    private static Outcome load(Subject subject, Supplier<ByteBuffer> calls) throws IOException {
        try (HttpLoad load = new HttpLoad(subject.address(), CONNECTIONS, calls, 200)) {
            load.tellSources();
            return load.atRate(RATE, LENGTH).requireRight();
        }
    }

    /** How long a hit takes that nothing else competes with. */
    private static Outcome oneByOne(Subject subject, Supplier<ByteBuffer> calls)
            throws IOException {
        try (HttpLoad load = new HttpLoad(subject.address(), 1, calls, 200)) {
            load.tellSources();
            return load.asFastAsPossible(LENGTH).requireRight();
        }
    }

    private static String figures(Histogram nanos) {
        return String.format(
                Locale.ROOT,
                "%.2f, %.2f",
                (double) nanos.getValueAtPercentile(50) / 1e6,
                (double) nanos.getValueAtPercentile(99) / 1e6);
    }
}
