package drawbridge.server.storage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * A line for each piece of work that the database was asked for: at DEBUG, and at WARN when it took
 * long. The line names the request, as all lines do.
 */
final class DatabaseWork {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWork.class);
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private DatabaseWork() {}

    static void done(String doing, long nanos) {
        if (nanos >= SLOW_NANOS) {
            LOG.warn("slow database work doing=\"{}\" micros={}", doing, nanos / 1_000);
        } else {
            LOG.debug("database work doing=\"{}\" micros={}", doing, nanos / 1_000);
        }
    }
}
