package drawbridge.console;

import drawbridge.console.screen.Profile;
import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.supervise.ChildServerSupervisor;
import drawbridge.console.supervise.ChildTrafficSimulator;
import drawbridge.console.supervise.ServerEnvironment;
import drawbridge.console.supervise.ServerLaunch;
import drawbridge.console.supervise.ServerSupervisor;
import drawbridge.console.ui.Words;

import javafx.stage.Stage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A window with a server of its own, full of people who do not exist. Server, simulation and folder
 * end with it. Used on the FX thread.
 */
final class ThrowAwayWindow {
    private static final Duration LONGEST_END = Duration.ofSeconds(15);
    private static final Logger LOG = LoggerFactory.getLogger(ThrowAwayWindow.class);

    private final ThrowAwayFolder folder;
    private final ConsoleWindow window;
    private final ChildTrafficSimulator simulator;
    private final Executor fx;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private boolean isEnding;

    /**
     * Opens it.
     *
     * @param folder made for it; from now on this window's to remove
     * @param first the window of the person's own server
     * @param options those the console was started with
     * @param fx the FX thread
     */
    ThrowAwayWindow(
            ThrowAwayFolder folder,
            ConsoleWindow first,
            ConsoleOptions options,
            Platform platform,
            Clock clock,
            Executor fx) {
        this.folder = folder;
        this.fx = fx;
        ConsoleOptions own =
                new ConsoleOptions(
                        folder.path(), 0, 0, ServerEnvironment.ofThrowAway(options.environment()));
        ServerLaunch launch = ServerLaunch.of(own, platform);
        ServerSupervisor server = ChildServerSupervisor.of(launch, platform, clock);
        simulator = new ChildTrafficSimulator(launch, server);
        Stage stage = new Stage();
        window =
                first.beside(stage, own, server, new Profile.ThrowAway(simulator), platform, clock);
        stage.setTitle(Words.in(Locale.getDefault()).get("simulated.window"));
        stage.setOnCloseRequest(event -> {
            event.consume();
            CompletableFuture<Void> _ = end();
        });
        window.open();
        window.raise(); // some window managers put a further window behind the first
    }

    /** Brings it to the front. */
    void raise() {
        window.raise();
    }

    /** Whether it has left the screen for good. */
    boolean isEnding() {
        return isEnding;
    }

    /** Completes, on any thread, when nothing is left of it. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Takes it from the screen and ends all that is behind it. */
    CompletableFuture<Void> end() {
        if (!isEnding) {
            isEnding = true;
            window.hide();
            Thread.ofVirtual()
                    .name("throw-away-end")
                    .start(() -> {
                        endProcesses();
                        fx.execute(() -> {
                            window.close();
                            Thread.ofVirtual().name("throw-away-remove").start(this::remove);
                        });
                    });
        }
        return gone;
    }

    /** The same at once, while the console ends and nothing waits for the FX thread any more. */
    void endNow() {
        if (!isEnding) {
            isEnding = true;
            endProcesses();
            window.close();
            remove();
        }
    }

    private void endProcesses() {
        simulator.close();
        try {
            window.stopServer().get(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("the throw-away server did not end in time; it is ended with its folder", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remove() {
        try {
            folder.remove();
        } catch (IOException e) {
            LOG.warn("the next start removes what is left folder={}", folder.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gone.complete(null);
        }
    }
}
