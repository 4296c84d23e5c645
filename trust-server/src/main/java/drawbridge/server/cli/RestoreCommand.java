package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.backup.Restoring;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code restore}: puts a backup in the place of the database; the server must be stopped. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Puts a backup in the place of the database; the server must be stopped.",
            "",
            "Ends every session and every open token, so that nothing revoked since comes back. What was there is kept as a backup. A damaged backup, one of a newer version and one sealed under another master key are refused, and then nothing was changed.",
            ""
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin private AdminOptions at = new AdminOptions();

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "The backup.")
    private Path from = Path.of("");

    private final FolderCommand folders;

    RestoreCommand(Terminal terminal, Platform platform, Clock clock) {
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Override
    public Integer call() {
        ServerConfig config = at.config(folders.terminal().environment());
        try (DataFolder folder = folders.own(config)) {
            Restoring restoring =
                    new Restoring(
                            folder,
                            config.masterKey(),
                            folders.backups(config, folder),
                            folders.random());
            Path file = from.toAbsolutePath();
            Instant now = folders.clock().instant();
            Restoring.Restored restored =
                    config.postgres()
                            .map(postgres -> restoring.restoreInto(postgres.url(), file, now))
                            .orElseGet(() -> restoring.restore(file, now));
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("restored", from.toString());
            answer.put("sha256", restored.sha256());
            answer.put("everythingEndedThrough", restored.everythingNumber());
            answer.put("keptAs", restored.keptAs().orElse(null));
            return folders.print(at, answer);
        }
    }
}
