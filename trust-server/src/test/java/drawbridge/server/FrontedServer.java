package drawbridge.server;

import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;

import java.net.URI;
import java.time.Clock;
import java.util.function.UnaryOperator;

/** Starts servers whose drills meet something that stands before them; no package holds this. */
public final class FrontedServer {
    private FrontedServer() {}

    /** Starts it. */
    public static TrustServer start(
            ServerConfig config, DataFolder folder, Clock clock, UnaryOperator<URI> drilled) {
        return TrustServer.start(config, folder, clock, drilled);
    }
}
