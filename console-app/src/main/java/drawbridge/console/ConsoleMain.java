package drawbridge.console;

import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.ServerLaunch;

import javafx.application.Application;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * Starts the console: reads the command line, makes sure that it is the only one on its data
 * folder, and opens the window, or, without a display, runs the server in the terminal.
 *
 * <p>Not an {@link Application} itself: with JavaFX on the class path the launcher refuses those.
 */
public final class ConsoleMain {
    private static final int FAULT = 1;
    private static final int USAGE = 2;

    private final String[] arguments;
    private final Platform platform;
    private final PrintStream out;
    private final PrintStream err;

    ConsoleMain(String[] arguments, Platform platform, PrintStream out, PrintStream err) {
        this.arguments = arguments.clone();
        this.platform = platform;
        this.out = out;
        this.err = err;
    }

    /** Runs the console until it is closed. */
    public static void main(String[] arguments) {
        int code = new ConsoleMain(arguments, Platform.current(), System.out, System.err).run();
        System.exit(code);
    }

    /** Runs it and answers the exit code. */
    int run() {
        return switch (ConsoleOptions.ofThisProcess(List.of(arguments), platform)) {
            case ConsoleOptions.Parsed.Answer(String text) -> {
                out.print(text);
                out.flush();
                yield 0;
            }
            case ConsoleOptions.Parsed.Wrong(String sentence) -> {
                err.println(sentence);
                yield USAGE;
            }
            case ConsoleOptions.Parsed.Run(ConsoleOptions options) -> open(options);
        };
    }

    private int open(ConsoleOptions options) {
        DataFolder folder = new DataFolder(options.dataDir(), platform);
        try {
            folder.create();
            logTo(folder);
            Optional<SingleConsole> claimed = SingleConsole.claim(folder.consoleLock(), platform);
            if (claimed.isEmpty()) {
                return leaveToTheOther(folder);
            }
            try (SingleConsole _ = claimed.get()) {
                return isDisplayThere(options)
                        ? showWindow(folder)
                        : new Headless(ServerLaunch.of(options, platform), out).run();
            }
        } catch (IOException e) {
            err.println(
                    "The data folder %s cannot be used: %s"
                            .formatted(folder.path(), e.getMessage()));
            return USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAULT;
        }
    }

    /** Before the first logger is made; a log chosen on the command line stays. */
    private static void logTo(DataFolder folder) {
        System.setProperty("drawbridge.console.log", folder.consoleLog().toString());
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "drawbridge/console/logback.xml");
        }
    }

    private int leaveToTheOther(DataFolder folder) throws IOException {
        String holder = SingleConsole.holder(folder.consoleLock());
        RaiseRequests.ask(folder.path(), platform);
        out.println(
                "%s already uses %s; it was asked to come to the front."
                        .formatted(capitalised(holder), folder.path()));
        return 0;
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private boolean isDisplayThere(ConsoleOptions options) {
        return "Headless".equals(System.getProperty("glass.platform"))
                || platform.hasDisplay(options.environment());
    }

    private int showWindow(DataFolder folder) {
        try {
            Application.launch(ConsoleApp.class, arguments);
            return 0;
        } catch (RuntimeException | LinkageError e) { // the latter: a native library is missing
            LoggerFactory.getLogger(ConsoleMain.class).error("the console failed", e);
            err.println(
                    "The window could not be opened: %s; %s has more."
                            .formatted(rootMessage(e), folder.consoleLog()));
            return FAULT;
        }
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
