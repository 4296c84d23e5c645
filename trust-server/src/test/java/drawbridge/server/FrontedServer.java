package drawbridge.server;

import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.logging.LogShipping;

import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Starts servers whose drills meet something that stands before them; no package holds this. */
public final class FrontedServer {
    private FrontedServer() {}

    /** Starts it. */
    public static TrustServer start(
            ServerConfig config,
            DataFolder folder,
            Clock clock,
            Optional<LogShipping> shipping,
            UnaryOperator<URI> drilled) {
        return TrustServer.start(config, folder, clock, shipping, drilled);
    }
}
