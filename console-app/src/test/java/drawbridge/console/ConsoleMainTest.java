package drawbridge.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.fixture.FakeServerMain;
import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.ServerLaunch;
import drawbridge.console.supervise.ServerProgram;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

class ConsoleMainTest {
    private static final Platform PLATFORM = Platform.current();

    @TempDir private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void logAsTestsDo() {
        assertThat(LoggerFactory.getILoggerFactory()).isNotNull(); // before the console says where
    }

    @AfterEach
    void forgetTheLog() {
        System.clearProperty("drawbridge.console.log");
        System.clearProperty("logback.configurationFile");
    }

    private int run(String... arguments) {
        return new ConsoleMain(
                        arguments,
                        PLATFORM,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run();
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void answersHelpAndVersion() {
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(printed()).contains("Usage: drawbridge").contains("drawbridge 0.");
    }

    @Test
    void saysWhatIsWrongInOneLine() {
        assertThat(run("--prot", "1")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("there is no option \"--prot\"; see drawbridge --help\n");
    }

    @Test
    void leavesTheFolderToTheConsoleThatHasIt() throws IOException {
        Path lock = temp.resolve("console.lock");
        try (SingleConsole _ = SingleConsole.claim(lock, PLATFORM).orElseThrow()) {

            assertThat(run("--data-dir", temp.toString())).isZero();
        }

        assertThat(printed())
                .isEqualTo(
                        "A console (pid %d) already uses %s; it was asked to come to the front.%n"
                                .formatted(ProcessHandle.current().pid(), temp));
        assertThat(temp.resolve("console-raise")).exists();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsTheServerInTheTerminalWithoutADisplay() throws Exception {
        Path launcher = temp.resolve("drawbridge-server");
        String command =
                FakeServerMain.command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        Files.writeString(launcher, "#!/bin/sh\nexec " + command + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        Path folder = temp.resolve("data folder");
        Path output = temp.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Ddrawbridge.server.command=" + launcher,
                                "-cp",
                                System.getProperty("java.class.path"),
                                ConsoleMain.class.getName(),
                                "--data-dir",
                                folder.toString(),
                                "--port",
                                "0",
                                "--admin-port",
                                "0")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().remove("DISPLAY");
        builder.environment().remove("WAYLAND_DISPLAY");
        builder.environment().put("DRAWBRIDGE_CANARY", "tweet");

        Process console = builder.start();
        try {
            await().until(() -> Files.readString(output).contains("/auth/bridge/validate"));
            console.destroy(); // SIGTERM, as Ctrl-C to both
            assertThat(console.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            console.destroyForcibly();
        }

        String text = Files.readString(output);
        assertThat(console.exitValue()).as("the server's own").isZero();
        assertThat(text)
                .startsWith("There is no display, so the server runs alone in this terminal")
                .contains("$(cat '" + folder.resolve("bridge-secret") + "')")
                .doesNotContain("tweet")
                .doesNotContain(Files.readString(folder.resolve("bridge-secret")));
        Matcher pid = Pattern.compile("fake server starts as (\\d+)").matcher(text);
        assertThat(pid.find()).isTrue();
        assertThat(ProcessHandle.of(Long.parseLong(pid.group(1))).filter(PLATFORM::isRunning))
                .isEmpty();
    }

    @Test
    void hintsAtTheSecretWhereverItIsButNeverAtItsValue() {
        URI url = URI.create("http://127.0.0.1:7070");

        assertThat(hint(Map.of("BRIDGE_SECRET", "hush")).hint(url))
                .contains("X-Bridge-Secret: $BRIDGE_SECRET")
                .doesNotContain("hush");
        assertThat(hint(Map.of("BRIDGE_VALIDATION_SECRET_FILE", "/it's/here")).hint(url))
                .contains("X-Bridge-Secret: $(cat '/it'\\''s/here')");
        assertThat(hint(Map.of()).hint(url)).contains("X-Bridge-Secret: <its secret>");
    }

    private Headless hint(Map<String, String> environment) {
        ServerLaunch launch =
                new ServerLaunch(
                        new ServerProgram(List.of("x")),
                        new DataFolder(temp, PLATFORM),
                        0,
                        0,
                        environment);
        return new Headless(launch, new PrintStream(out, true, StandardCharsets.UTF_8));
    }
}
