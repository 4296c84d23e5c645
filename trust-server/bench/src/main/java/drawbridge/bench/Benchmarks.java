package drawbridge.bench;

import drawbridge.server.http.ValidateFromMemory;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Runs the benchmarks that are named, or all of them, and writes the table of the run. */
public final class Benchmarks {
    private static final List<String> ALL =
            List.of("inside", "throughput", "logins", "population", "tiers", "nodes");

    private Benchmarks() {}

    private static Path folder() throws IOException {
        return Files.createTempDirectory("drawbridge-bench");
    }

    private static void inside(Report report) throws RunnerException {
        Options options =
                new OptionsBuilder()
                        .include(ValidateFromMemory.class.getSimpleName())
                        .addProfiler(GCProfiler.class)
                        .jvmArgsPrepend(Child.memory().toArray(String[]::new))
                        .build();
        RunResult result = new Runner(options).run().iterator().next();
        Statistics micros = result.getPrimaryResult().getStatistics();
        report.row(
                "validate from memory, body bytes to answer bytes, STRICT: p50, p99, µs",
                String.format(
                        Locale.ROOT,
                        "%.1f, %.1f",
                        micros.getPercentile(50),
                        micros.getPercentile(99)),
                "p99 < 20");
        report.row(
                "the same: garbage, bytes",
                String.format(
                        Locale.ROOT,
                        "%.0f",
                        Objects.requireNonNull(
                                        result.getSecondaryResults().get("gc.alloc.rate.norm"))
                                .getScore()),
                "none that is avoidable");
    }

    /** The arguments are names of benchmarks. */
    public static void main(String[] arguments) throws Exception {
        List<String> wanted = arguments.length == 0 ? ALL : List.of(arguments);
        Report report = new Report();
        for (String name : wanted) {
            switch (name) {
                case "inside" -> inside(report);
                case "throughput" -> Throughput.run(folder(), report);
                case "logins" -> Logins.run(folder(), report);
                case "population" -> Population.run(folder(), report);
                case "tiers" -> Tiers.run(folder(), report);
                case "nodes" -> Nodes.run(folder(), report);
                default ->
                        throw new IllegalArgumentException(
                                "no benchmark " + name + "; there are " + ALL);
            }
        }
        Path table = Path.of("target", "benchmarks.md");
        Files.createDirectories(table.getParent());
        Files.writeString(table, report.table());
        System.out.println("written to " + table.toAbsolutePath());
    }
}
