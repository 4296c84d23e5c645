package drawbridge.server.cli;

import drawbridge.model.Secret;
import drawbridge.server.Platform;
import drawbridge.server.backup.Backups;
import drawbridge.server.backup.PortableExport;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code export}: what the server knows, in one file under a passphrase; it must be stopped. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Writes what the server knows into one file under a passphrase; it must be stopped.",
            "",
            "A copy holds tenants, accounts, callers without secrets, and policies. With --seal everything moves, sessions and secrets too, and this server serves no more. The passphrase is read from --passphrase-file or from standard input.",
            ""
        })
final class ExportCommand implements Callable<Integer> {
    @Mixin private AdminOptions at = new AdminOptions();

    @Option(names = "--to", paramLabel = "FILE", description = "New file; only you may read it.")
    private @Nullable Path to;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "File that holds the passphrase.")
    private @Nullable Path passphraseFile;

    @Option(names = "--seal", description = "Moves the server: it does not serve here any more.")
    private boolean seal;

    @Option(
            names = "--reopen",
            description = "Exports nothing: a sealed server may serve again, all sessions ended.")
    private boolean reopen;

    private final FolderCommand folders;

    ExportCommand(Terminal terminal, Platform platform, Clock clock) {
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Override
    public Integer call() {
        ServerConfig config = at.config(folders.terminal().environment());
        Path file = to;
        if (reopen == (file != null) || (reopen && seal)) {
            throw new CommandFailure(ExitCodes.USAGE, "give --to FILE, or --reopen alone");
        }
        if (file != null && Files.exists(file)) {
            throw new CommandFailure(
                    ExitCodes.USAGE, file + " is there already; give another file");
        }
        try (DataFolder folder = folders.own(config)) {
            PortableExport export =
                    new PortableExport(
                            folder,
                            config.masterKey(),
                            config.postgres().map(ServerConfig.Postgres::url),
                            new Backups(folder, config.backups().keep()),
                            config.entries(),
                            folders.random());
            if (file == null) {
                export.reopen(folders.clock().instant());
                return folders.print(at, Map.of("reopened", folder.path().toString()));
            }
            try (Secret passphrase = folders.passphrase(passphraseFile)) {
                PortableExport.Exported exported =
                        export.export(
                                file.toAbsolutePath(), passphrase, seal, folders.clock().instant());
                Map<String, Object> answer = new LinkedHashMap<>();
                answer.put("exportedTo", file.toString());
                answer.put("form", seal ? "move" : "copy");
                answer.put("sessions", exported.sessions());
                answer.put("rows", exported.rows());
                return folders.print(at, answer);
            }
        }
    }
}
