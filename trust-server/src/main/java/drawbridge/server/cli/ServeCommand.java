package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.PortTakenException;
import drawbridge.server.SealedServerException;
import drawbridge.server.TrustServer;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.DataFolderException;
import drawbridge.server.config.Loaded;
import drawbridge.server.config.Reason;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.http.TlsUnusableException;
import drawbridge.server.logging.ServerLogging;
import drawbridge.server.secret.WrongMasterKeyException;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;

/** {@code serve}: runs the server until it is asked to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Runs the trust server until it is stopped.",
            "",
            "Settings come from the environment (DRAWBRIDGE_*, BRIDGE_SECRET), from a settings file, and from the options here, which win. docs/configuration.md lists all of them.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended in good order (SIGTERM, SIGINT, or asked over the admin API)",
            "1:a fault of its own",
            "2:wrong usage or configuration",
            "3:another process owns the data folder",
            "4:a port is taken",
            "5:the database cannot be used"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description =
                    "Written once requests are answered: one JSON object with pid, publicUrl, adminUrl and version. Removed at the end.")
    private @Nullable Path readyFile;

    private final Terminal terminal;
    private final Platform platform;
    private final Clock clock;

    ServeCommand(Terminal terminal, Platform platform, Clock clock) {
        this.terminal = terminal;
        this.platform = platform;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        platform.takeShortTurns(); // before any other thread is started, which takes it over
        ServerConfig config =
                switch (options.load(terminal.environment())) {
                    case Loaded.Good good -> good.config();
                    case Loaded.Wrong wrong -> throw wrongSettings(wrong);
                };
        try (Ending ending = new Ending()) {
            ending.onSignal(); // before anything is begun: a signal may come at any time
            TrustServer server = start(config, ending);
            terminal.out()
                    .printf(
                            "Drawbridge answers at %s, its administrator at %s; data in %s%n",
                            server.publicUrl(),
                            server.adminUrl(),
                            config.dataDir().toAbsolutePath().normalize());
            server.awaitClosed();
        }
        return ExitCodes.OK;
    }

    private static CommandFailure wrongSettings(Loaded.Wrong wrong) {
        int count = wrong.problems().size();
        return new CommandFailure(
                ExitCodes.USAGE,
                "the server does not start, because %s wrong:%n  %s"
                        .formatted(
                                count == 1 ? "a setting is" : count + " settings are",
                                String.join(System.lineSeparator() + "  ", wrong.problems())));
    }

    /** Everything that must be ended is given to {@code ending} as soon as it is begun. */
    private TrustServer start(ServerConfig config, Ending ending) {
        DataFolder folder = open(config.dataDir());
        ending.then(folder);
        try {
            ServerLogging logging =
                    ServerLogging.start(config.log(), config.node(), folder.logs(), platform);
            ending.then(logging);
            config.warnings().forEach(LOG::warn);
            TrustServer server = TrustServer.start(config, folder, clock, logging.shipping());
            ending.then(server);
            if (readyFile != null) {
                ending.then(ReadyFile.write(readyFile, server, platform));
            }
            return server;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "the server does not start: " + Reason.of(e), e);
        } catch (PortTakenException e) {
            LOG.error(ServerLogging.FILE_ONLY, "the server does not start", e);
            throw portTaken(e);
        } catch (StoreUnavailableException e) {
            LOG.error(ServerLogging.FILE_ONLY, "the server does not start", e);
            throw new CommandFailure(
                    ExitCodes.DATABASE,
                    "the database %s cannot be used%s: %s; `drawbridge-server doctor` looks closer"
                            .formatted(
                                    config.postgres()
                                            .map(postgres -> postgres.url().toString())
                                            .orElseGet(() -> folder.database().toString()),
                                    e.waited().isZero()
                                            ? ""
                                            : ", after %d s of trying"
                                                    .formatted(e.waited().toSeconds()),
                                    Reason.ofRoot(e)),
                    e);
        } catch (DataFolderException
                | WrongMasterKeyException
                | SealedServerException
                | TlsUnusableException e) {
            throw new CommandFailure(ExitCodes.USAGE, Reason.of(e), e);
        } catch (RuntimeException e) {
            LOG.error(ServerLogging.FILE_ONLY, "the server does not start", e);
            throw e;
        }
    }

    private DataFolder open(Path path) {
        try {
            return DataFolder.open(path, platform);
        } catch (DataFolderException.Owned e) {
            throw new CommandFailure(ExitCodes.FOLDER_OWNED, Reason.of(e), e);
        } catch (DataFolderException e) {
            throw new CommandFailure(ExitCodes.USAGE, Reason.of(e), e);
        }
    }

    private CommandFailure portTaken(PortTakenException e) {
        String port = "port %d on %s".formatted(e.port(), e.host());
        String sentence =
                platform.holderOf(e.port())
                        .map(holder ->
                                "%s is held by %s; stop that, or give another port"
                                        .formatted(port, holder))
                        .orElseGet(() -> port + whyNot(e));
        return new CommandFailure(ExitCodes.PORT_TAKEN, sentence, e);
    }

    private static String whyNot(PortTakenException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof BindException && message != null && !message.contains("in use")) {
                return " cannot be opened: " + message;
            }
        }
        return " is taken by another process; stop that, or give another port";
    }
}
