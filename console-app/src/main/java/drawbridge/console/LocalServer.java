package drawbridge.console;

import drawbridge.console.client.AdminToken;
import drawbridge.console.client.AdminWay;
import drawbridge.console.client.ChangeGuard;
import drawbridge.console.client.Credentials;
import drawbridge.console.client.EventFeed;
import drawbridge.console.client.HttpEventFeed;
import drawbridge.console.client.HttpTrustClient;
import drawbridge.console.client.ServerTrust;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.ServerState;

import java.time.Clock;

/** The ways to the server of this console's data folder. Safe for many threads. */
final class LocalServer implements ServerAccess {
    private final Credentials credentials;
    private final DataFolder folder;
    private final Clock clock;

    LocalServer(ConsoleOptions options, DataFolder folder, Clock clock) {
        this.folder = folder;
        this.credentials = AdminToken.whereverItIs(options.dataDir(), options.environment());
        this.clock = clock;
    }

    @Override
    public TrustClient client(ServerState.Running server) {
        return new HttpTrustClient(way(server));
    }

    private AdminWay way(ServerState.Running server) {
        return new AdminWay(
                server.adminUrl(),
                credentials,
                ServerTrust.ofOwnServer(folder::adminCertificate),
                ChangeGuard.OPEN);
    }

    @Override
    public EventFeed follow(ServerState.Running server, EventFeed.Listener listener) {
        return HttpEventFeed.follow(way(server), listener, clock);
    }
}
