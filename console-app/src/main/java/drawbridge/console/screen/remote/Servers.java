package drawbridge.console.screen.remote;

import drawbridge.console.client.AdminToken;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The servers this console knows, and its windows on them. */
public interface Servers {
    /**
     * The profiles, by name. Blocks.
     *
     * @throws IOException with one sentence on why they cannot be read
     */
    List<RemoteServer> all() throws IOException;

    /** Keeps a profile. Blocks. */
    void put(RemoteServer server) throws IOException;

    /** Forgets a profile and all that was kept of its server. Blocks. */
    void forget(RemoteServer server) throws IOException;

    /** Asks a server for its certificate, and sends it nothing. Blocks. */
    SeenCertificate look(URI url) throws IOException;

    /** Whether that profile has a window. On the FX thread. */
    boolean isOpen(RemoteServer server);

    /** Brings its window to the front. On the FX thread. */
    void raise(RemoteServer server);

    /**
     * Opens a window on it, instead of one it had. On the FX thread.
     *
     * @param token from now on that window's
     */
    void open(RemoteServer server, AdminToken token);

    /** Opens the window of the server in this console's own data folder. On the FX thread. */
    void openOwn();
}
