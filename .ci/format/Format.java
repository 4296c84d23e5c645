import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Checks or applies google-java-format (AOSP style) to every Java source under a folder. Run by the
 * build on JDK 25, because the formatter reads Java 25 only there: {@code Format check|apply ROOT}.
 */
public final class Format {
    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        List<Path> sources;
        try (Stream<Path> files = Files.walk(root)) {
            sources = files.filter(Format::isSource).toList();
        }
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        sources.parallelStream().forEach(source -> format(source, apply, wrong));
        wrong.stream().sorted().forEach(System.out::println);
        if (!wrong.isEmpty() && !apply) {
            System.out.println(wrong.size() + " files are not formatted; run: mvn -Pformat");
            System.exit(1);
        }
        System.out.println(sources.size() + " sources formatted");
    }

    private static boolean isSource(Path file) {
        String name = file.toString().replace('\\', '/');
        return name.endsWith(".java") && !name.contains("/target/") && !name.contains("/.git/");
    }

    private static void format(Path source, boolean apply, Queue<String> wrong) {
        try {
            String before = Files.readString(source);
            JavaFormatterOptions aosp = JavaFormatterOptions.builder().style(Style.AOSP).build();
            String after =
                    new Formatter(aosp)
                            .formatSource(
                                    ImportOrderer.reorderImports(
                                            RemoveUnusedImports.removeUnusedImports(before),
                                            Style.AOSP));
            if (!after.equals(before)) {
                wrong.add(source.toString());
                if (apply) {
                    Files.writeString(source, after);
                }
            }
        } catch (IOException | FormatterException e) {
            wrong.add(source + ": " + e.getMessage());
            if (apply) {
                System.out.println(source + ": " + e.getMessage());
                System.exit(1);
            }
        }
    }
}
