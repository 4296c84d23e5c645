package drawbridge.server.cluster;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

/**
 * Hears at once that there is something to read, on a connection of its own that no pooler may
 * stand before. What it misses costs time and nothing else. One thread.
 */
public final class DatabaseHints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseHints.class);
    private static final Duration LISTEN = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** After so many silent stretches it asks whether the connection still lives. */
    private static final int SILENT = 6;

    private final DataSource source;
    private final Runnable heard;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean isLost;

    /**
     * Starts to listen.
     *
     * @param heard must be quick
     */
    public DatabaseHints(DataSource source, Runnable heard) {
        this.source = source;
        this.heard = heard;
        this.thread = Thread.ofPlatform().name("log-hints").daemon().start(this::run);
    }

    private void run() {
        try {
            do {
                listen();
            } while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + DatabaseMembership.CHANNEL);
            heard.run(); // what was told before nobody told us
            isLost = false;
            PGConnection listening = connection.unwrap(PGConnection.class);
            int silent = 0;
            while (closing.getCount() > 0) {
                PGNotification[] told =
                        listening.getNotifications(Math.toIntExact(LISTEN.toMillis()));
                if (told != null && told.length > 0) {
                    heard.run();
                    silent = 0;
                } else if (++silent >= SILENT) {
                    statement.execute("SELECT 1");
                    silent = 0;
                }
            }
        } catch (SQLException e) {
            if (!isLost) {
                LOG.warn("nobody tells of revocations, so they take longer: {}", e.getMessage());
                isLost = true;
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(PAUSE.multipliedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
