package drawbridge.console;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * By which a second console asks the first one to come to the front: a file in the data folder,
 * which nobody else can write, looked for twice a second. Safe for many threads.
 */
public final class RaiseRequests implements AutoCloseable {
    private static final String FILE = "console-raise";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(RaiseRequests.class);

    private final Path file;
    private final Runnable raise;
    private final ScheduledFuture<?> looking;

    private RaiseRequests(Path file, ScheduledExecutorService scheduler, Runnable raise) {
        this.file = file;
        this.raise = raise;
        this.looking =
                scheduler.scheduleWithFixedDelay(
                        this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Hears requests from now on; older ones are void.
     *
     * @param raise brings the window to the front; called on the scheduler's thread
     */
    public static RaiseRequests hear(
            Path dataFolder, ScheduledExecutorService scheduler, Runnable raise) {
        Path file = dataFolder.resolve(FILE);
        boolean _ = taken(file);
        return new RaiseRequests(file, scheduler, raise);
    }

    /** Asks the console that has the folder. */
    static void ask(Path dataFolder, Platform platform) throws IOException {
        platform.writePrivately(dataFolder.resolve(FILE), new byte[0]);
    }

    private void look() {
        try {
            if (taken(file)) {
                raise.run();
            }
        } catch (RuntimeException e) {
            LOG.error("the window could not be brought to the front", e);
        }
    }

    private static boolean taken(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("a request to come to the front cannot be taken", e);
            return false;
        }
    }

    @Override
    public void close() {
        looking.cancel(false);
    }
}
