package drawbridge.console;

import drawbridge.console.client.AdminToken;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.RemoteServers;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.remote.Servers;
import drawbridge.console.supervise.DataFolder;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * The windows on servers elsewhere, and the profiles they are opened by. Windows are opened and
 * closed on the FX thread.
 */
final class ServerWindows implements Servers {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWindows.class);

    private final DataFolder folder;
    private final RemoteServers profiles;
    private final Platform platform;
    private final Clock clock;
    private final Executor fx;
    private final Map<String, RemoteWindow> windows = new HashMap<>();
    private @Nullable ConsoleWindow own;
    private Runnable openOwn = () -> {};
    private Runnable hasOpened = () -> {};
    private Runnable lastClosed = () -> {};

    /**
     * @param folder of the console
     */
    ServerWindows(DataFolder folder, Platform platform, Clock clock, Executor fx) {
        this.folder = folder;
        this.profiles = new RemoteServers(folder.remoteServers(), platform);
        this.platform = platform;
        this.clock = clock;
        this.fx = fx;
    }

    /**
     * From now on windows can be opened.
     *
     * @param first the window on this console's own server
     * @param opening opens that, or brings it to the front
     * @param opened told when a window on a server elsewhere was opened
     * @param closed told when the last window on a server elsewhere is closed
     */
    void beside(ConsoleWindow first, Runnable opening, Runnable opened, Runnable closed) {
        own = first;
        hasOpened = opened;
        openOwn = opening;
        lastClosed = closed;
    }

    @Override
    public List<RemoteServer> all() throws IOException {
        return profiles.all();
    }

    @Override
    public void put(RemoteServer server) throws IOException {
        folder.create(); // a console that never had a server of its own may have none yet
        profiles.put(server);
    }

    @Override
    public void forget(RemoteServer server) throws IOException {
        profiles.forget(server.id());
        delete(folder.remoteFolder(server.id()));
        fx.execute(() -> {
            RemoteWindow open = windows.get(server.id());
            if (open != null) {
                open.close();
            }
        });
    }

    private static void delete(Path kept) throws IOException {
        if (Files.isDirectory(kept)) {
            try (Stream<Path> files = Files.list(kept)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(kept);
        }
    }

    @Override
    public SeenCertificate look(URI url) throws IOException {
        return SeenCertificate.look(url);
    }

    @Override
    public boolean isOpen(RemoteServer server) {
        return windows.containsKey(server.id());
    }

    @Override
    public void raise(RemoteServer server) {
        RemoteWindow open = windows.get(server.id());
        if (open != null) {
            open.raise();
        }
    }

    @Override
    public void open(RemoteServer server, AdminToken token) {
        RemoteWindow before = windows.remove(server.id());
        ConsoleWindow first = own;
        if (first == null) {
            token.close();
            return;
        }
        try {
            windows.put(
                    server.id(),
                    new RemoteWindow(
                            server,
                            token,
                            first,
                            this,
                            folder,
                            platform,
                            clock,
                            fx,
                            () -> closed(server.id())));
            hasOpened.run();
        } catch (IOException e) {
            LOG.error("no window can be opened profile={}", server.name(), e);
            token.close();
        }
        if (before != null) {
            before.close();
        }
    }

    private void closed(String id) {
        RemoteWindow there = windows.get(id);
        if (there != null && there.isClosed()) {
            windows.remove(id);
        }
        if (windows.isEmpty()) {
            lastClosed.run();
        }
    }

    @Override
    public void openOwn() {
        openOwn.run();
    }

    /** Closes all of them. */
    void close() {
        lastClosed = () -> {};
        List.copyOf(windows.values()).forEach(RemoteWindow::close);
    }
}
