package drawbridge.server.support;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A loopback proxy in front of a server that can be made to refuse, to hang, to be slow, or to let
 * through.
 */
public final class FaultProxy implements AutoCloseable {
    /** How it treats what passes. */
    public enum Mode {
        /** As if it were not there. */
        PASS,
        /** Connections are cut, and new ones at once. */
        CUT,
        /** Connections are accepted and nothing ever comes back. */
        HANG,
        /** What comes back comes a fifth of a second late. */
        SLOW
    }

    private static final Duration LATE = Duration.ofMillis(200);

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Mode mode = Mode.PASS;

    /** Lets everything through to that port of this machine. */
    public FaultProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** How many connections were tried since the start. */
    public int accepted() {
        return accepted.get();
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** From now on; cutting closes what is open. */
    public void set(Mode wanted) {
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
                Thread.ofVirtual().start(() -> copy(client, server, false));
                Thread.ofVirtual().start(() -> copy(server, client, true));
            } catch (IOException e) {
                // closed, or the server is away: the client sees a cut connection
            }
        }
    }

    private void copy(Socket from, Socket to, boolean isAnswer) {
        byte[] chunk = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (mode == Mode.SLOW && isAnswer) {
                    LockSupport.parkNanos(LATE.toNanos());
                }
                if (mode == Mode.PASS || mode == Mode.SLOW) {
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
