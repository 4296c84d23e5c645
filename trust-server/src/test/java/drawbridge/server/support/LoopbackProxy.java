package drawbridge.server.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a server on this machine; what becomes of what passes is decided by its kinds. */
abstract class LoopbackProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile int target;

    LoopbackProxy(int target) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    }

    LoopbackProxy(ServerSocket listening, int target) {
        this.target = target;
        this.listening = listening;
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens. */
    public final int port() {
        return listening.getLocalPort();
    }

    /** As the setting for a Redis behind it. */
    public final String redisUrl() {
        return "redis://127.0.0.1:" + port();
    }

    /** How many connections were tried since the start. */
    public final int accepted() {
        return accepted.get();
    }

    /** New connections go to that port. */
    final void redirect(int port) {
        target = port;
    }

    /** Closes every connection; new ones are taken. */
    final void closeOpen() {
        cuts.incrementAndGet();
        open.forEach(LoopbackProxy::close); // each leaves the set when its copying ends
    }

    /** Whether a new connection is let in. */
    boolean letsIn() {
        return true;
    }

    /**
     * Whether a chunk is handed on; may wait.
     *
     * @param isAnswer whether it comes from the server
     */
    abstract boolean handsOn(boolean isAnswer) throws InterruptedException;

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                int cutsBefore = cuts.get();
                accepted.incrementAndGet();
                if (letsIn()) {
                    connect(client, cutsBefore);
                } else {
                    close(client);
                }
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void connect(Socket client, int cutsBefore) {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            close(client); // the server is away
            return;
        }
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server, false));
        Thread.ofVirtual().start(() -> copy(server, client, true));
        if (cuts.get() != cutsBefore) {
            close(client); // cut meanwhile, by whoever did not see these two
            close(server);
        }
    }

    private void copy(Socket from, Socket to, boolean isAnswer) {
        byte[] chunk = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (handsOn(isAnswer)) {
                    out.write(chunk, 0, read);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // one side went away; so does the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeOpen();
    }
}
