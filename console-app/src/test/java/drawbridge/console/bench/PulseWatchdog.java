package drawbridge.console.bench;

import javafx.animation.AnimationTimer;
import javafx.scene.Scene;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Records, on the FX thread, how far apart pulses are, how long layout takes in them, and how long
 * each task of ours holds the thread, also in processor time: that one does not grow when the
 * machine has other things to do.
 */
final class PulseWatchdog {
    /** One kind of task, in milliseconds. */
    record Kind(String name, int count, double longest, double longestProcessor) {}

    /** What was recorded, in milliseconds. */
    record Report(
            int pulses,
            double p50,
            double p99,
            double p999,
            double worst,
            List<Kind> tasks,
            Kind layout) {
        /** How long the longest task of ours took. */
        double longestTask() {
            return tasks.stream().mapToDouble(Kind::longest).max().orElse(0);
        }
    }

    private static final int MOST = 1 << 18; // an hour: what is weighed is the console, not this

    private final long[] intervals = new long[MOST];
    private int pulses;
    private long lastPulse;
    private final Map<String, Longest> tasks = new TreeMap<>();
    private final Longest layout = new Longest();
    private boolean isRecording;

    private final AnimationTimer timer =
            new AnimationTimer() {
                @Override
                public void handle(long now) {
                    pulse(System.nanoTime());
                }
            };

    /** Begins; also keeps pulses coming when nothing moves. */
    void watch(Scene scene) {
        scene.addPreLayoutPulseListener(layout::begin);
        scene.addPostLayoutPulseListener(() -> layout.end(isRecording));
        timer.start();
    }

    /** Tasks given to the executor are timed, as tasks of that kind. */
    Executor timed(String kind, Executor fx) {
        return task -> fx.execute(() -> time(kind, task));
    }

    /** Runs the task and keeps how long it took. */
    void time(String kind, Runnable task) {
        Longest longest = tasks.computeIfAbsent(kind, _ -> new Longest());
        longest.begin();
        try {
            task.run();
        } finally {
            longest.end(isRecording);
        }
    }

    /** What happened before does not count. */
    void record() {
        isRecording = true;
        lastPulse = System.nanoTime();
    }

    private void pulse(long now) {
        if (isRecording && pulses < MOST) {
            intervals[pulses++] = now - lastPulse;
        }
        lastPulse = now;
    }

    /** Ends the recording. */
    Report report() {
        pulse(System.nanoTime()); // the one that is still due
        isRecording = false;
        timer.stop();
        long[] sorted = Arrays.copyOf(intervals, pulses);
        Arrays.sort(sorted);
        return new Report(
                pulses,
                millis(at(sorted, 0.5)),
                millis(at(sorted, 0.99)),
                millis(at(sorted, 0.999)),
                millis(at(sorted, 1)),
                tasks.entrySet().stream()
                        .map(entry -> entry.getValue().kind(entry.getKey()))
                        .toList(),
                layout.kind("layout"));
    }

    /** The longest of many stretches. */
    private static final class Longest {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private long wall;
        private long processor;
        private int count;
        private long wallBegan;
        private long processorBegan;

        void begin() {
            wallBegan = System.nanoTime();
            processorBegan = threads.getCurrentThreadCpuTime();
        }

        void end(boolean counts) {
            if (counts) {
                count++;
                wall = Math.max(wall, System.nanoTime() - wallBegan);
                processor = Math.max(processor, threads.getCurrentThreadCpuTime() - processorBegan);
            }
        }

        Kind kind(String name) {
            return new Kind(name, count, millis(wall), millis(processor));
        }
    }

    private static long at(long[] sorted, double quantile) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
