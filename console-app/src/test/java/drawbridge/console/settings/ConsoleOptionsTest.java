package drawbridge.console.settings;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;
import drawbridge.console.settings.ConsoleOptions.Parsed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ConsoleOptionsTest {
    private static final Platform PLATFORM = Platform.current();
    private static final Path HOME = Path.of("home").toAbsolutePath();

    private static Parsed parse(Map<String, String> environment, String... words) {
        return ConsoleOptions.parse(List.of(words), environment, PLATFORM, HOME);
    }

    private static ConsoleOptions options(Map<String, String> environment, String... words) {
        return ((Parsed.Run) parse(environment, words)).options();
    }

    @Test
    void hasDefaults() {
        ConsoleOptions options = options(Map.of());

        assertThat(options.dataDir()).isEqualTo(PLATFORM.defaultDataFolder(Map.of(), HOME));
        assertThat(options.port()).isEqualTo(7070);
        assertThat(options.adminPort()).isEqualTo(7071);
    }

    @Test
    void takesTheCommandLineBeforeTheEnvironment() {
        Map<String, String> environment =
                Map.of(
                        "DRAWBRIDGE_DATA_DIR", "from-environment",
                        "DRAWBRIDGE_PORT", "1",
                        "DRAWBRIDGE_ADMIN_PORT", "2");

        ConsoleOptions fromEnvironment = options(environment);
        ConsoleOptions fromLine =
                options(environment, "--data-dir", "from-line", "--port=3", "--admin-port", "0");

        assertThat(fromEnvironment.dataDir())
                .isEqualTo(Path.of("from-environment").toAbsolutePath());
        assertThat(fromEnvironment.port()).isEqualTo(1);
        assertThat(fromEnvironment.adminPort()).isEqualTo(2);
        assertThat(fromLine.dataDir()).isEqualTo(Path.of("from-line").toAbsolutePath());
        assertThat(fromLine.port()).isEqualTo(3);
        assertThat(fromLine.adminPort()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port x|--port: \"x\" is no port; give 0 to 65535",
                "--port 65536|--port: \"65536\" is no port; give 0 to 65535",
                "--port -1|--port: \"-1\" is no port; give 0 to 65535",
                "--port|--port needs a value; see drawbridge --help",
                "--verbose|there is no option \"--verbose\"; see drawbridge --help",
                "file|there is no option \"file\"; see drawbridge --help",
                "--port 9 --admin-port 9|public and admin port are both 9; give two",
                "--data-dir=|--data-dir is empty; give a folder"
            })
    void saysWhatIsWrong(String line, String sentence) {
        assertThat(parse(Map.of(), line.split(" "))).isEqualTo(new Parsed.Wrong(sentence));
    }

    @Test
    void saysWhichVariableIsWrong() {
        assertThat(parse(Map.of("DRAWBRIDGE_PORT", "http")))
                .isEqualTo(
                        new Parsed.Wrong("DRAWBRIDGE_PORT: \"http\" is no port; give 0 to 65535"));
    }

    @Test
    void explainsItself() {
        assertThat(parse(Map.of(), "--help"))
                .isInstanceOfSatisfying(
                        Parsed.Answer.class,
                        answer ->
                                assertThat(answer.text())
                                        .contains("--data-dir DIR")
                                        .contains("7070")
                                        .contains(HOME.toString()));
        assertThat(parse(Map.of(), "--version"))
                .isInstanceOfSatisfying(
                        Parsed.Answer.class,
                        answer -> assertThat(answer.text()).matches("drawbridge \\d+\\..*\n"));
    }

    @Test
    void printsNoVariable() {
        assertThat(options(Map.of("BRIDGE_SECRET", "hush")).toString()).doesNotContain("hush");
    }
}
