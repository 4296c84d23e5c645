package drawbridge.console;

import drawbridge.console.screen.shell.Closing;
import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.settings.ConsoleSettings;
import drawbridge.console.supervise.ChildServerSupervisor;
import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.ServerLaunch;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.supervise.ServerSupervisor;
import drawbridge.console.ui.AppIcons;
import drawbridge.console.witness.Witness;
import drawbridge.console.witness.WitnessFile;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Application;
import javafx.stage.Stage;
import javafx.util.Duration;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * The console's window: starts, wires and shows; closes in reverse order. The server is started, or
 * taken over, as soon as the window is there.
 */
public final class ConsoleApp extends Application {
    private static final Duration TICK = Duration.millis(250);

    /** What has to be ended, the latest first. */
    private final Deque<Runnable> ending = new ArrayDeque<>();

    private @Nullable ServerSupervisor supervisor;
    private @Nullable WindowPlace place;
    private @Nullable Threads threads;

    @Override
    public void start(Stage stage) {
        // A window that hides while the server ends must not end the console before it.
        javafx.application.Platform.setImplicitExit(false);
        Platform platform = Platform.current();
        ConsoleOptions options = options(platform);
        Clock clock = Clock.systemUTC();
        ServerLaunch launch = ServerLaunch.of(options, platform);
        DataFolder folder = launch.folder();

        ExecutorService writer = owned(Executors.newSingleThreadExecutor(named("settings")));
        ConsoleSettings settings = new ConsoleSettings(folder.consoleSettings(), platform, writer);
        ScheduledExecutorService scheduler =
                owned(Executors.newSingleThreadScheduledExecutor(named("scheduler")));
        ExecutorService workers =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("worker-", 0).factory());
        ending.push(workers::shutdownNow);
        Threads used = Threads.of(scheduler, workers);
        threads = used;

        ServerSupervisor server = ChildServerSupervisor.of(launch, platform, clock);
        supervisor = server;
        Wiring wiring =
                new Wiring(
                        server,
                        new LocalServer(options, clock),
                        settings,
                        witness(folder, platform, clock),
                        used,
                        clock,
                        Locale.getDefault(),
                        ZoneId.systemDefault());
        ending.push(wiring::close);

        WindowPlace remembered = new WindowPlace(settings);
        place = remembered;
        remembered.restore(stage);
        stage.setTitle("Drawbridge");
        stage.getIcons().setAll(AppIcons.all());
        stage.setScene(wiring.scene());
        stage.setOnCloseRequest(event -> {
            event.consume(); // closing is decided below, where the server is asked about
            wiring.closing()
                    .settled()
                    .ifPresentOrElse(
                            choice -> leave(stage, choice),
                            () ->
                                    wiring.shellController()
                                            .askToClose(choice -> leave(stage, choice)));
        });
        RaiseRequests raises =
                RaiseRequests.hear(
                        folder.path(), scheduler, () -> used.fx().execute(() -> raise(stage)));
        ending.push(raises::close);

        wiring.shellController().welcomeOnce(settings);
        wiring.open();
        stage.show();
        tick(wiring);
        server.start();
    }

    /** A witness that cannot read what it kept says nothing rather than something else. */
    private static Witness witness(DataFolder folder, Platform platform, Clock clock) {
        try {
            return new Witness(new WitnessFile(folder.auditWitness(), platform, clock));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder.auditWitness() + " cannot be read, so nobody could vouch for the audit",
                    e);
        }
    }

    private ConsoleOptions options(Platform platform) {
        return switch (ConsoleOptions.ofThisProcess(getParameters().getRaw(), platform)) {
            case ConsoleOptions.Parsed.Run(ConsoleOptions options) -> options;
            case ConsoleOptions.Parsed.Answer _, ConsoleOptions.Parsed.Wrong _ ->
                    throw new IllegalStateException("the entry lets only good options through");
        };
    }

    private static ThreadFactory named(String name) {
        return Thread.ofPlatform().name(name).daemon().factory();
    }

    /** Ended in order: what was given to it is still done. */
    private <T extends ExecutorService> T owned(T executor) {
        ending.push(executor::close);
        return executor;
    }

    private void tick(Wiring wiring) {
        Timeline ticks = new Timeline(new KeyFrame(TICK, _ -> wiring.model().tick()));
        ticks.setCycleCount(Animation.INDEFINITE);
        ticks.play();
        ending.push(ticks::stop);
    }

    private static void raise(Stage stage) {
        stage.setIconified(false);
        stage.toFront();
        stage.requestFocus();
    }

    /** Remembers the window, and ends at once or when the server has. */
    private void leave(Stage stage, Closing.Choice choice) {
        if (place != null) {
            place.remember(stage);
        }
        stage.hide();
        ServerSupervisor server = supervisor;
        Threads used = threads;
        if (choice == Closing.Choice.KEEP || server == null || used == null) {
            javafx.application.Platform.exit();
            return;
        }
        server.stop();
        ServerSupervisor.Subscription _ =
                server.onState(state -> {
                    if (state instanceof ServerState.Stopped) {
                        used.fx().execute(javafx.application.Platform::exit);
                    }
                });
    }

    @Override
    public void stop() {
        while (!ending.isEmpty()) {
            ending.pop().run();
        }
    }
}
