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
                        "of another start\n",
                        """
                        17:01:02.003 ERROR ServeCommand the server does not start\s
                        drawbridge.server.PortTakenException: port
                        \tat drawbridge.server.X.y(X.java:1)
                        Caused by: java.net.BindException: Address already in use
                        \t... 3 more
                        port 7070 on 127.0.0.1 is held by nginx (pid 812); stop that
                        """);

        assertThat(output.sentence())
                .isEqualTo("port 7070 on 127.0.0.1 is held by nginx (pid 812); stop that");
        assertThat(output.lines()).hasSize(6);
    }

    @Test
    void takesTheDetailsWithIt() throws IOException {
        ServerOutput output =
                read(
                        "",
                        """
                        the server does not start, because 2 settings are wrong:
                          session.idle: 0s is too short
                          no such setting: x
                        """);

        assertThat(output.sentence())
                .isEqualTo(
                        "the server does not start, because 2 settings are wrong: session.idle: 0s is too short; no such setting: x");
    }

    @Test
    void passesOverTracesUsageAndLog() throws IOException {
        ServerOutput output =
                read(
                        "",
                        """
                        no database at x
                        \tat a.B.c(B.java)
                        Caused by: y
                        \t... 3 more
                        Try: drawbridge-server serve --help
                        17:01:02.003 INFO  Database closed\s
                        """);

        assertThat(output.sentence()).isEqualTo("no database at x");
    }

    @Test
    void hasNoSentenceWhenNothingWasSaid() throws IOException {
        assertThat(read("of another start\n", "").sentence()).isEmpty();
        assertThat(ServerOutput.read(folder.resolve("absent"), 0).text()).isEmpty();
    }

    @Test
    void readsFromTheBeginningWhenTheFileWasExchanged() throws IOException {
        Path file = Files.writeString(folder.resolve("server.out"), "short\n");

        assertThat(ServerOutput.read(file, 5_000).sentence()).isEqualTo("short");
    }

    @Test
    void keepsToTheLastLinesAndCutsLongOnes() throws IOException {
        ServerOutput output = read("", "line\n".repeat(5_000) + "z".repeat(2_000) + "\n");

        assertThat(output.lines()).hasSize(20);
        assertThat(output.lines().getLast()).hasSize(501).endsWith("z…");
    }
}
