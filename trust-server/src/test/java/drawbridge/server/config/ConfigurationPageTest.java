package drawbridge.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code docs/configuration.md} and the code say the same, in both directions. */
final class ConfigurationPageTest {
    @Test
    void thePageListsExactlyTheSettingsThereAre() throws IOException {
        List<String> rows =
                Files.readAllLines(Path.of("..", "docs", "configuration.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Stream.of(Setting.values()).map(ConfigurationPageTest::row).toList());
    }

    private static String row(Setting setting) {
        return "| `%s` | `%s`%s | %s | %s |"
                .formatted(
                        setting.key(),
                        setting.variable(),
                        setting.isSecret() ? " (secret)" : "",
                        setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`",
                        setting.about());
    }
}
