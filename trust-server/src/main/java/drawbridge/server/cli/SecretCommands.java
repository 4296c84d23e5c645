package drawbridge.server.cli;

import drawbridge.model.Secret;
import drawbridge.server.Platform;
import drawbridge.server.backup.StoppedServer;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Reason;
import drawbridge.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;

/** {@code secret}: the secrets of the server itself; it must be stopped. */
@Command(
        name = "secret",
        description = "The secrets of the server itself; it must be stopped for all of these.")
final class SecretCommands extends AdminGroup {
    private final FolderCommand folders;

    SecretCommands(Terminal terminal, Platform platform, Clock clock) {
        super(terminal);
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "rotate-master-key",
            description = {
                "Draws a new master key and seals under it what the old one sealed.",
                "",
                "Where the key comes from the settings, --to names the file for the new one, which the settings must then give. Sessions, callers and passwords are not touched.",
                ""
            })
    int rotateMasterKey(
            @Mixin AdminOptions at,
            @Option(
                            names = "--to",
                            paramLabel = "FILE",
                            description = "New file for a key that comes from the settings.")
                    @Nullable Path to) {
        ServerConfig config = at.config(terminal.environment());
        boolean given = config.masterKey().isPresent();
        if (given == (to == null)) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    given
                            ? "the master key comes from the settings; --to FILE says where the new one goes"
                            : "the master key is the data folder's own; leave out --to");
        }
        try (DataFolder folder = folders.own(config);
                StoppedServer server = folders.open(config, folder)) {
            if (to == null) {
                server.masterKeys().rotate(folders.clock().instant());
            } else {
                try (Secret next = drawTo(to)) {
                    server.masterKeys().rotateTo(next, folders.clock().instant());
                }
            }
        }
        return folders.print(
                at,
                body(
                        "rotated",
                        "master-key",
                        "keptIn",
                        to == null ? "the data folder" : to.toString()));
    }

    /** The key is on the disk before anything is sealed under it. */
    private Secret drawTo(Path to) {
        if (Files.exists(to)) {
            throw new CommandFailure(ExitCodes.USAGE, to + " is there already; give another file");
        }
        byte[] key = new byte[32];
        folders.random().nextBytes(key);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(key) + "\n";
        byte[] line = text.getBytes(StandardCharsets.US_ASCII);
        try {
            folders.platform().writePrivately(to, line);
            return Secret.takeOwnership(key);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "%s cannot be written: %s".formatted(to, Reason.of(e)), e);
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "rotate-admin-token",
            description = "Draws a new admin token; the old one opens nothing any more.")
    int rotateAdminToken(@Mixin AdminOptions at) {
        ServerConfig config = at.config(terminal.environment());
        if (config.admin().token().isPresent()) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "the admin token comes from the settings; change it there");
        }
        try (DataFolder folder = folders.own(config);
                StoppedServer server = folders.open(config, folder)) {
            server.note("secret.admin_token_rotated", null);
            folder.drawAdminToken(folders.random());
        }
        return folders.print(at, body("rotated", "admin-token", "keptIn", "the data folder"));
    }
}
