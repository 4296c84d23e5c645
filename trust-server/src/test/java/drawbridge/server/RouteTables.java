package drawbridge.server;

import drawbridge.server.http.HttpListeners;

/** Opens what tests of other packages may see of a running server. */
public final class RouteTables {
    private RouteTables() {}

    /** Does now what the server does now and then. */
    public static void upkeep(TrustServer server) {
        server.upkeepNow();
    }

    /** Judges the alerts now. */
    public static void judge(TrustServer server) {
        try {
            server.alerts().judge();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The listeners, whose route tables their own package reads. */
    public static HttpListeners of(TrustServer server) {
        return server.listeners();
    }
}
