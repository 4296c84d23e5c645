package drawbridge.server.redis;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where Redis is, and how long it is waited for.
 *
 * @param url {@code redis://} or, with TLS, {@code rediss://}; may carry user, password and
 *     database
 * @param timeout how long one command may take; a slower one counts as failed
 * @param connections how many are open at most
 * @param authorities PEM file with those that must vouch for it; empty for those that Java knows
 */
public record RedisSettings(
        URI url, Duration timeout, int connections, Optional<Path> authorities) {
    /** With the authorities that Java knows. */
    public RedisSettings(URI url, Duration timeout, int connections) {
        this(url, timeout, connections, Optional.empty());
    }

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
