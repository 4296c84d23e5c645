package drawbridge.server.cli;

import drawbridge.model.Secret;
import drawbridge.server.Platform;
import drawbridge.server.backup.PortableImport;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code import}: reads an export into a data folder; the server must be stopped. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Reads an export into a data folder; the server must be stopped.",
            "",
            "A copy is added to what is there, and what is there stays as it is. A move needs a folder without accounts. Settings that went along are only shown. The passphrase is read from --passphrase-file or from standard input.",
            ""
        })
final class ImportCommand implements Callable<Integer> {
    @Mixin private AdminOptions at = new AdminOptions();

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "The export.")
    private Path from = Path.of("");

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "File that holds the passphrase.")
    private @Nullable Path passphraseFile;

    @Option(names = "--dry-run", description = "Only says what it would do.")
    private boolean dryRun;

    private final FolderCommand folders;

    ImportCommand(Terminal terminal, Platform platform, Clock clock) {
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Override
    public Integer call() {
        ServerConfig config = at.config(folders.terminal().environment());
        if (config.postgres().isPresent()) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "an import fills the SQLite file of a data folder: import without DATABASE_URL, back that up, and restore the backup with DATABASE_URL");
        }
        try (DataFolder folder = folders.own(config);
                Secret passphrase = folders.passphrase(passphraseFile)) {
            PortableImport.Imported imported =
                    new PortableImport(
                                    folder,
                                    config.masterKey(),
                                    folders.backups(config, folder),
                                    folders.random())
                            .importFrom(
                                    from.toAbsolutePath(),
                                    passphrase,
                                    dryRun,
                                    folders.clock().instant());
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("dryRun", dryRun);
            answer.put("form", imported.form());
            answer.put("exportedAt", imported.exportedAt());
            answer.put("added", imported.added());
            answer.put("kept", imported.kept());
            answer.put("sessionsEnded", imported.sessionsEnded());
            answer.put("settings", imported.settings());
            return folders.print(at, answer);
        }
    }
}
