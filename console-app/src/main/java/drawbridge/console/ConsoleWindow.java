package drawbridge.console;

import drawbridge.console.model.Protection;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.remote.Servers;
import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.settings.ConsoleSettings;
import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.supervise.ServerSupervisor;
import drawbridge.console.ui.AppIcons;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.Theme;
import drawbridge.console.witness.Witness;
import drawbridge.console.witness.WitnessFile;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.stage.Stage;
import javafx.util.Duration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * One window on one data folder: its threads, its settings, its screens, and the server it watches.
 * Used on the FX thread.
 */
final class ConsoleWindow implements AutoCloseable {
    private static final Duration TICK = Duration.millis(250);

    /** What has to be ended, the latest first. */
    private final Deque<Runnable> ending = new ArrayDeque<>();

    private final Stage stage;
    private final Threads threads;
    private final ScheduledExecutorService scheduler;
    private final ServerSupervisor server;
    private final WindowPlace place;
    private final ConsoleSettings settings;
    private final Theme theme;
    private final Wiring wiring;

    /**
     * A console's first window. It is not shown before {@link #open}.
     *
     * @param options whose folder and environment it is
     * @param server the folder's
     * @param servers those this console knows besides
     */
    static ConsoleWindow first(
            Stage stage,
            ConsoleOptions options,
            ServerSupervisor server,
            Profile profile,
            Servers servers,
            Platform platform,
            Clock clock) {
        ConsoleWindow window =
                new ConsoleWindow(
                        stage,
                        Of.folder(options, server, platform, clock),
                        profile,
                        new Wiring.Beside(Protection.none(), Optional.of(servers)),
                        platform,
                        clock,
                        Theme::new);
        window.ending.addLast(window.theme::close);
        return window;
    }

    /** A further window on another folder, in the same theme. It does not outlive this one. */
    ConsoleWindow beside(
            Stage further,
            ConsoleOptions options,
            ServerSupervisor itsServer,
            Profile profile,
            Platform platform,
            Clock clock) {
        return new ConsoleWindow(
                further,
                Of.folder(options, itsServer, platform, clock),
                profile,
                Wiring.Beside.nothing(),
                platform,
                clock,
                _ -> theme);
    }

    /** A further window on a server elsewhere, in the same theme. It does not outlive this one. */
    ConsoleWindow elsewhere(
            Stage further,
            Of of,
            Profile profile,
            Wiring.Beside besides,
            Platform platform,
            Clock clock) {
        return new ConsoleWindow(further, of, profile, besides, platform, clock, _ -> theme);
    }

    /**
     * What a window is on.
     *
     * @param settings where it is remembered how the window was
     * @param witness where it is kept what was seen signed of the server's audit
     */
    record Of(ServerSupervisor server, ServerAccess access, Path settings, Path witness) {
        static Of folder(
                ConsoleOptions options, ServerSupervisor server, Platform platform, Clock clock) {
            DataFolder folder = new DataFolder(options.dataDir(), platform);
            return new Of(
                    server,
                    new LocalServer(options, folder, clock),
                    folder.consoleSettings(),
                    folder.auditWitness());
        }
    }

    private ConsoleWindow(
            Stage stage,
            Of of,
            Profile profile,
            Wiring.Beside besides,
            Platform platform,
            Clock clock,
            Function<Remembered, Theme> themeOf) {
        this.stage = stage;
        this.server = of.server();
        ExecutorService writer = owned(Executors.newSingleThreadExecutor(named("settings")));
        settings = new ConsoleSettings(of.settings(), platform, writer);
        theme = themeOf.apply(settings);
        scheduler = owned(scheduler());
        ExecutorService workers =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("worker-", 0).factory());
        ending.push(workers::shutdownNow);
        threads = Threads.of(scheduler, workers);
        wiring =
                new Wiring(
                        server,
                        of.access(),
                        settings,
                        witness(of.witness(), platform, clock),
                        threads,
                        clock,
                        new Wiring.Look(Locale.getDefault(), ZoneId.systemDefault(), theme),
                        profile,
                        besides);
        ending.push(wiring::close);
        place = new WindowPlace(settings);
        place.restore(stage);
        stage.getIcons().setAll(AppIcons.all());
        stage.setScene(wiring.scene());
    }

    /** A witness that cannot read what it kept says nothing rather than something else. */
    private static Witness witness(Path file, Platform platform, Clock clock) {
        try {
            return new Witness(new WitnessFile(file, platform, clock));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be read, so nobody could vouch for the audit", e);
        }
    }

    private static ThreadFactory named(String name) {
        return Thread.ofPlatform().name(name).daemon().factory();
    }

    /** What is due later is not waited for: a window must close at once. */
    private static ScheduledExecutorService scheduler() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, named("scheduler"));
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return one;
    }

    /** Ended in order: what was given to it is still done. */
    private <T extends ExecutorService> T owned(T executor) {
        ending.push(executor::close);
        return executor;
    }

    /** Shows it, lets its time pass, and starts the server or takes it over. */
    void open() {
        show();
        server.start();
    }

    /** Shows it and lets its time pass; the server is left as it is. */
    void show() {
        wiring.open();
        stage.show();
        Timeline ticks = new Timeline(new KeyFrame(TICK, _ -> wiring.model().tick()));
        ticks.setCycleCount(Animation.INDEFINITE);
        ticks.play();
        ending.push(ticks::stop);
    }

    /** Starts the server or takes it over. */
    void startServer() {
        server.start();
    }

    /** Does that when the window is closed, before all else ends. */
    void atEnd(Runnable last) {
        ending.push(last);
    }

    /** Whether it is on the screen. */
    boolean isShown() {
        return stage.isShowing();
    }

    /** Runs what blocks, and what is due later. */
    Threads threads() {
        return threads;
    }

    /** Another console on this folder brings it to the front. */
    void hearRaises(DataFolder folder) {
        RaiseRequests raises =
                RaiseRequests.hear(
                        folder.path(), scheduler, () -> threads.fx().execute(this::raise));
        ending.push(raises::close);
    }

    /** Brings it to the front, also when it was taken from the screen. */
    void raise() {
        stage.show();
        stage.setIconified(false);
        stage.toFront();
        stage.requestFocus();
    }

    /** Takes it from the screen; everything behind it goes on. */
    void hide() {
        place.remember(stage);
        stage.hide();
    }

    /** Ends the server in good order. Completes on another thread, once none runs. */
    CompletableFuture<Void> stopServer() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        server.stop();
        ServerSupervisor.Subscription _ =
                server.onState(state -> {
                    if (state instanceof ServerState.Stopped) {
                        stopped.complete(null);
                    }
                });
        return stopped;
    }

    /** Its screens. */
    Wiring wiring() {
        return wiring;
    }

    /** What it remembers. */
    ConsoleSettings settings() {
        return settings;
    }

    /** Ends everything behind it, in reverse order of the making; the server is let go. */
    @Override
    public void close() {
        while (!ending.isEmpty()) {
            ending.pop().run();
        }
    }
}
