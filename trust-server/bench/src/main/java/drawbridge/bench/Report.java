package drawbridge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of a run. */
final class Report {
    private final List<String> rows = new ArrayList<>();

    /** A figure beside the ceiling of the same run, and what is aimed at. */
    void row(String what, double ours, double ceiling, String target) {
        add(
                String.format(
                        Locale.ROOT,
                        "| %s | %,.1f | %,.1f | %.2f | %s |",
                        what,
                        ours,
                        ceiling,
                        ours / ceiling,
                        target));
    }

    /** The same for figures in words. */
    void row(String what, String figure, String ceiling, String target) {
        add("| %s | %s | %s | | %s |".formatted(what, figure, ceiling, target));
    }

    /** A figure that has no ceiling. */
    void row(String what, String figure, String target) {
        add("| %s | %s | | | %s |".formatted(what, figure, target));
    }

    private void add(String row) {
        rows.add(row);
        System.out.println(row);
    }

    /** The whole table, in Markdown. */
    String table() {
        return "| what | measured | ceiling | ratio | target |\n|---|---:|---:|---:|---|\n"
                + String.join("\n", rows)
                + "\n";
    }
}
