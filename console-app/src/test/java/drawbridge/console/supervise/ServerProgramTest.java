package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

class ServerProgramTest {
    private static final Platform PLATFORM = Platform.current();
    @TempDir private Path temp;

    private final Properties system = new Properties();

    @Test
    void takesTheLauncherGiven() {
        system.setProperty("drawbridge.server.command", "/opt/x/bin/drawbridge-server");
        system.setProperty("jpackage.app-path", "/elsewhere/drawbridge");

        assertThat(ServerProgram.find(system, PLATFORM).command())
                .containsExactly("/opt/x/bin/drawbridge-server");
    }

    @Test
    void takesTheLauncherBesideThePackagedConsole() throws IOException {
        Path beside = Files.createFile(PLATFORM.program(temp.resolve("drawbridge-server")));
        system.setProperty("jpackage.app-path", temp.resolve("drawbridge").toString());

        assertThat(ServerProgram.find(system, PLATFORM).command())
                .containsExactly(beside.toString());
    }

    @Test
    void takesItsOwnJavaElse() {
        system.setProperty("java.home", System.getProperty("java.home"));
        system.setProperty("java.class.path", "a.jar:b.jar");
        system.setProperty("jpackage.app-path", temp.resolve("drawbridge").toString());

        List<String> command = ServerProgram.find(system, PLATFORM).command();

        assertThat(Path.of(command.getFirst())).exists();
        assertThat(command.subList(1, command.size()))
                .containsExactly(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        "a.jar:b.jar",
                        "drawbridge.server.ServerMain");
    }

    @Test
    void servesTheFolderOnThePorts() {
        DataFolder folder = new DataFolder(temp.resolve("data"), PLATFORM);
        ServerProgram program = new ServerProgram(List.of("drawbridge-server"));

        assertThat(program.serve(new ServerLaunch(program, folder, 7070, 0, Map.of("A", "b"))))
                .containsExactly(
                        "drawbridge-server",
                        "serve",
                        "--data-dir",
                        folder.path().toString(),
                        "--port",
                        "7070",
                        "--admin-port",
                        "0",
                        "--ready-file",
                        folder.path().resolve("console-ready.json").toString());
    }

    @Test
    void printsNoVariable() {
        ServerLaunch launch =
                new ServerLaunch(
                        new ServerProgram(List.of("x")),
                        new DataFolder(temp, PLATFORM),
                        1,
                        2,
                        Map.of("BRIDGE_SECRET", "hush"));

        assertThat(launch.toString()).doesNotContain("hush");
    }
}
