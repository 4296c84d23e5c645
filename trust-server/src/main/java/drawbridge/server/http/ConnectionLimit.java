package drawbridge.server.http;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * As many connections as a listener has at once: what one takes of memory is little, but whoever
 * opens thousands and keeps them must not end the server. At the limit no more are accepted, so
 * that they wait in the system's queue, and idle ones are closed soon. Safe for many threads.
 */
final class ConnectionLimit extends NetworkConnectionLimit {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    /** Longer than the streams of events are ever silent. */
    private static final Duration IDLE = Duration.ofSeconds(4);

    private final Connector connector;

    ConnectionLimit(int most, Connector connector) {
        super(most, connector);
        this.connector = connector;
        setEndPointIdleTimeout(Math.min(IDLE.toMillis(), connector.getIdleTimeout()));
    }

    @Override
    protected void limit() {
        LOG.warn(
                "no more connections are accepted until some have ended most={} listener={}",
                getMaxNetworkConnectionCount(),
                connector);
        super.limit();
    }

    @Override
    protected void unlimit() {
        LOG.info("connections are accepted again listener={}", connector);
        super.unlimit();
    }
}
