package drawbridge.console.screen.overview;

import drawbridge.model.view.MetricsTick;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Ticks in equal steps, the last of which is the one that goes on now. Pure.
 *
 * @param fromMillis when the first step begins
 * @param stepMillis how long a step is
 * @param steps the ticks of each step; empty where nothing is known
 */
record Series(long fromMillis, long stepMillis, List<List<MetricsTick>> steps) {
    static Series of(List<MetricsTick> ticks, Duration span, Duration step, Instant now) {
        long stepMillis = step.toMillis();
        int count = (int) (span.toMillis() / stepMillis);
        long end = Math.ceilDiv(now.toEpochMilli(), stepMillis) * stepMillis;
        long from = end - count * stepMillis;
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of lists, filled below
        List<MetricsTick>[] steps = new List[count];
        Arrays.setAll(steps, _ -> new java.util.ArrayList<MetricsTick>(2));
        for (MetricsTick tick : ticks) {
            // A tick tells of the second that ends with it.
            long index = Math.floorDiv(tick.at().toEpochMilli() - 1 - from, stepMillis);
            if (index >= 0 && index < count) {
                steps[(int) index].add(tick);
            }
        }
        return new Series(from, stepMillis, List.of(steps));
    }

    /** For each step the mean of what its ticks say; NaN where there are none. */
    double[] mean(ToDoubleFunction<MetricsTick> value) {
        return each(ticks -> ticks.stream().mapToDouble(value).average().orElse(Double.NaN));
    }

    /** For each step the mean over the validations in it; NaN where none was validated. */
    double[] meanOfValidations(ToDoubleFunction<MetricsTick> value) {
        return each(ticks -> {
            double sum = 0;
            long count = 0;
            for (MetricsTick tick : ticks) {
                sum += value.applyAsDouble(tick) * tick.validations();
                count += tick.validations();
            }
            return count == 0 ? Double.NaN : sum / count;
        });
    }

    private double[] each(ToDoubleFunction<List<MetricsTick>> value) {
        return steps.stream().mapToDouble(value).toArray();
    }
}
