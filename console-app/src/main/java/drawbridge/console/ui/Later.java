package drawbridge.console.ui;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs something on the FX thread after a while. Used on the FX thread. */
@FunctionalInterface
public interface Later {
    /** Runs the task once, {@code wait} from now, unless it is cancelled before. */
    Pending after(Duration wait, Runnable task);

    /** Something that will run. */
    @FunctionalInterface
    interface Pending {
        /** It will not run; nothing happens when it did already. */
        void cancel();
    }

    /**
     * By a scheduler's thread, which hands over to the FX thread. Once the scheduler is shut down
     * nothing runs any more: the window is closing.
     */
    static Later by(ScheduledExecutorService scheduler, Executor fx) {
        return (wait, task) -> {
            try {
                Future<?> due =
                        scheduler.schedule(
                                () -> fx.execute(task), wait.toMillis(), TimeUnit.MILLISECONDS);
                return () -> due.cancel(false);
            } catch (RejectedExecutionException e) {
                return () -> {};
            }
        };
    }
}
