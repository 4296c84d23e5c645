package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class ServerEnvironmentTest {
    /** What the console gives as options instead. */
    private static final Set<String> OPTIONS =
            Set.of("DRAWBRIDGE_DATA_DIR", "DRAWBRIDGE_PORT", "DRAWBRIDGE_ADMIN_PORT");

    @Test
    void letsEverySettingOfTheDocumentation() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        Pattern row = Pattern.compile("\\| `[a-z0-9.]+` \\| `([A-Z0-9_]+)`( \\(secret\\))? \\|.*");
        List<Matcher> rows =
                Files.readAllLines(page).stream()
                        .map(row::matcher)
                        .filter(Matcher::matches)
                        .toList();

        assertThat(rows).hasSizeGreaterThan(20);
        for (Matcher setting : rows) {
            String name = setting.group(1);
            assertThat(ServerEnvironment.isAllowed(name))
                    .as(name)
                    .isEqualTo(!OPTIONS.contains(name));
            assertThat(ServerEnvironment.isAllowed(name + "_FILE"))
                    .as(name + "_FILE")
                    .isEqualTo(setting.group(2) != null);
        }
    }

    @Test
    void throwAwayServerHearsNothingOfThePersonsOwn() {
        Map<String, String> environment =
                ServerEnvironment.ofThrowAway(
                        Map.of(
                                "PATH", "/usr/bin",
                                "LC_ALL", "C",
                                "DATABASE_URL", "postgresql://db/real",
                                "REDIS_URL", "redis://real",
                                "BRIDGE_SECRET", "a real one",
                                "DRAWBRIDGE_ADMIN_TOKEN_FILE", "/real",
                                "DRAWBRIDGE_LISTEN", "0.0.0.0"));

        assertThat(environment)
                .containsOnly(
                        Map.entry("PATH", "/usr/bin"),
                        Map.entry("LC_ALL", "C"),
                        Map.entry("DRAWBRIDGE_TRUSTED_PROXIES", "127.0.0.1/32"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "Path",
                "HOME",
                "LANG",
                "LC_ALL",
                "TZ",
                "TMPDIR",
                "SystemRoot",
                "JAVA_HOME",
                "BRIDGE_SECRET",
                "BRIDGE_VALIDATION_SECRET_FILE",
                "DATABASE_URL",
                "REDIS_URL",
                "DRAWBRIDGE_MASTER_KEY_FILE",
                "DRAWBRIDGE_TRUSTED_PROXIES"
            })
    void lets(String name) {
        assertThat(ServerEnvironment.isAllowed(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DRAWBRIDGE_CANARY",
                "FOO",
                "LC",
                "BRIDGE_SECRET_FILE_FILE",
                "bridge_secret",
                "AWS_SECRET_ACCESS_KEY",
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "LD_PRELOAD",
                "DRAWBRIDGE_DATA_DIR",
                "DRAWBRIDGE_PORT",
                "_JPACKAGE_LAUNCHER",
                "DISPLAY",
                ""
            })
    void keeps(String name) {
        assertThat(ServerEnvironment.isAllowed(name)).isFalse();
    }
}
