package drawbridge.console;

import drawbridge.console.ui.Fx;
import drawbridge.console.ui.Later;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Who runs what.
 *
 * @param fx the FX thread, later and in order
 * @param paced the FX thread too, a little later, so that what comes often is gathered
 * @param workers threads that may block
 * @param later the FX thread after a while
 */
public record Threads(Executor fx, Executor paced, Executor workers, Later later) {
    private static final Duration PACE = Duration.ofMillis(100);

    /** The threads of a running console. */
    static Threads of(ScheduledExecutorService scheduler, Executor workers) {
        Executor fx = Fx.executor();
        return new Threads(fx, Fx.paced(scheduler, PACE), workers, Later.by(scheduler, fx));
    }
}
