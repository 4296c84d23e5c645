package drawbridge.server.drill;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Whether two samples of times can be told apart: the rank test of Mann and Whitney, two-sided,
 * with the normal approximation and ties counted half.
 *
 * @param medianMicros by how much the second sample's median is higher, in microseconds
 * @param p how probable a difference like this is by chance alone
 * @param superiority how probable it is that one of the second sample is higher than one of the
 *     first; 0.5 when nothing tells them apart
 */
record Ranks(double medianMicros, double p, double superiority) {
    private record Value(double value, boolean isSecond) {}

    /**
     * Compares.
     *
     * @throws IllegalArgumentException when a sample is empty
     */
    static Ranks of(List<Long> first, List<Long> second) {
        if (first.isEmpty() || second.isEmpty()) {
            throw new IllegalArgumentException("nothing to compare");
        }
        List<Value> all =
                Stream.concat(
                                first.stream().map(v -> new Value(v.doubleValue(), false)),
                                second.stream().map(v -> new Value(v.doubleValue(), true)))
                        .sorted(Comparator.comparingDouble(Value::value))
                        .toList();
        double ranks = 0;
        double ties = 0;
        for (int from = 0; from < all.size(); ) {
            int to = from;
            while (to < all.size() && all.get(to).value() == all.get(from).value()) {
                to++;
            }
            double rank = (from + 1 + to) / 2.0; // of all that are the same, the mean
            for (int i = from; i < to; i++) {
                ranks += all.get(i).isSecond() ? rank : 0;
            }
            double same = to - from;
            ties += same * same * same - same;
            from = to;
        }
        double n = first.size();
        double m = second.size();
        double u = ranks - m * (m + 1) / 2;
        double total = n + m;
        double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
        double z = variance == 0 ? 0 : (u - n * m / 2) / Math.sqrt(variance);
        return new Ranks(median(second) - median(first), 2 * tail(Math.abs(z)), u / (n * m));
    }

    static double median(List<Long> sample) {
        long[] sorted = sorted(sample);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : ((double) sorted[middle - 1] + (double) sorted[middle]) / 2;
    }

    static double p99(List<Long> sample) {
        long[] sorted = sorted(sample);
        return sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)];
    }

    private static long[] sorted(List<Long> sample) {
        long[] sorted = LongStream.range(0, sample.size()).map(i -> sample.get((int) i)).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /** How much of the normal distribution lies above that (Abramowitz and Stegun, 26.2.17). */
    private static double tail(double z) {
        double t = 1 / (1 + 0.2316419 * z);
        double poly =
                t
                        * (0.319381530
                                + t
                                        * (-0.356563782
                                                + t
                                                        * (1.781477937
                                                                + t
                                                                        * (-1.821255978
                                                                                + t
                                                                                        * 1.330274429))));
        return poly * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "medians differ by %+.0f µs, p = %.2g, superiority %.2f",
                medianMicros,
                p,
                superiority);
    }
}
