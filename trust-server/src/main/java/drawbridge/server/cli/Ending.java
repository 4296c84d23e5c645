package drawbridge.server.cli;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends what a command began, the last thing first, once: when the command is done, or when the
 * system asks the process to end (SIGTERM, SIGINT, a closed window). Safe for many threads.
 */
final class Ending implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    /** After this long the process ends with what it has: nobody is served by a hanging stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Deque<AutoCloseable> begun = new ArrayDeque<>();
    private @Nullable Thread hook;
    private boolean ended;

    /**
     * Adds something to end, before all that was added earlier; when a signal has ended those
     * already, at once.
     */
    synchronized void then(AutoCloseable more) {
        begun.push(more);
        if (ended) {
            closeAll();
        }
    }

    /**
     * From now on a signal ends everything, and the process with exit code 0. The runtime itself
     * would answer a signal with 128 and its number, which a service manager takes for a crash.
     */
    synchronized void onSignal() {
        Thread atSignal = new Thread(this::endProcess, "signal");
        Runtime.getRuntime().addShutdownHook(atSignal);
        hook = atSignal;
    }

    private void endProcess() {
        Thread closer = Thread.ofPlatform().name("ending").daemon().start(this::endAll);
        try {
            closer.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(closer.isAlive() ? ExitCodes.FAULT : ExitCodes.OK);
    }

    @Override
    public void close() {
        endAll();
        removeHook();
    }

    private synchronized void removeHook() {
        if (hook == null) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("a signal came first; its hook ends the process", e);
        }
        hook = null;
    }

    private synchronized void endAll() {
        if (ended) {
            return;
        }
        ended = true;
        closeAll();
    }

    private void closeAll() {
        while (!begun.isEmpty()) {
            try {
                begun.pop().close();
            } catch (Exception e) {
                LOG.error("ending in good order failed in part", e);
            }
        }
    }
}
