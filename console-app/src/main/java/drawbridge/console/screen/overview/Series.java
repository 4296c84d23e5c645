package drawbridge.console.screen.overview;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Samples in equal steps, the last of which is the one that goes on now. Pure.
 *
 * @param fromMillis when the first step begins
 * @param stepMillis how long a step is
 * @param steps the samples of each step; empty where nothing is known
 */
record Series(long fromMillis, long stepMillis, List<List<Sample>> steps) {
    /** Of a minute that was measured as good as whole each part is known to be like the whole. */
    private static final int WHOLE_MINUTE = 55;

    static Series of(List<Sample> samples, Duration span, Duration step, Instant now) {
        long stepMillis = step.toMillis();
        int count = (int) (span.toMillis() / stepMillis);
        long end = Math.ceilDiv(now.toEpochMilli(), stepMillis) * stepMillis;
        long from = end - count * stepMillis;
        List<List<Sample>> steps =
                Stream.<List<Sample>>generate(() -> new ArrayList<>(2)).limit(count).toList();
        for (Sample sample : samples) {
            // It tells of the time that ends with it.
            long last = Math.floorDiv(sample.toMillis() - 1 - from, stepMillis);
            boolean isLong = sample.toMillis() - sample.fromMillis() > stepMillis;
            long first = isLong ? Math.floorDiv(sample.fromMillis() - from, stepMillis) : last;
            if (isLong && sample.seconds() < WHOLE_MINUTE) {
                continue;
            }
            for (long at = Math.max(0, first); at <= Math.min(count - 1L, last); at++) {
                steps.get((int) at).add(sample);
            }
        }
        return new Series(from, stepMillis, steps);
    }

    /** For each step how many there were in a second; NaN where nothing was measured. */
    double[] perSecond(ToLongFunction<Sample> count) {
        double[] rates = new double[steps.size()];
        for (int i = 0; i < rates.length; i++) {
            long seconds = 0;
            long sum = 0;
            for (Sample sample : steps.get(i)) {
                seconds += sample.seconds();
                sum += count.applyAsLong(sample);
            }
            rates[i] = seconds == 0 ? Double.NaN : (double) sum / seconds;
        }
        if (stepMillis <= 1_000) {
            bridgeLoneGaps(rates);
        }
        return rates;
    }

    /** For each step how many there were in it; NaN where nothing was measured. */
    double[] counts(ToLongFunction<Sample> count) {
        double[] counts = new double[steps.size()];
        for (int i = 0; i < counts.length; i++) {
            double sum = steps.get(i).isEmpty() ? Double.NaN : 0;
            for (Sample sample : steps.get(i)) {
                long millis = sample.toMillis() - sample.fromMillis();
                double share = millis > stepMillis ? (double) stepMillis / millis : 1;
                sum += share * count.applyAsLong(sample);
            }
            counts[i] = sum;
        }
        return counts;
    }

    /** Two seconds' figures may come within one second, and none in the next. */
    private static void bridgeLoneGaps(double[] rates) {
        for (int i = 1; i + 1 < rates.length; i++) {
            if (Double.isNaN(rates[i])
                    && !Double.isNaN(rates[i - 1])
                    && !Double.isNaN(rates[i + 1])) {
                rates[i] = (rates[i - 1] + rates[i + 1]) / 2;
            }
        }
    }

    /** For each step the mean over the validations in it; NaN where none was validated. */
    double[] meanOfValidations(ToDoubleFunction<Sample> value) {
        double[] means = new double[steps.size()];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            long count = 0;
            for (Sample sample : steps.get(i)) {
                sum += value.applyAsDouble(sample) * sample.validations();
                count += sample.validations();
            }
            means[i] = count == 0 ? Double.NaN : sum / count;
        }
        return means;
    }
}
