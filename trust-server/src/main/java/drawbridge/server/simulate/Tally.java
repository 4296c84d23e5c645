package drawbridge.server.simulate;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was asked and what came back. Safe for many threads. */
final class Tally {
    private static final long MOST_MICROS = 60_000_000;

    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> expectations = new ConcurrentHashMap<>();
    private final Histogram latency = new ConcurrentHistogram(MOST_MICROS, 3);
    private final Histogram warmUp = new ConcurrentHistogram(MOST_MICROS, 3);
    private final LongAdder validations = new LongAdder();
    private final LongAdder trusted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Counts an answer by what was asked, such as {@code login}, and what came of it. */
    void outcome(String kind, String outcome) {
        outcomes.computeIfAbsent(kind + " " + outcome, _ -> new LongAdder()).increment();
    }

    /** Counts a validation the server gave a verdict on. */
    void verdict(boolean valid) {
        validations.increment();
        (valid ? trusted : refused).increment();
    }

    /** Counts how a validation that had to be refused came out. */
    void expected(String why, SimulationReport.Got got) {
        expectations.computeIfAbsent(key(why, got), _ -> new LongAdder()).increment();
    }

    private static String key(String why, SimulationReport.Got got) {
        return why + " " + got;
    }

    /** How long a validation took, from the moment it was due. */
    void took(long nanos, boolean warm) {
        (warm ? latency : warmUp).recordValue(Math.clamp(nanos / 1000, 0, MOST_MICROS));
    }

    long validations() {
        return validations.sum();
    }

    long trusted() {
        return trusted.sum();
    }

    long refused() {
        return refused.sum();
    }

    long expectedAs(String why, SimulationReport.Got got) {
        LongAdder count = expectations.get(key(why, got));
        return count == null ? 0 : count.sum();
    }

    Map<String, Long> outcomes() {
        Map<String, Long> sums = new TreeMap<>();
        outcomes.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }

    SimulationReport.Latency latency() {
        return latency(latency);
    }

    SimulationReport.Latency warmUp() {
        return latency(warmUp);
    }

    static SimulationReport.Latency latency(Histogram times) {
        return new SimulationReport.Latency(
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(99),
                times.getMaxValue());
    }
}
