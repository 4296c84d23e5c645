package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.backup.Backups;
import drawbridge.server.backup.StoppedServer;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Reason;
import drawbridge.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code backup}: a whole copy of the database, also while the server runs. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Copies the whole database, also while the server runs.",
            "",
            "The copy is consistent, and sealed secrets in it stay sealed: the master key is not in it and must be kept too. Without --to it stays in the folder backups of the data folder.",
            ""
        })
final class BackupCommand implements Callable<Integer> {
    @Mixin private AdminOptions at = new AdminOptions();

    @Option(names = "--to", paramLabel = "FILE", description = "New file; only you may read it.")
    private @Nullable Path to;

    private final FolderCommand folders;

    BackupCommand(Terminal terminal, Platform platform, Clock clock) {
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Override
    public Integer call() {
        if (to != null && Files.exists(to)) {
            throw new CommandFailure(ExitCodes.USAGE, to + " is there already; give another file");
        }
        return folders.isServed(at) ? ofServer() : ofFolder();
    }

    private int ofServer() {
        try (AdminClient client = AdminClient.open(at, folders.terminal())) {
            JsonNode made = client.post("/v1/backup", JsonMapper.shared().createObjectNode());
            if (to != null) {
                fetch(client, made, to);
            }
            Rendering.print(folders.terminal(), at.json(), made);
            return ExitCodes.OK;
        }
    }

    private void fetch(AdminClient client, JsonNode made, Path file) {
        String name = made.path("name").asString("");
        try (InputStream in = client.stream("/v1/backup/" + AdminClient.segment(name));
                OutputStream out =
                        Channels.newOutputStream(
                                folders.platform()
                                        .openPrivate(
                                                file,
                                                Set.of(
                                                        StandardOpenOption.CREATE_NEW,
                                                        StandardOpenOption.WRITE)))) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.FAULT, "%s cannot be written: %s".formatted(file, Reason.of(e)), e);
        }
        if (!Backups.sha256(file).equals(made.path("sha256").asString(""))) {
            throw new CommandFailure(
                    ExitCodes.FAULT, file + " did not arrive whole; delete it and try again");
        }
        ((ObjectNode) made).put("file", file.toString());
    }

    private int ofFolder() {
        ServerConfig config = at.config(folders.terminal().environment());
        try (DataFolder folder = folders.own(config)) {
            Path file;
            try (StoppedServer server = folders.open(config, folder)) {
                server.note("backup.made", to == null ? null : String.valueOf(to.getFileName()));
                file =
                        server.backUp(
                                folders.backups(config, folder),
                                to == null ? null : to.toAbsolutePath());
            }
            ObjectNode answer = JsonMapper.shared().createObjectNode();
            answer.put("file", file.toString());
            answer.put("sha256", Backups.sha256(file));
            Rendering.print(folders.terminal(), at.json(), answer);
            return ExitCodes.OK;
        }
    }
}
