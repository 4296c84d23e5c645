package drawbridge.server.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A loopback proxy that can cut what runs through it, or hold back what comes from the server and
 * hand it on later, as a stalled network does. What clients send always passes. Safe for many
 * threads.
 */
public final class HoldingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private volatile int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private boolean isHeld;

    /** Stands before that server on this machine. */
    public HoldingProxy(URI server) throws IOException {
        this.target = server.getPort();
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** New connections go to that server. */
    public void to(URI server) {
        target = server.getPort();
    }

    /** From here on nothing comes back. */
    public void hold() {
        lock.lock();
        try {
            isHeld = true;
        } finally {
            lock.unlock();
        }
    }

    /** What was held back comes now. */
    public void release() {
        lock.lock();
        try {
            isHeld = false;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Cuts every connection; new ones are taken. */
    public void cut() {
        open.forEach(HoldingProxy::close);
        open.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
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

    private void copy(Socket from, Socket to, boolean mayBeHeld) {
        byte[] chunk = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (mayBeHeld) {
                    awaitRelease();
                }
                out.write(chunk, 0, read);
                out.flush();
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

    private void awaitRelease() throws InterruptedException {
        lock.lock();
        try {
            while (isHeld) {
                released.await();
            }
        } finally {
            lock.unlock();
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
        release();
        cut();
    }
}
