package drawbridge.server.http;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * As many connections as a listener has at once: what one takes of memory is little, but whoever
 * opens thousands and keeps them must not end the server. At the limit no more are accepted, so
 * that they wait in the system's queue, and idle ones are closed soon. Safe for many threads.
 */
final class ConnectionLimit extends NetworkConnectionLimit {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    /** Longer than the streams of events are ever silent. */
    private static final Duration IDLE = Duration.ofSeconds(4);

    /** At the limit each connection that ends lets one in: that is told once in a while. */
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Connector connector;
    private long toldAt = System.nanoTime() - QUIET_NANOS;

    ConnectionLimit(int most, Connector connector) {
        super(most, connector);
        this.connector = connector;
        setEndPointIdleTimeout(Math.min(IDLE.toMillis(), connector.getIdleTimeout()));
    }

    @Override
    protected void limit() {
        long now = System.nanoTime();
        if (now - toldAt >= QUIET_NANOS) {
            LOG.warn(
                    "no more connections are accepted until some have ended most={} listener={}",
                    getMaxNetworkConnectionCount(),
                    connector);
            toldAt = now;
        }
        super.limit();
    }
}
