package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.SteadyClock;
import drawbridge.server.backup.BackupFailure;
import drawbridge.server.config.DataFolderException;
import drawbridge.server.config.Reason;
import drawbridge.server.logging.ServerLogging;
import drawbridge.server.secret.WrongMasterKeyException;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;

/** The command line of the server: finds the command, runs it, turns failures into sentences. */
public final class Cli {
    private Cli() {}

    /** Runs one command to its end and answers its exit code. Never throws. */
    public static int run(Terminal terminal, String... arguments) {
        ServerLogging.quiet();
        Clock clock = Clock.systemUTC();
        Platform platform = Platform.current();
        CommandLine line =
                new CommandLine(new Root(terminal))
                        .addSubcommand(
                                new ServeCommand(
                                        terminal,
                                        platform,
                                        new SteadyClock(clock, System::nanoTime)))
                        .addSubcommand(new StopCommand(terminal))
                        .addSubcommand(new DoctorCommand(terminal, platform, clock))
                        .addSubcommand(new SimulateCommand(terminal))
                        .addSubcommand(new DrillCommand(terminal))
                        .addSubcommand(new ChecklistCommand(terminal))
                        .addSubcommand(new VersionCommand(terminal))
                        .addSubcommand(new CallerCommands(terminal, platform))
                        .addSubcommand(new PolicyCommands(terminal, platform))
                        .addSubcommand(new SessionCommands(terminal, platform))
                        .addSubcommand(new UserCommands(terminal))
                        .addSubcommand(new TenantCommands(terminal, platform))
                        .addSubcommand(new TokenCommands(terminal, platform))
                        .addSubcommand(new KeyCommands(terminal))
                        .addSubcommand(new NodeCommands(terminal))
                        .addSubcommand(new SecretCommands(terminal, platform, clock))
                        .addSubcommand(new AuditCommands(terminal, platform, clock))
                        .addSubcommand(new BackupCommand(terminal, platform, clock))
                        .addSubcommand(new RestoreCommand(terminal, platform, clock))
                        .addSubcommand(new DiagnosticsCommand(terminal, platform, clock))
                        .addSubcommand(new ExportCommand(terminal, platform, clock))
                        .addSubcommand(new ImportCommand(terminal, platform, clock))
                        .addSubcommand(new MigrateDataCommand(terminal, platform, clock));
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setUsageHelpWidth(100);
        line.setUsageHelpAutoWidth(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((thrown, _, _) -> explain(thrown, terminal.err()));
        line.setParameterExceptionHandler((wrong, _) -> explainUsage(wrong, terminal.err()));
        return line.execute(arguments);
    }

    private static int explain(Exception thrown, PrintWriter err) {
        if (thrown instanceof CommandFailure failure) {
            err.println(failure.getMessage());
            return failure.exitCode();
        }
        switch (thrown) {
            case DataFolderException.Owned owned -> {
                err.println(owned.getMessage());
                return ExitCodes.FOLDER_OWNED;
            }
            case DataFolderException _, WrongMasterKeyException _ -> {
                err.println(Reason.of(thrown));
                return ExitCodes.USAGE;
            }
            case BackupFailure refused -> {
                err.println(refused.getMessage());
                return ExitCodes.FAULT;
            }
            case StoreUnavailableException broken -> {
                err.println("the database cannot be used: " + Reason.ofRoot(broken));
                return ExitCodes.DATABASE;
            }
            default -> {}
        }
        LoggerFactory.getLogger(Cli.class).debug("a command failed", thrown);
        err.println(
                "drawbridge-server failed by a fault of its own: %s (%s); the log has more"
                        .formatted(Reason.of(thrown), thrown.getClass().getSimpleName()));
        return ExitCodes.FAULT;
    }

    private static int explainUsage(ParameterException wrong, PrintWriter err) {
        CommandLine command = wrong.getCommandLine();
        err.println(wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.printf("Try: %s --help%n", command.getCommandSpec().qualifiedName());
        }
        return ExitCodes.USAGE;
    }

    /** Without a command: the list of commands. */
    @Command(
            name = "drawbridge-server",
            description = "The trust server of Drawbridge, and the tools around it.",
            synopsisSubcommandLabel = "COMMAND",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            footer = {"", "Every command explains itself: drawbridge-server COMMAND --help"})
    static final class Root implements Callable<Integer> {
        @Spec private @Nullable CommandSpec spec;

        private final Terminal terminal;

        Root(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Objects.requireNonNull(spec).commandLine().usage(terminal.err(), Ansi.AUTO);
            return ExitCodes.USAGE;
        }
    }
}
