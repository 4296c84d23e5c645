package drawbridge.console;

import drawbridge.console.screen.Profile;
import drawbridge.console.screen.shell.Closing;
import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.supervise.ChildServerSupervisor;
import drawbridge.console.supervise.ServerLaunch;
import drawbridge.console.ui.Fx;

import javafx.application.Application;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The console: opens its window, and beside it, when asked, one that shows simulated traffic. The
 * server is started, or taken over, as soon as the window is there.
 */
public final class ConsoleApp extends Application {
    private final Platform platform = Platform.current();
    private final Clock clock = Clock.systemUTC();
    private final Executor fx = Fx.executor();
    private final Path temporary = ThrowAwayFolder.parent();

    private @Nullable ConsoleWindow window;
    private @Nullable Simulation simulation;
    private @Nullable ServerWindows elsewhere;
    private boolean isOwnOpen;

    @Override
    public void start(Stage stage) {
        // A window that hides while the server ends must not end the console before it.
        javafx.application.Platform.setImplicitExit(false);
        ConsoleOptions options = options();
        ServerLaunch launch = ServerLaunch.of(options, platform);
        ServerWindows servers = new ServerWindows(launch.folder(), platform, clock, fx);
        elsewhere = servers;
        ConsoleWindow first =
                ConsoleWindow.first(
                        stage,
                        options,
                        ChildServerSupervisor.of(launch, platform, clock),
                        new Profile.Own(this::simulate),
                        servers,
                        platform,
                        clock);
        window = first;
        simulation = new Simulation(first, options, platform, clock, fx, temporary);
        servers.beside(
                first,
                () -> openOwn(first),
                () -> elsewhereOpened(first),
                () -> elsewhereClosed(first));
        stage.setTitle("Drawbridge");
        stage.setOnCloseRequest(event -> {
            event.consume(); // closing is decided below, where the server is asked about
            Wiring wiring = first.wiring();
            wiring.closing()
                    .settled()
                    .ifPresentOrElse(
                            choice -> leave(first, choice),
                            () ->
                                    wiring.shellController()
                                            .askToClose(choice -> leave(first, choice)));
        });
        first.hearRaises(launch.folder());
        if (options.connect().isEmpty()) {
            first.wiring().shellController().welcomeOnce(first.settings());
            isOwnOpen = true;
            first.open();
        } else {
            first.show(); // it asks for the passphrase; its own server is left as it is
            first.wiring()
                    .connections()
                    .ifPresent(connections -> connections.connectTo(options.connect()));
        }
        Thread.ofVirtual().name("sweep").start(this::sweep);
    }

    private ConsoleOptions options() {
        return switch (ConsoleOptions.ofThisProcess(getParameters().getRaw(), platform)) {
            case ConsoleOptions.Parsed.Run(ConsoleOptions options) -> options;
            case ConsoleOptions.Parsed.Answer _, ConsoleOptions.Parsed.Wrong _ ->
                    throw new IllegalStateException("the entry lets only good options through");
        };
    }

    private void openOwn(ConsoleWindow first) {
        first.raise();
        if (!isOwnOpen) {
            isOwnOpen = true;
            first.startServer();
        }
    }

    /** A window that only asked for a passphrase has done its work. */
    private void elsewhereOpened(ConsoleWindow first) {
        if (!isOwnOpen) {
            first.hide();
        }
    }

    /** Nothing is left to be seen of a console that only was on servers elsewhere. */
    private void elsewhereClosed(ConsoleWindow first) {
        if (!first.isShown()) {
            javafx.application.Platform.exit();
        }
    }

    private void sweep() {
        try {
            ThrowAwayFolder.sweep(temporary, platform);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void simulate() {
        if (simulation != null) {
            simulation.open();
        }
    }

    /** Ends, at once or when the server has; a throw-away window ends first. */
    private void leave(ConsoleWindow first, Closing.Choice choice) {
        first.hide();
        if (elsewhere != null) {
            elsewhere.close();
        }
        CompletableFuture<Void> alone =
                simulation == null ? CompletableFuture.completedFuture(null) : simulation.end();
        CompletableFuture<Void> stopped =
                choice == Closing.Choice.KEEP
                        ? CompletableFuture.completedFuture(null)
                        : first.stopServer();
        CompletableFuture<Void> _ =
                CompletableFuture.allOf(alone, stopped)
                        .thenRunAsync(javafx.application.Platform::exit, fx);
    }

    @Override
    public void stop() {
        if (elsewhere != null) {
            elsewhere.close();
        }
        if (simulation != null) {
            simulation.endNow();
        }
        if (window != null) {
            window.close();
        }
    }
}
