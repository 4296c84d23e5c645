package drawbridge.console;

import drawbridge.console.client.AdminToken;
import drawbridge.console.client.AdminWay;
import drawbridge.console.client.ChangeGuard;
import drawbridge.console.client.EventFeed;
import drawbridge.console.client.HttpEventFeed;
import drawbridge.console.client.HttpTrustClient;
import drawbridge.console.client.ServerTrust;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.supervise.ServerState;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * The ways to a server elsewhere, for as long as its window is open. Safe for many threads; closing
 * wipes the token.
 */
final class RemoteAccess implements ServerAccess, AutoCloseable {
    private final AdminToken token;
    private final AdminWay way;
    private final Clock clock;

    /**
     * @param token from now on this object's to close
     * @param guard lets changes through, or not
     * @param changed hears of another certificate than the pinned one, on the connection's thread
     */
    RemoteAccess(
            RemoteServer server,
            AdminToken token,
            ChangeGuard guard,
            Consumer<X509Certificate> changed,
            Clock clock) {
        this.token = token;
        this.clock = clock;
        this.way =
                new AdminWay(
                        server.adminUrl(),
                        token,
                        server.pin()
                                .map(pin -> ServerTrust.pinned(pin, clock, changed))
                                .orElseGet(ServerTrust::ofThisMachine),
                        guard);
    }

    /** A client, before anything is known of the server. */
    TrustClient client() {
        return new HttpTrustClient(way);
    }

    @Override
    public TrustClient client(ServerState.Running server) {
        return client();
    }

    @Override
    public EventFeed follow(ServerState.Running server, EventFeed.Listener listener) {
        return HttpEventFeed.follow(way, listener, clock);
    }

    @Override
    public void close() {
        token.close();
    }
}
