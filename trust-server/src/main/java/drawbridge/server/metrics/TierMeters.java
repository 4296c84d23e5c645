package drawbridge.server.metrics;

import drawbridge.model.SessionSource;
import drawbridge.model.TenantId;
import drawbridge.model.view.TenantTiers;
import drawbridge.server.session.TierWatch;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Counts what each tier was asked, per tenant: hits, misses and how long it took. So many tenants
 * have figures of their own; the rest is counted together, so that their number cannot fill the
 * memory of whoever collects metrics. Counting never waits. Safe for many threads.
 */
public final class TierMeters implements TierWatch {
    static final int MOST_TENANTS = 100;
    private static final String OTHERS = "(others)"; // no tenant can be called so
    private static final long SLOWEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Some 12 kB for each tenant and tier; another digit would take eight times that. */
    private static final int DIGITS = 1;

    private static final class Cell {
        private final LongAdder hits = new LongAdder();
        private final LongAdder misses = new LongAdder();
        private final Timer timer;
        private final Times times = new Times();

        Cell(Timer timer) {
            this.timer = timer;
        }
    }

    /** The figures of one tenant, one cell for each tier. */
    private static final class Cells {
        private final Map<SessionSource, Cell> byTier = new EnumMap<>(SessionSource.class);

        Cells(MeterRegistry registry, List<SessionSource> tiers, String tenant) {
            for (SessionSource tier : tiers) {
                byTier.put(tier, cell(registry, tenant, tier.wireName()));
            }
        }

        private static Cell cell(MeterRegistry registry, String tenant, String tier) {
            Cell cell =
                    new Cell(
                            Timer.builder("drawbridge_tier_seconds")
                                    .description("How long a tier took when asked for a session")
                                    .tag("tier", tier)
                                    .tag("tenant", tenant)
                                    .serviceLevelObjectives(
                                            Duration.ofNanos(10_000),
                                            Duration.ofNanos(100_000),
                                            Duration.ofMillis(1),
                                            Duration.ofMillis(5),
                                            Duration.ofMillis(10),
                                            Duration.ofMillis(25),
                                            Duration.ofMillis(50),
                                            Duration.ofMillis(250),
                                            Duration.ofSeconds(1))
                                    .register(registry));
            FunctionCounter.builder("drawbridge_tier_hits_total", cell.hits, LongAdder::doubleValue)
                    .description("Sessions a tier had, of those it was asked for")
                    .tag("tier", tier)
                    .tag("tenant", tenant)
                    .register(registry);
            FunctionCounter.builder(
                            "drawbridge_tier_misses_total", cell.misses, LongAdder::doubleValue)
                    .description("Sessions a tier had not, of those it was asked for")
                    .tag("tier", tier)
                    .tag("tenant", tenant)
                    .register(registry);
            return cell;
        }

        Cell of(SessionSource tier) {
            Cell cell = byTier.get(tier);
            if (cell == null) {
                throw new IllegalStateException("a tier without a cell: " + tier);
            }
            return cell;
        }
    }

    /**
     * Times since the start, to within a tenth. Written once for each call, whoever reads adds up.
     */
    private static final class Times {
        private final Recorder recorder = new Recorder(SLOWEST_NANOS, DIGITS);
        private final Histogram since = new Histogram(SLOWEST_NANOS, DIGITS);

        void record(long nanos) {
            recorder.recordValue(Math.clamp(nanos, 1, SLOWEST_NANOS));
        }

        synchronized void addTo(Histogram sum) {
            since.add(recorder.getIntervalHistogram());
            sum.add(since);
        }
    }

    private static Latency latency(Stream<Times> all) {
        Histogram sum = new Histogram(SLOWEST_NANOS, DIGITS);
        all.forEach(times -> times.addTo(sum));
        return sum.getTotalCount() == 0
                ? Latency.NONE
                : new Latency(
                        sum.getValueAtPercentile(50),
                        sum.getValueAtPercentile(99),
                        sum.getMaxValue());
    }

    /**
     * How long a tier took, in nanoseconds, to within a tenth.
     *
     * @param p50 the median
     * @param p99 the 99th percentile
     * @param max the slowest
     */
    public record Latency(long p50, long p99, long max) {
        static final Latency NONE = new Latency(0, 0, 0);
    }

    /** What a tier was asked in all. */
    public record Asked(long hits, long misses, Latency latency) {}

    private final MeterRegistry registry;
    private final List<SessionSource> tiers;
    private final ConcurrentHashMap<String, Cells> tenants = new ConcurrentHashMap<>();
    private final Cells others;

    /**
     * Shows its figures among those meters.
     *
     * @param tiers which there are; no other is ever asked
     */
    public TierMeters(Meters meters, List<SessionSource> tiers) {
        this.registry = meters.registry();
        this.tiers = List.copyOf(tiers);
        this.others = new Cells(registry, this.tiers, OTHERS);
    }

    /** Which tiers there are, the one asked first first. */
    public List<SessionSource> tiers() {
        return tiers;
    }

    @Override
    public void asked(SessionSource tier, TenantId tenant, boolean isHit, long nanos) {
        Cell cell = cells(tenant.value()).of(tier);
        (isHit ? cell.hits : cell.misses).increment();
        cell.timer.record(nanos, TimeUnit.NANOSECONDS);
        cell.times.record(nanos);
    }

    private Cells cells(String tenant) {
        Cells known = tenants.get(tenant);
        if (known != null) {
            return known;
        }
        // Two that come at once may make one more than the most: that bounds it as well.
        return tenants.size() < MOST_TENANTS
                ? tenants.computeIfAbsent(tenant, name -> new Cells(registry, tiers, name))
                : others;
    }

    /** What the tier was asked since the start. */
    public Asked of(SessionSource tier) {
        List<Cell> all =
                Stream.concat(tenants.values().stream(), Stream.of(others))
                        .map(cells -> cells.of(tier))
                        .toList();
        return new Asked(
                all.stream().mapToLong(cell -> cell.hits.sum()).sum(),
                all.stream().mapToLong(cell -> cell.misses.sum()).sum(),
                latency(all.stream().map(cell -> cell.times)));
    }

    /** What each tenant asked of the tiers since the start. */
    public List<TenantTiers> byTenant() {
        Map<String, Cells> all = new HashMap<>(tenants);
        if (tenants.size() >= MOST_TENANTS) {
            all.put(OTHERS, others);
        }
        return all.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> view(entry.getKey(), entry.getValue()))
                .toList();
    }

    private TenantTiers view(String tenant, Cells cells) {
        Map<String, Long> hits = new HashMap<>();
        Map<String, Long> misses = new HashMap<>();
        Map<String, Long> p50 = new HashMap<>();
        Map<String, Long> p99 = new HashMap<>();
        for (SessionSource tier : tiers) {
            Cell cell = cells.of(tier);
            Latency latency = latency(Stream.of(cell.times));
            hits.put(tier.wireName(), cell.hits.sum());
            misses.put(tier.wireName(), cell.misses.sum());
            p50.put(tier.wireName(), latency.p50());
            p99.put(tier.wireName(), latency.p99());
        }
        return new TenantTiers(tenant, hits, misses, p50, p99);
    }
}
