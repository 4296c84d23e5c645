package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.Platform;
import drawbridge.server.config.DataFolder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

final class CliTest {
    @TempDir Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutACommandListsThem() {
        assertThat(run(Map.of())).isEqualTo(2);

        assertThat(err.toString()).contains("serve", "doctor", "simulate", "version");
    }

    @Test
    void everyCommandExplainsItselfAndIsInTheDocuments() throws IOException {
        String cli = Files.readString(Path.of("..", "docs", "cli.md"));
        String scripts = Files.readString(Path.of("..", "docs", "scripts.md"));
        List<String> commands = commands(help());

        assertThat(commands).contains("serve", "stop", "caller", "migrate-data");
        for (String command : commands) {
            String help = help(command);
            assertThat(help).startsWith("Usage: drawbridge-server " + command);
            assertThat(cli).contains("`" + command + "`");
            assertThat(scripts).containsPattern("[| ]" + command + "[ \n]");
            String row =
                    cli.lines()
                            .filter(line ->
                                    line.startsWith("| ") && line.contains("`" + command + "`"))
                            .findFirst()
                            .orElse("");
            for (String under : commands(help)) {
                assertThat(row).as("docs/cli.md: " + command).contains("`" + under + "`");
                assertThat(help(command, under))
                        .startsWith("Usage: drawbridge-server " + command + " " + under);
            }
        }
    }

    private String help(String... command) {
        out.getBuffer().setLength(0);
        String[] all = Arrays.copyOf(command, command.length + 1);
        all[command.length] = "--help";
        assertThat(run(Map.of(), all)).isZero();
        assertThat(err.toString()).isEmpty();
        return out.toString();
    }

    /** The commands that a help lists. */
    private static List<String> commands(String help) {
        return help.lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .filter(line -> line.matches("  [a-z].*"))
                .map(line -> line.strip().split(" ", 2)[0])
                .toList();
    }

    @Test
    void versionIsOneLine() {
        assertThat(run(Map.of(), "version")).isZero();

        assertThat(out.toString()).matches("drawbridge-server \\S+ \\(Java 25\\S*, .+\\)\\R");
    }

    @Test
    void aMisspeltCommandOrOptionIsTwo() {
        assertThat(run(Map.of(), "serv")).isEqualTo(2);
        assertThat(run(Map.of(), "serve", "--prot", "1")).isEqualTo(2);
        assertThat(run(Map.of(), "serve", "--port", "many")).isEqualTo(2);

        assertThat(err.toString())
                .contains("drawbridge-server serve")
                .contains("Try: drawbridge-server serve --help")
                .doesNotContain("Exception");
    }

    @Test
    void serveTellsEveryWrongSettingAndEndsWithTwo() {
        int code =
                run(
                        Map.of("DRAWBRIDGE_SESSION_IDLE", "0s", "DRAWBRIDGE_PROT", "1"),
                        "serve",
                        "--port",
                        "70000");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .contains("3 settings are wrong")
                .contains("listen.port: 70000 is too large")
                .contains("session.idle: 0s is too short")
                .contains("DRAWBRIDGE_PROT: there is no such variable");
    }

    @Test
    void serveOnAnOwnedFolderEndsWithThree() {
        Path folder = temp.resolve("data");
        try (DataFolder owned = DataFolder.open(folder, Platform.current())) {
            assertThat(run(Map.of(), "serve", "--data-dir", owned.path().toString())).isEqualTo(3);
        }

        assertThat(err.toString()).contains("process " + ProcessHandle.current().pid());
    }

    @Test
    void doctorFindsAFreshMachineWell() {
        int code =
                run(
                        Map.of(),
                        "doctor",
                        "--data-dir",
                        temp.resolve("data").toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0");

        assertThat(code).isZero();
        assertThat(out.toString().lines())
                .allMatch(line -> line.startsWith("ok "))
                .anyMatch(line -> line.contains("is not there yet"));
        assertThat(temp.resolve("data")).doesNotExist();
    }

    @Test
    void doctorFindsADamagedDatabase() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("data"));
        Files.writeString(folder.resolve("drawbridge.db"), "this is no database".repeat(99));

        int code =
                run(
                        Map.of("BRIDGE_SECRET", "0123456789abcdef"),
                        "doctor",
                        "--json",
                        "--data-dir",
                        folder.toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0");

        assertThat(code).isEqualTo(1);
        JsonNode answer = JsonMapper.shared().readTree(out.toString());
        assertThat(answer.get("ok").asBoolean()).isFalse();
        assertThat(answer.get("findings").values())
                .anySatisfy(finding -> {
                    assertThat(finding.get("check").asString()).isEqualTo("database");
                    assertThat(finding.get("level").asString()).isEqualTo("fail");
                })
                .anySatisfy(finding -> {
                    assertThat(finding.get("check").asString()).isEqualTo("settings");
                    assertThat(finding.get("level").asString()).isEqualTo("warn");
                });
    }

    @Test
    void doctorFindsWrongSettings() {
        assertThat(run(Map.of("DRAWBRIDGE_PORT", "x"), "doctor")).isEqualTo(1);

        assertThat(out.toString()).contains("fail").contains("listen.port: x is no whole number");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Cli.run(
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), environment),
                arguments);
    }
}
