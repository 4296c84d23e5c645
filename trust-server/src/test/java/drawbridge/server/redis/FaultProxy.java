package drawbridge.server.redis;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A loopback proxy in front of a server that can be made to refuse, to hang, or to let through. */
final class FaultProxy implements AutoCloseable {
    /** How it treats what passes. */
    enum Mode {
        /** As if it were not there. */
        PASS,
        /** Connections are cut, and new ones at once. */
        CUT,
        /** Connections are accepted and nothing ever comes back. */
        HANG
    }

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Mode mode = Mode.PASS;

    FaultProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** How many connections were tried since the start. */
    int accepted() {
        return accepted.get();
    }

    int port() {
        return listening.getLocalPort();
    }

    void set(Mode wanted) {
        mode = wanted;
        if (wanted == Mode.CUT) {
            open.forEach(FaultProxy::close);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                accepted.incrementAndGet();
                if (mode == Mode.CUT) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            } catch (IOException e) {
                // closed, or the server is away: the client sees a cut connection
            }
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] chunk = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (mode == Mode.PASS) {
                    out.write(chunk, 0, read);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // one side went away; so does the other
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        open.forEach(FaultProxy::close);
    }
}
