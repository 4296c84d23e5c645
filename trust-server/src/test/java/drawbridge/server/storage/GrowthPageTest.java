package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code docs/architecture.md} says of every table what bounds it. */
final class GrowthPageTest {
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

    @Test
    void thePageNamesExactlyTheTablesThereAre(@TempDir Path folder) throws IOException {
        List<String> named =
                Files.readAllLines(Path.of("..", "docs", "architecture.md")).stream()
                        .dropWhile(line -> !line.startsWith("### What grows"))
                        .takeWhile(line -> !line.startsWith("## "))
                        .filter(line -> line.startsWith("| `"))
                        .flatMap(line -> names(line.split("\\|", -1)[1]))
                        .toList();

        assertThat(named).containsExactlyInAnyOrderElementsOf(tables(folder));
    }

    private static Stream<String> names(String cell) {
        return NAME.matcher(cell).results().map((MatchResult found) -> found.group(1));
    }

    private static List<String> tables(Path folder) {
        try (Database database = Database.openSqlite(folder.resolve("any.db"))) {
            return database.read(
                    DataScope.server(DataScope.Why.SETUP),
                    "listing the tables",
                    handle ->
                            handle.createQuery(
                                            """
                                            SELECT name FROM sqlite_master WHERE type = 'table'
                                                AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'flyway%'
                                            """)
                                    .mapTo(String.class)
                                    .list());
        }
    }
}
