package drawbridge.kit;

import java.net.URI;
import java.time.Duration;

/**
 * Where the trust server is.
 *
 * @param server its public address, such as {@code http://127.0.0.1:7070}
 * @param timeout how long one question may take; then the answer is unsure
 * @param remembered how many answers are remembered at most, as far as the server allows any
 */
public record BridgeSettings(URI server, Duration timeout, int remembered) {
    /** Two seconds, and ten thousand answers. */
    public static BridgeSettings of(URI server) {
        return new BridgeSettings(server, Duration.ofSeconds(2), 10_000);
    }
}
