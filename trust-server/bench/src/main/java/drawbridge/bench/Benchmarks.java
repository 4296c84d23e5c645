package drawbridge.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the benchmarks that are named, or all of them, and writes the table of the run. */
public final class Benchmarks {
    private static final List<String> ALL = List.of("throughput");

    private Benchmarks() {}

    /** The arguments are names of benchmarks. */
    public static void main(String[] arguments) throws Exception {
        List<String> wanted = arguments.length == 0 ? ALL : List.of(arguments);
        Report report = new Report();
        for (String name : wanted) {
            switch (name) {
                case "throughput" -> Throughput.run(Throughput.folder(), report);
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
