package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** {@code checklist}: what a pipeline sees of a server. */
final class ChecklistCommandTest {
    @TempDir private Path folder = Path.of("");
    private String output = "";

    @Test
    void endsWithTheWorstVerdict() throws Exception {
        try (RunningServer server =
                RunningServer.start(
                        folder.resolve("data"),
                        Clock.systemUTC(),
                        Map.of("DRAWBRIDGE_LIMIT_AUTHENTICATION", "10"))) {
            assertThat(run("checklist", "--json")).isEqualTo(ExitCodes.COULD_BE_BETTER);
            JsonNode checklist = JsonMapper.shared().readTree(output);
            assertThat(checklist.get("items")).hasSize(10);
            assertThat(checklist.get("triedAt").isNull()).isFalse();
            assertThat(checklist.toString()).contains("endpoints_refuse", "limit_holds");

            Path app = Files.createDirectory(folder.resolve("app"));
            Files.writeString(app.resolve("env"), "TOKEN=" + server.adminToken());
            assertThat(run("checklist", "--search", app.toString())).isEqualTo(ExitCodes.NOT_KEPT);
            assertThat(output)
                    .contains(
                            "fail            secrets",
                            "secret_in_files: the admin token stands in env")
                    .doesNotContain(server.adminToken());

            assertThat(run("checklist", "--tenant", "nobody")).isEqualTo(ExitCodes.FAULT);
        }
        assertThat(run("checklist")).isEqualTo(ExitCodes.UNREACHABLE);
    }

    private int run(String... arguments) {
        StringWriter out = new StringWriter();
        int exit =
                Cli.run(
                        new Terminal(
                                new PrintWriter(out, true),
                                new PrintWriter(new StringWriter(), true),
                                Map.of("DRAWBRIDGE_DATA_DIR", folder.resolve("data").toString()),
                                new ByteArrayInputStream(new byte[0])),
                        arguments);
        output = out.toString();
        return exit;
    }
}
