package drawbridge.server.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ServerSocketFactory;

/**
 * A receiver of logs as RFC 6587 frames them, which can be cut off, stand still, end, and come back
 * on its port. Safe for many threads.
 */
public final class SyslogReceiver implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("\\[meta sequenceId=\"([0-9]+)\"]");
    private static final Pattern LOSS =
            Pattern.compile("\"lost\":\"([0-9]+)\",\"first\":\"([0-9]+)\",\"last\":\"([0-9]+)\"");

    private final ServerSocketFactory factory;
    private final int port;
    private final List<String> frames = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listening;
    private volatile Thread accepting;

    /** Holds the port while nobody listens there, so that no other program does. */
    private volatile Socket place = new Socket();

    private volatile CountDownLatch going = new CountDownLatch(0);

    /** One that listens. */
    public SyslogReceiver() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    /** One that listens by such sockets. */
    public SyslogReceiver(ServerSocketFactory factory) throws IOException {
        this.factory = factory;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
        this.accepting = accept(listening);
    }

    private ServerSocket listen(int at) throws IOException {
        ServerSocket socket = factory.createServerSocket();
        socket.setReuseAddress(true);
        socket.setReceiveBufferSize(16 * 1024); // what stands still fills up soon
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
        return socket;
    }

    private Thread accept(ServerSocket socket) {
        return Thread.ofVirtual()
                .start(() -> {
                    while (!socket.isClosed()) {
                        try {
                            Socket taken = socket.accept();
                            open.add(taken);
                            if (socket.isClosed()) {
                                reset(taken); // it left meanwhile, and did not see this one
                            }
                            Thread.ofVirtual().start(() -> read(taken));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private void read(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream())) {
            while (true) {
                String frame = frame(in);
                going.await();
                frames.add(frame);
            }
        } catch (IOException e) {
            open.remove(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String frame(InputStream in) throws IOException {
        int length = 0;
        for (int digit = in.read(); digit != ' '; digit = in.read()) {
            if (digit < '0' || digit > '9') {
                throw new EOFException("no length, but " + digit);
            }
            length = length * 10 + digit - '0';
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("broken off");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its port. */
    public int port() {
        return port;
    }

    /** What arrived, each in the form of RFC 5424. */
    public List<String> frames() {
        return List.copyOf(frames);
    }

    /** The numbers of the lines that arrived. */
    public NavigableSet<Long> numbers() {
        NavigableSet<Long> numbers = new TreeSet<>();
        for (String frame : frames) {
            Matcher number = NUMBER.matcher(frame);
            if (number.find()) {
                numbers.add(Long.parseLong(number.group(1)));
            }
        }
        return numbers;
    }

    /** The numbers of the lines that it was told are lost. */
    public NavigableSet<Long> lost() {
        NavigableSet<Long> numbers = new TreeSet<>();
        for (String frame : frames) {
            Matcher loss = LOSS.matcher(frame);
            if (loss.find()) {
                for (long n = Long.parseLong(loss.group(2));
                        n <= Long.parseLong(loss.group(3));
                        n++) {
                    numbers.add(n);
                }
            }
        }
        return numbers;
    }

    /** Takes nothing more until {@link #goOn}; its connections stay. */
    public void standStill() {
        going = new CountDownLatch(1);
    }

    /** Takes again. */
    public void goOn() {
        going.countDown();
    }

    /** Resets every connection, as a cable or a crash would; it listens on. */
    public void cut() throws IOException {
        for (Socket socket : open) {
            reset(socket);
        }
    }

    private static void reset(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            return; // the other side was first
        }
        socket.close();
    }

    /** Is away: its connections are reset, and nobody can connect. */
    public void leave() throws IOException {
        stop();
        place = new Socket();
        place.setReuseAddress(true);
        place.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private void stop() throws IOException {
        listening.close();
        try {
            accepting.join(); // who is about to accept keeps the port open until it does not
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("waiting for the last connection");
        }
        cut();
        place.close();
    }

    /** Is back on its port. */
    public void comeBack() throws IOException {
        place.close();
        listening = listen(port);
        accepting = accept(listening);
    }

    @Override
    public void close() throws IOException {
        goOn();
        stop();
    }
}
