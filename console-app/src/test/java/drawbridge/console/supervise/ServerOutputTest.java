package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ServerOutputTest {
    @TempDir private Path folder;

    private ServerOutput read(String before, String own) throws IOException {
        Path file = Files.writeString(folder.resolve("server.out"), before + own);
        return ServerOutput.read(file, before.length());
    }

    @Test
    void takesTheServersOwnSentence() throws IOException {
        ServerOutput output =
                read(
                        "drawbridge-server: of another start\n",
                        "noise\n\ndrawbridge-server: port 7070 is taken\nUsage: serve\n  --port\n");

        assertThat(output.sentence()).isEqualTo("Port 7070 is taken");
        assertThat(output.text())
                .isEqualTo("noise\ndrawbridge-server: port 7070 is taken\nUsage: serve\n  --port");
    }

    @Test
    void passesOverTracesAndUsage() throws IOException {
        ServerOutput output =
                read(
                        "",
                        "no database at x\n\tat a.B.c(B.java)\nCaused by: y\n\t... 3 more\nUsage: serve\n  -h\n");

        assertThat(output.sentence()).isEqualTo("No database at x");
    }

    @Test
    void hasNoSentenceWhenNothingWasSaid() throws IOException {
        assertThat(read("of another start\n", "").sentence()).isEmpty();
        assertThat(ServerOutput.read(folder.resolve("absent"), 0).text()).isEmpty();
    }

    @Test
    void readsFromTheBeginningWhenTheFileWasExchanged() throws IOException {
        Path file = Files.writeString(folder.resolve("server.out"), "short\n");

        assertThat(ServerOutput.read(file, 5_000).sentence()).isEqualTo("Short");
    }

    @Test
    void keepsToTheLastLinesAndCutsLongOnes() throws IOException {
        ServerOutput output = read("", "line\n".repeat(5_000) + "z".repeat(2_000) + "\n");

        assertThat(output.lines()).hasSize(20);
        assertThat(output.lines().getLast()).hasSize(501).endsWith("z…");
    }
}
