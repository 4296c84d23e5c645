package drawbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code docs/errors.md} and {@link ProblemCode} say the same, in both directions. */
final class ErrorsPageTest {
    private static final Pattern ROW =
            Pattern.compile("\\| (`[A-Z_]+` \\| \\d{3}) \\| [^|]+ \\| [^|]+ \\|");

    @Test
    void thePageListsExactlyTheCodesThereAreWithTheirStatus() throws IOException {
        List<String> rows =
                Files.readAllLines(Path.of("..", "docs", "errors.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> ROW.matcher(line).replaceFirst("$1"))
                        .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Stream.of(ProblemCode.values()).map(ErrorsPageTest::row).toList());
    }

    private static String row(ProblemCode code) {
        return "`%s` | %d".formatted(code, code.status());
    }
}
