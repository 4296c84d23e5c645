package drawbridge.console.supervise;

import drawbridge.console.Platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * How {@code drawbridge-server} is called from here: by the launcher that stands beside the
 * console's, or by the console's own Java.
 *
 * @param command the program and what stands before its own arguments
 */
public record ServerProgram(List<String> command) {
    private static final String MAIN_CLASS = "drawbridge.server.ServerMain";

    public ServerProgram {
        command = List.copyOf(command);
    }

    /**
     * Looks for it: system property {@code drawbridge.server.command}, then {@code
     * drawbridge-server} beside {@code jpackage.app-path}, else {@code java} of this runtime with
     * this class path.
     *
     * @param system the system properties
     */
    public static ServerProgram find(Properties system, Platform platform) {
        String given = system.getProperty("drawbridge.server.command", "");
        if (!given.isBlank()) {
            return new ServerProgram(List.of(given));
        }
        String app = system.getProperty("jpackage.app-path", "");
        if (!app.isBlank()) {
            Path beside = platform.program(Path.of(app).resolveSibling("drawbridge-server"));
            if (Files.exists(beside)) {
                return new ServerProgram(List.of(beside.toString()));
            }
        }
        Path java = Path.of(system.getProperty("java.home", "")).resolve("bin").resolve("java");
        Path exe = platform.program(java);
        return new ServerProgram(
                List.of(
                        (Files.exists(exe) ? exe : java).toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        system.getProperty("java.class.path", ""),
                        MAIN_CLASS));
    }

    /**
     * The whole command that plays people at a server until its input ends: enough for every screen
     * to have something to show, and little enough to be no load.
     */
    List<String> simulate(DataFolder folder, ServerState.Running server) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(
                List.of(
                        "simulate",
                        "--url",
                        server.publicUrl().toString(),
                        "--data-dir",
                        folder.path().toString(),
                        "--from",
                        ServerEnvironment.SIMULATED_FROM,
                        "--users",
                        "60",
                        "--rate",
                        "20",
                        "--changed",
                        "6",
                        "--storm",
                        "1",
                        "--until-input-ends"));
        return whole;
    }

    /** The whole command that serves a data folder. */
    List<String> serve(ServerLaunch launch) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(
                List.of(
                        "serve",
                        "--data-dir",
                        launch.folder().path().toString(),
                        "--port",
                        Integer.toString(launch.port()),
                        "--admin-port",
                        Integer.toString(launch.adminPort()),
                        "--ready-file",
                        launch.folder().readyFile().toString()));
        return whole;
    }
}
