package drawbridge.server.cli;

import drawbridge.model.Secret;
import drawbridge.server.Platform;
import drawbridge.server.backup.Backups;
import drawbridge.server.backup.StoppedServer;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Reason;
import drawbridge.server.config.SecretFile;
import drawbridge.server.config.ServerAddress;
import drawbridge.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** What commands share that also work, or only work, on the data folder of a stopped server. */
final class FolderCommand {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Terminal terminal;
    private final Platform platform;
    private final Clock clock;

    FolderCommand(Terminal terminal, Platform platform, Clock clock) {
        this.terminal = terminal;
        this.platform = platform;
        this.clock = clock;
    }

    /** Whether a server is to be asked: one is named, or one runs on the folder. */
    boolean isServed(AdminOptions at) {
        return at.adminUrl().isPresent()
                || ServerAddress.find(
                                at.config(terminal.environment())
                                        .dataDir()
                                        .toAbsolutePath()
                                        .normalize())
                        .isPresent();
    }

    /** The data folder, for this process alone. */
    DataFolder own(ServerConfig config) {
        return DataFolder.open(config.dataDir(), platform);
    }

    StoppedServer open(ServerConfig config, DataFolder folder) {
        return StoppedServer.open(
                folder,
                config.masterKey(),
                config.postgres().map(ServerConfig.Postgres::url),
                config.backups().keep(),
                clock);
    }

    Backups backups(ServerConfig config, DataFolder folder) {
        return new Backups(folder, config.backups().keep());
    }

    Terminal terminal() {
        return terminal;
    }

    Platform platform() {
        return platform;
    }

    Clock clock() {
        return clock;
    }

    SecureRandom random() {
        return new SecureRandom();
    }

    /** Prints a record as the admin API would answer it. */
    int print(AdminOptions at, Object answer, String... columns) {
        JsonNode node = JSON.valueToTree(answer);
        Rendering.print(terminal, at.json(), node, columns);
        return ExitCodes.OK;
    }

    /**
     * A passphrase, from a file or from standard input.
     *
     * @param file null for standard input
     */
    Secret passphrase(@Nullable Path file) {
        Secret passphrase;
        if (file == null) {
            passphrase = Secret.ofText(terminal.readSecretLine());
        } else {
            try {
                passphrase = Secret.takeOwnership(SecretFile.read(file));
            } catch (IOException e) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "%s cannot be read: %s".formatted(file, Reason.of(e)), e);
            }
        }
        if (passphrase.length() < 12) {
            passphrase.close();
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "the passphrase is short; give 12 characters or more, best several words");
        }
        return passphrase;
    }
}
