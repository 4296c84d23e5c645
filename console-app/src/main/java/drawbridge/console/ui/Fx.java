package drawbridge.console.ui;

import javafx.application.Platform;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The one place that knows the FX thread; all others receive an {@link Executor}. */
public final class Fx {
    private Fx() {}

    /** Runs tasks on the FX thread, later, in the order given. Safe for many threads. */
    public static Executor executor() {
        return Platform::runLater;
    }

    /**
     * Runs tasks on the FX thread too, {@code wait} after they were given: what comes meanwhile can
     * be gathered, so that a flood of updates is painted a few times a second.
     */
    public static Executor paced(ScheduledExecutorService scheduler, Duration wait) {
        Executor fx = executor();
        return task -> {
            if (!scheduler.isShutdown()) {
                Future<?> _ =
                        scheduler.schedule(
                                () -> fx.execute(task), wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        };
    }
}
