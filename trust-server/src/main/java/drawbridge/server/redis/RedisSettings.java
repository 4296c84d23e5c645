package drawbridge.server.redis;

import java.net.URI;
import java.time.Duration;

/**
 * Where Redis is, and how long it is waited for.
 *
 * @param url {@code redis://} or, with TLS, {@code rediss://}; may carry user, password and
 *     database
 * @param timeout how long one command may take; a slower one counts as failed
 * @param connections how many are open at most
 */
public record RedisSettings(URI url, Duration timeout, int connections) {
    /** The password is in the URL. */
    @Override
    public String toString() {
        return "RedisSettings["
                + url.getScheme()
                + "://"
                + url.getHost()
                + ":"
                + url.getPort()
                + "]";
    }
}
