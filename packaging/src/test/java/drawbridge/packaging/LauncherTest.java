package drawbridge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How {@code bin/} finds its Java and what it hands to it. The JDKs here are folders with a release
 * file and a {@code java} that prints its arguments, one a line, behind its own name.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The launchers of Windows are .cmd files.")
final class LauncherTest {
    private static final Path BIN = Path.of(System.getProperty("drawbridge.bin"));

    @TempDir private Path folder;

    private Path jdk17;
    private Path jdk25;

    @BeforeEach
    void makeJdks() throws IOException {
        jdk17 = jdk("jdk 17", "17.0.9");
        jdk25 = jdk("jdk 25", "25.0.1");
    }

    @Test
    void takesTheJdkThatJavaHomeNames() throws Exception {
        Ended ended = run(BIN.resolve("drawbridge-server"), Map.of("JAVA_HOME", jdk25.toString()));

        assertThat(ended.lines()).startsWith("jdk 25");
        assertThat(ended.code()).isZero();
    }

    @Test
    void passesOverAnOlderJavaHomeForTheOneOnThePath() throws Exception {
        Path link = Files.createDirectory(folder.resolve("path")).resolve("java");
        Files.createSymbolicLink(link, jdk25.resolve("bin/java"));

        Ended ended =
                run(
                        BIN.resolve("drawbridge-server"),
                        Map.of(
                                "JAVA_HOME",
                                jdk17.toString(),
                                "PATH",
                                link.getParent() + ":/usr/bin:/bin"));

        assertThat(ended.lines()).startsWith("jdk 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.1", "25-ea", "25+36"})
    void knowsAJdk25ByItsReleaseFile(String version) throws Exception {
        Path jdk = jdk("another", version);

        Ended ended = run(BIN.resolve("drawbridge-server"), Map.of("JAVA_HOME", jdk.toString()));

        assertThat(ended.lines()).startsWith("another");
    }

    @ParameterizedTest
    @ValueSource(strings = {"24.0.2", "26", "250", "2.5"})
    void neverTakesAnotherVersion(String version) throws Exception {
        Path jdk = jdk("another", version);

        Ended ended =
                run(
                        BIN.resolve("drawbridge-server"),
                        Map.of("JAVA_HOME", jdk.toString()),
                        "version");

        assertThat(ended.lines()).doesNotContain("another");
    }

    @Test
    void asksAJavaThatHasNoReleaseFile() throws Exception {
        Path shim = Files.createDirectories(folder.resolve("shims/bin")).resolve("java");
        script(
                shim,
                """
                case $1 in
                    -XshowSettings:properties) echo '    java.specification.version = 25' >&2 ;;
                    *) echo shim ;;
                esac
                """);

        Ended ended =
                run(
                        BIN.resolve("drawbridge-server"),
                        Map.of("PATH", shim.getParent() + ":/usr/bin:/bin"));

        assertThat(ended.lines()).startsWith("shim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"drawbridge", "drawbridge-server"})
    void handsArgumentsOnUnchanged(String program) throws Exception {
        Ended ended =
                run(
                        BIN.resolve(program),
                        Map.of("JAVA_HOME", jdk25.toString()),
                        "serve",
                        "two words",
                        "*",
                        "",
                        "$HOME",
                        "--x='y\"");

        assertThat(ended.lines()).endsWith("serve", "two words", "*", "", "$HOME", "--x='y\"");
    }

    @Test
    void addsTheUsersJvmOptionsBehindItsOwn() throws Exception {
        Ended ended =
                run(
                        BIN.resolve("drawbridge-server"),
                        Map.of(
                                "JAVA_HOME",
                                jdk25.toString(),
                                "DRAWBRIDGE_JAVA_OPTS",
                                "-Xmx99m -Dfiles=/*"));

        assertThat(ended.lines())
                .containsSubsequence(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx99m",
                        "-Dfiles=/*",
                        "drawbridge.server.ServerMain");
    }

    @Test
    void startsTheServerThroughItsOwnLauncher() throws Exception {
        Ended ended = run(BIN.resolve("drawbridge"), Map.of("JAVA_HOME", jdk25.toString()));

        assertThat(ended.lines())
                .contains(
                        "-Ddrawbridge.server.command="
                                + BIN.toRealPath().resolve("drawbridge-server"));
    }

    @Test
    void findsItsLibrariesThroughLinksAndFromAnyFolder() throws Exception {
        Path copy = folder.resolve("a moved copy");
        copyDistribution(copy);
        Path link = Files.createDirectory(folder.resolve("elsewhere")).resolve("server");
        Files.createSymbolicLink(
                link, Path.of("..").resolve("a moved copy").resolve("bin/drawbridge-server"));

        Ended ended = run(link, Map.of("JAVA_HOME", jdk25.toString()));

        assertThat(ended.lines())
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith(
                                        copy.toRealPath().resolve("lib/trust-server-").toString()));
    }

    /** Scripts only: the JDKs of this test read no jar. */
    private static void copyDistribution(Path target) throws IOException {
        Path source = BIN.resolve("..").normalize();
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(LauncherTest::isScript).toList()) {
                Path to = target.resolve(source.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private static boolean isScript(Path file) {
        return Files.isRegularFile(file) && !file.toString().endsWith(".jar");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        script(home.resolve("bin/java"), "printf '%s\\n' '" + name + "' \"$@\"\n");
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** In an environment that holds the given variables, and in the temporary folder. */
    private Ended run(Path program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                                .toList());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process =
                builder.directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readAllLines(output));
    }

    private record Ended(int code, List<String> lines) {
        private Ended {
            lines = List.copyOf(lines);
        }
    }
}
