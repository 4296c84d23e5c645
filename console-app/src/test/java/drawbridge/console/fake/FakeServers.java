package drawbridge.console.fake;

import drawbridge.console.client.AdminToken;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.remote.Servers;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Servers elsewhere that are told what to hold, and remember what was opened. */
public final class FakeServers implements Servers {
    private final List<RemoteServer> servers = new ArrayList<>();
    private final List<String> opened = new ArrayList<>();
    private Optional<SeenCertificate> certificate = Optional.empty();
    private int looks;

    /** The server of any address shows this one. */
    public void show(SeenCertificate shown) {
        certificate = Optional.of(shown);
    }

    /** The names of the windows that were opened, in order. */
    public List<String> opened() {
        return opened;
    }

    /** How often a server was asked for its certificate. */
    public int looks() {
        return looks;
    }

    @Override
    public List<RemoteServer> all() {
        return List.copyOf(servers);
    }

    @Override
    public void put(RemoteServer server) {
        servers.removeIf(other -> other.id().equals(server.id()));
        servers.add(server);
    }

    @Override
    public void forget(RemoteServer server) {
        servers.removeIf(other -> other.id().equals(server.id()));
    }

    @Override
    public SeenCertificate look(URI url) throws IOException {
        looks++;
        return certificate.orElseThrow(
                () -> new IOException(url.getAuthority() + " cannot be reached: timed out"));
    }

    @Override
    public boolean isOpen(RemoteServer server) {
        return false;
    }

    @Override
    public void raise(RemoteServer server) {
        opened.add(server.name());
    }

    @Override
    public void open(RemoteServer server, AdminToken token) {
        opened.add(server.name());
        token.close();
    }

    @Override
    public void openOwn() {
        opened.add("own");
    }
}
