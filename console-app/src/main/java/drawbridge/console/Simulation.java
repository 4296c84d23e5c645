package drawbridge.console;

import drawbridge.console.settings.ConsoleOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The throw-away window beside a person's own: one at most, opened when it is asked for. That takes
 * seconds on a busy machine, so the own window says at once that it is under way, and whatever goes
 * wrong is told there. Used on the FX thread.
 */
final class Simulation {
    /** So that what is under way is on the screen before the making of the window keeps it busy. */
    private static final Duration UNTIL_TOLD = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);

    private final ConsoleWindow first;
    private final ConsoleOptions options;
    private final Platform platform;
    private final Clock clock;
    private final Executor fx;
    private final Path temporary;

    private @Nullable ThrowAwayWindow shown;
    private boolean isOpening;
    private boolean isClosed;

    /**
     * None is open yet.
     *
     * @param first the window of the person's own server
     * @param options those the console was started with
     * @param temporary where its folder is made
     */
    Simulation(
            ConsoleWindow first,
            ConsoleOptions options,
            Platform platform,
            Clock clock,
            Executor fx,
            Path temporary) {
        this.first = first;
        this.options = options;
        this.platform = platform;
        this.clock = clock;
        this.fx = fx;
        this.temporary = temporary;
    }

    /** Opens the window or brings it to the front; one that is ending is waited for. */
    void open() {
        ThrowAwayWindow there = shown;
        if (there != null && !there.isEnding()) {
            there.raise();
        } else if (!isOpening && !isClosed) {
            isOpening = true;
            first.wiring().opensSimulation();
            CompletableFuture<Void> before =
                    there == null ? CompletableFuture.completedFuture(null) : there.gone();
            CompletableFuture<Void> _ =
                    before.thenRun(
                            () -> Thread.ofVirtual().name("throw-away-make").start(this::make));
        }
    }

    private void make() {
        try {
            ThrowAwayFolder folder = ThrowAwayFolder.make(temporary, platform);
            fx.execute(() -> first.threads().later().after(UNTIL_TOLD, () -> show(folder)));
        } catch (IOException | RuntimeException e) {
            LOG.warn("no throw-away folder could be made in={}", temporary, e);
            fx.execute(() -> {
                isOpening = false;
                first.wiring().noSimulationFolder(String.valueOf(e.getMessage()));
            });
        }
    }

    private void show(ThrowAwayFolder folder) {
        isOpening = false;
        if (isClosed) {
            remove(folder);
            return;
        }
        try {
            ThrowAwayWindow made = new ThrowAwayWindow(folder, first, options, platform, clock, fx);
            shown = made;
            CompletableFuture<Void> _ = made.gone().thenRunAsync(() -> forget(made), fx);
        } catch (RuntimeException e) { // else nothing at all would be seen of it
            LOG.error("no throw-away window could be opened", e);
            remove(folder);
            first.wiring().noSimulationWindow(String.valueOf(e));
        }
    }

    private void forget(ThrowAwayWindow gone) {
        if (gone.equals(shown)) {
            shown = null;
        }
    }

    private static void remove(ThrowAwayFolder folder) {
        Thread.ofVirtual()
                .name("throw-away-remove")
                .start(() -> {
                    try {
                        folder.remove();
                    } catch (IOException e) {
                        LOG.warn("the next start removes what is left folder={}", folder.path(), e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** Opens none any more and ends the one that is open; completes when nothing is left of it. */
    CompletableFuture<Void> end() {
        isClosed = true;
        ThrowAwayWindow there = shown;
        return there == null ? CompletableFuture.completedFuture(null) : there.end();
    }

    /** The same at once, while the console ends and nothing waits for the FX thread any more. */
    void endNow() {
        isClosed = true;
        if (shown != null) {
            shown.endNow();
        }
    }
}
