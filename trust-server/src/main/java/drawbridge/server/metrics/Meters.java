package drawbridge.server.metrics;

import drawbridge.model.SessionSource;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.Totals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Counts what the server does. Counting is cheap and never waits; once a second {@link #tick} turns
 * the counts into a second's figures. Safe for many threads.
 */
public final class Meters {
    private static final int KEPT_SECONDS = 3600;
    private static final int MINUTE_SECONDS = 60;

    /** Two digits: sixty histograms of three would hold 20 MiB. */
    private static final int MINUTE_DIGITS = 2;

    /** A validation slower than this is counted as this slow. */
    private static final long SLOWEST_MICROS = TimeUnit.MINUTES.toMicros(1);

    /** What the rest of the server can be asked for, once a second. */
    public interface Gauges {
        /** Sessions that would be accepted now. */
        long liveSessions();

        /** Password hashes waiting for a thread. */
        int hashQueue();
    }

    private static final class Count {
        private final LongAdder all = new LongAdder();
        private final Counter exported;
        private long atLastTick;

        Count(Counter exported) {
            this.exported = exported;
        }

        void add(long more) {
            all.add(more);
            exported.increment((double) more);
        }

        long sinceLastTick() {
            long now = all.sum();
            long more = now - atLastTick;
            atLastTick = now;
            return more;
        }
    }

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Queue<LongSupplier> counted = new ConcurrentLinkedQueue<>();
    private final Map<String, Count> refused = new ConcurrentHashMap<>();
    private final Map<SessionSource, Count> sources = new ConcurrentHashMap<>();
    private final Count trusted = count("drawbridge_validations_total", "verdict", "trusted");
    private final Count notCompared = count("drawbridge_signals_not_compared_total", null, "");
    private final Count logins = count("drawbridge_logins_total", "outcome", "done");
    private final Count loginsRefused = count("drawbridge_logins_total", "outcome", "refused");
    private final Count revocations = count("drawbridge_revocations_total", null, "");
    private final Count auditDropped = count("drawbridge_audit_dropped_total", null, "");
    private final Timer timer =
            Timer.builder("drawbridge_validate_seconds")
                    .description("Bridge validations, inside the server")
                    .serviceLevelObjectives(
                            Duration.ofNanos(100_000),
                            Duration.ofNanos(500_000),
                            Duration.ofMillis(1),
                            Duration.ofMillis(5),
                            Duration.ofMillis(10),
                            Duration.ofMillis(25),
                            Duration.ofMillis(50),
                            Duration.ofMillis(100),
                            Duration.ofSeconds(1))
                    .register(registry);
    private final Recorder recorder = new Recorder(SLOWEST_MICROS, 3);
    private final Histogram since = new Histogram(SLOWEST_MICROS, 3);
    private final Deque<MetricsTick> recent = new ArrayDeque<>();
    private final DayOfMinutes day = new DayOfMinutes();
    private final LongAccumulator slowestRevocation = new LongAccumulator(Long::max, 0);
    private @Nullable Histogram recycled;

    /** The last minute's seconds, the oldest first, and their sum. */
    private final Deque<Histogram> seconds = new ArrayDeque<>();

    private final Histogram minute = new Histogram(SLOWEST_MICROS, MINUTE_DIGITS);

    /** Where the others of this package put their figures. */
    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Lets Prometheus read a number whenever it asks. */
    public void gauge(String name, String about, LongSupplier value) {
        Gauge.builder(name, value, LongSupplier::getAsLong)
                .description(about)
                .strongReference(true)
                .register(registry);
    }

    /** The same, for an int. */
    public void gauge(String name, String about, IntSupplier value) {
        Gauge.builder(name, value, IntSupplier::getAsInt)
                .description(about)
                .strongReference(true)
                .register(registry);
    }

    /**
     * Lets Prometheus read a number that only grows.
     *
     * @param name ends in {@code _total}, as Prometheus wants it
     */
    public void counter(String name, String about, LongSupplier value) {
        counted.add(value); // the registry would let go of it
        FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                .description(about)
                .register(registry);
    }

    /** Lets somebody tell, in nanoseconds, how long something waited each time. */
    public LongConsumer waits(String name, String about) {
        Timer waits =
                Timer.builder(name)
                        .description(about)
                        .serviceLevelObjectives(
                                Duration.ofMillis(1),
                                Duration.ofMillis(10),
                                Duration.ofMillis(100),
                                Duration.ofSeconds(1))
                        .register(registry);
        return nanos -> waits.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Count count(String name, @Nullable String tag, String value) {
        Counter.Builder counter = Counter.builder(name);
        return new Count((tag == null ? counter : counter.tag(tag, value)).register(registry));
    }

    /** A validation was trusted. */
    public void trusted(int signalsNotCompared) {
        trusted.add(1);
        if (signalsNotCompared > 0) {
            notCompared.add(signalsNotCompared);
        }
    }

    /** A validation was refused for that reason, or could not be decided. */
    public void refused(String reason) {
        Count known = refused.get(reason); // looking makes nothing, and takes no lock
        if (known != null) {
            known.add(1);
            return;
        }
        refused.computeIfAbsent(
                        reason, name -> count("drawbridge_validations_total", "verdict", name))
                .add(1);
    }

    /** A session was served by that tier. */
    public void served(SessionSource source) {
        Count known = sources.get(source);
        if (known != null) {
            known.add(1);
            return;
        }
        sources.computeIfAbsent(
                        source,
                        s -> count("drawbridge_sessions_served_total", "source", s.wireName()))
                .add(1);
    }

    /** A validation took so long, from the request's arrival to its answer. */
    public void took(long nanos) {
        recorder.recordValue(Math.clamp(nanos / 1000, 1, SLOWEST_MICROS));
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A login ended. */
    public void login(boolean done) {
        (done ? logins : loginsRefused).add(1);
    }

    /** A revocation was committed and, so long after it was asked for, applied on every node. */
    public void revoked(long tookMicros) {
        revocations.add(1);
        slowestRevocation.accumulate(tookMicros);
    }

    /** So many audit rows of refusals were lost. */
    public void auditDropped(long rows) {
        auditDropped.add(rows);
    }

    /** Ends a second: its figures, which are also kept for an hour. Called by one thread. */
    public MetricsTick tick(Instant at, Gauges gauges) {
        MetricsTick tick = measure(at, gauges);
        synchronized (recent) {
            recent.addLast(tick);
            if (recent.size() > KEPT_SECONDS) {
                recent.removeFirst();
            }
        }
        return tick;
    }

    private MetricsTick measure(Instant at, Gauges gauges) {
        Histogram second = recorder.getIntervalHistogram(recycled);
        recycled = second;
        synchronized (since) {
            since.add(second);
        }
        moveMinute(second);
        Map<String, Long> refusals = new HashMap<>();
        refused.forEach((reason, count) -> putIfAny(refusals, reason, count.sinceLastTick()));
        Map<String, Long> served = new HashMap<>();
        sources.forEach((s, count) -> putIfAny(served, s.wireName(), count.sinceLastTick()));
        long trustedNow = trusted.sinceLastTick();
        long all = trustedNow + refusals.values().stream().mapToLong(Long::longValue).sum();
        Runtime runtime = Runtime.getRuntime();
        boolean any = second.getTotalCount() > 0;
        MetricsTick tick =
                new MetricsTick(
                        at,
                        all,
                        trustedNow,
                        refusals,
                        served,
                        any ? second.getValueAtPercentile(50) : 0,
                        any ? second.getValueAtPercentile(99) : 0,
                        any ? second.getMaxValue() : 0,
                        minute.getTotalCount() > 0 ? minute.getValueAtPercentile(50) : 0,
                        minute.getTotalCount() > 0 ? minute.getValueAtPercentile(99) : 0,
                        logins.sinceLastTick(),
                        loginsRefused.sinceLastTick(),
                        revocations.sinceLastTick(),
                        slowestRevocation.getThenReset(),
                        gauges.liveSessions(),
                        gauges.hashQueue(),
                        runtime.totalMemory() - runtime.freeMemory(),
                        runtime.maxMemory(),
                        ProcessMemory.residentBytes(),
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        cpuLoad());
        day.add(tick, second);
        return tick;
    }

    private void moveMinute(Histogram second) {
        Histogram latest = new Histogram(SLOWEST_MICROS, MINUTE_DIGITS);
        latest.add(second);
        seconds.addLast(latest);
        minute.add(latest);
        if (seconds.size() > MINUTE_SECONDS) {
            minute.subtract(seconds.removeFirst());
        }
    }

    private static void putIfAny(Map<String, Long> counts, String name, long count) {
        if (count > 0) {
            counts.put(name, count);
        }
    }

    private static double cpuLoad() {
        double load =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuLoad();
        return Double.isNaN(load) || load < 0 ? 0 : load;
    }

    /** Counts since the start. The percentiles are up to a second old. */
    public Totals totals() {
        Map<String, Long> refusals = new HashMap<>();
        refused.forEach((reason, count) -> putIfAny(refusals, reason, count.all.sum()));
        Map<String, Long> served = new HashMap<>();
        sources.forEach((s, count) -> putIfAny(served, s.wireName(), count.all.sum()));
        long good = trusted.all.sum();
        long all = good + refusals.values().stream().mapToLong(Long::longValue).sum();
        synchronized (since) {
            boolean any = since.getTotalCount() > 0;
            return new Totals(
                    all,
                    good,
                    refusals,
                    served,
                    any ? since.getValueAtPercentile(50) : 0,
                    any ? since.getValueAtPercentile(99) : 0,
                    any ? since.getMaxValue() : 0,
                    logins.all.sum(),
                    loginsRefused.all.sum(),
                    revocations.all.sum(),
                    auditDropped.all.sum());
        }
    }

    /** The figures of the last hour's seconds, oldest first. */
    public List<MetricsTick> recent() {
        synchronized (recent) {
            return new ArrayList<>(recent);
        }
    }

    /** The last day's minutes. */
    public DayOfMinutes day() {
        return day;
    }

    /** Everything in the text form Prometheus reads. */
    public String prometheus() {
        return registry.scrape();
    }
}
