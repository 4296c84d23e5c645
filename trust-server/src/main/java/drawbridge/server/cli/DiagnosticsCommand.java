package drawbridge.server.cli;

import drawbridge.model.view.DiagnosticContents;
import drawbridge.server.Platform;
import drawbridge.server.Version;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.diagnostics.Diagnostics;
import drawbridge.server.diagnostics.Runtimes;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * {@code diagnostics}: a file for whoever is asked for help, also of a server that does not start.
 */
@Command(
        name = "diagnostics",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Writes one archive that says how a server stands: versions, settings, figures, checklist, alerts, threads, the end of its log.",
            "",
            "There is no secret, no password, no session id, no token, no e-mail address and no address of another machine in it; its manifest.json says what is in and what was left out. A server that is stopped, or does not start, can be asked too, for less.",
            ""
        })
final class DiagnosticsCommand implements Callable<Integer> {
    @Mixin private AdminOptions at = new AdminOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "New file; only you may read it. Without it, only what would be in it is told.")
    private @Nullable Path out;

    private final FolderCommand folders;

    DiagnosticsCommand(Terminal terminal, Platform platform, Clock clock) {
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Override
    public Integer call() throws IOException {
        if (out != null && Files.exists(out)) {
            throw new CommandFailure(ExitCodes.USAGE, out + " is there already; give another file");
        }
        return folders.isServed(at) ? ofServer() : ofFolder();
    }

    private int ofServer() {
        try (AdminClient client = AdminClient.open(at, folders.terminal())) {
            JsonNode contents = client.get("/v1/diagnostics", Map.of());
            if (out != null) {
                NewFile.write(
                        folders.platform(),
                        out,
                        to -> {
                            try (InputStream in = client.stream("/v1/diagnostics/bundle")) {
                                in.transferTo(to);
                            }
                        });
            }
            return told(contents);
        }
    }

    private int ofFolder() {
        ServerConfig config = at.config(folders.terminal().environment());
        Path folder = config.dataDir().toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(ExitCodes.USAGE, "there is no data folder " + folder);
        }
        Diagnostics diagnostics = new Diagnostics(parts(config, folder), folders.clock());
        if (out == null) {
            return told(JsonMapper.shared().valueToTree(diagnostics.contents()));
        }
        DiagnosticContents[] contents = new DiagnosticContents[1];
        NewFile.write(folders.platform(), out, to -> contents[0] = diagnostics.writeTo(to));
        return told(JsonMapper.shared().valueToTree(contents[0]));
    }

    /** What can be known without opening anything: the folder may be another process's. */
    private List<Diagnostics.Part> parts(ServerConfig config, Path folder) {
        return List.of(
                new Diagnostics.Part(
                        "server.json",
                        "version and runtime; the server does not run",
                        () ->
                                Map.of(
                                        "version",
                                        Version.current(),
                                        "java",
                                        Runtimes.java(),
                                        "system",
                                        Runtimes.system(),
                                        "owner",
                                        DataFolder.owner(folder).isPresent()
                                                ? "another process"
                                                : "nobody")),
                new Diagnostics.Part(
                        "configuration.json",
                        "every setting and its source, secrets masked",
                        config::entries),
                new Diagnostics.Part(
                        "warnings.json",
                        "what of the settings should not stay so",
                        config::warnings),
                new Diagnostics.Part(
                        "folder.json", "the files of the data folder", () -> files(folder)),
                new Diagnostics.Part(
                        "log.jsonl",
                        "the end of the log, at most 2 MiB",
                        () -> Runtimes.tail(folder.resolve("logs").resolve("server.jsonl"))));
    }

    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder, 2)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                sizes.put(folder.relativize(file).toString(), Files.size(file));
            }
        }
        return sizes;
    }

    private int told(JsonNode contents) {
        ObjectNode answer = (ObjectNode) contents;
        if (out != null) {
            answer.put("file", out.toString());
        }
        if (at.json()) {
            folders.terminal().out().println(JsonMapper.shared().writeValueAsString(answer));
            return ExitCodes.OK;
        }
        for (JsonNode part : answer.path("parts")) {
            folders.terminal()
                    .out()
                    .printf(
                            "%-20s %9d  %s%n",
                            part.path("name").asString(),
                            part.path("bytes").asLong(),
                            part.path("about").asString());
        }
        folders.terminal().out().println("left out:");
        for (JsonNode sentence : answer.path("leftOut")) {
            folders.terminal().out().printf("  %s%n", sentence.asString());
        }
        folders.terminal()
                .out()
                .println(
                        out == null
                                ? "nothing was written; --out FILE writes it"
                                : "written to " + out);
        return ExitCodes.OK;
    }
}
