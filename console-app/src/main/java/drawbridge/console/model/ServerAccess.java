package drawbridge.console.model;

import drawbridge.console.client.EventFeed;
import drawbridge.console.client.TrustClient;
import drawbridge.console.supervise.ServerState;

/** Opens the ways to a server that runs. Every call makes a new one, which the caller closes. */
public interface ServerAccess {
    /** A client of its admin API. */
    TrustClient client(ServerState.Running server);

    /** Follows its events until closed. */
    EventFeed follow(ServerState.Running server, EventFeed.Listener listener);
}
