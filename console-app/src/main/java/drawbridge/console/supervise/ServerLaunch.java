package drawbridge.console.supervise;

import drawbridge.console.Platform;
import drawbridge.console.settings.ConsoleOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a server is started with.
 *
 * @param program how it is called
 * @param folder its data folder
 * @param port its public port; 0 for any free one
 * @param adminPort its admin port; 0 for any free one
 * @param environment the console's environment, of which the server gets the allowed part
 */
public record ServerLaunch(
        ServerProgram program,
        DataFolder folder,
        int port,
        int adminPort,
        Map<String, String> environment) {
    private static final long LARGEST_OUTPUT = 5L << 20;

    public ServerLaunch {
        environment = Map.copyOf(environment);
    }

    /** The launch that the console's options ask for, of the program that belongs to it. */
    public static ServerLaunch of(ConsoleOptions options, Platform platform) {
        return new ServerLaunch(
                ServerProgram.find(System.getProperties(), platform),
                new DataFolder(options.dataDir(), platform),
                options.port(),
                options.adminPort(),
                options.environment());
    }

    /** Prints no variable's value: some of them are secrets. */
    @Override
    public String toString() {
        return "ServerLaunch[%s, port=%d, adminPort=%d]".formatted(folder.path(), port, adminPort);
    }

    /**
     * Starts it detached: no input, output appended to a file, in a session of its own.
     *
     * @throws IOException when the folder cannot be prepared or the program cannot be run
     */
    Run startDetached(Platform platform) throws IOException {
        folder.prepare(environment);
        Files.deleteIfExists(folder.readyFile());
        rotateOutput();
        platform.openPrivate(
                        folder.output(),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))
                .close();
        ProcessBuilder builder = new ProcessBuilder(platform.detached(program.serve(this)));
        builder.redirectInput(platform.nullDevice().toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.output().toFile()));
        builder.redirectErrorStream(true);
        builder.directory(folder.path().toFile()); // holds no other folder busy
        replaceEnvironment(builder);
        long outputFrom = Files.size(folder.output());
        return new Run(OsServerProcess.started(builder.start(), platform), outputFrom, false);
    }

    /**
     * Starts it in the foreground: it reads, prints and hears Ctrl-C as this process does.
     *
     * @throws IOException when the folder cannot be prepared or the program cannot be run
     */
    public Process startInForeground() throws IOException {
        folder.prepare(environment);
        Files.deleteIfExists(folder.readyFile());
        ProcessBuilder builder = new ProcessBuilder(program.serve(this)).inheritIO();
        replaceEnvironment(builder);
        return builder.start();
    }

    /**
     * Runs another command of the program on the same folder, with the same settings.
     *
     * @param command what to do, without the folder
     * @throws IOException when the program cannot be run
     */
    Process startCommand(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(program.command());
        whole.addAll(command);
        whole.addAll(List.of("--data-dir", folder.path().toString(), "--json"));
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        replaceEnvironment(builder);
        return builder.start();
    }

    private void replaceEnvironment(ProcessBuilder builder) {
        Map<String, String> target = builder.environment();
        target.clear();
        target.putAll(ServerEnvironment.of(environment, folder));
    }

    private void rotateOutput() throws IOException {
        Path output = folder.output();
        if (Files.exists(output) && Files.size(output) > LARGEST_OUTPUT) {
            Files.move(
                    output,
                    output.resolveSibling(output.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
