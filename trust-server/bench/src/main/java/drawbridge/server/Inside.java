package drawbridge.server;

import drawbridge.server.http.HttpListeners;

/** Lets benchmarks reach behind the ports of a server in their own process. */
public final class Inside {
    private Inside() {}

    /** The listeners of a running server. */
    public static HttpListeners listeners(TrustServer server) {
        return server.listeners();
    }
}
