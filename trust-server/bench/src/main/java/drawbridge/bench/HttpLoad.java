package drawbridge.bench;

import drawbridge.server.Platform;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Sends HTTP/1.1 requests over connections that stay open, one at a time on each, and counts the
 * answers. One thread and few instructions, so that most of the machine is left to the server. For
 * loopback addresses only; ends by itself.
 */
final class HttpLoad implements AutoCloseable {
    private static final int ANSWER_BYTES = 64 * 1024;
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final long SLOWEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String SOURCE = "\"cacheSource\":\"";

    /**
     * What came of a load.
     *
     * @param answers how many requests were answered
     * @param wrong how many of them with another status than was expected
     * @param seconds how long it took
     * @param nanos how long each answer took, in nanoseconds: from when it was due in an open loop,
     *     else from when it was sent
     * @param bySource the same of those answers that name the tier they came from
     */
    record Outcome(
            long answers,
            long wrong,
            double seconds,
            Histogram nanos,
            Map<String, Histogram> bySource) {
        /**
         * @throws IllegalStateException when an answer had another status than was expected: its
         *     figures would mean nothing
         */
        Outcome requireRight() {
            if (wrong > 0) {
                throw new IllegalStateException(wrong + " answers were wrong");
            }
            return this;
        }

        double perSecond() {
            return (double) answers / seconds;
        }

        double micros(double percentile) {
            return (double) nanos.getValueAtPercentile(percentile) / 1_000;
        }

        /** Of the answers that came from there, as they say themselves. */
        Histogram from(String source) {
            return bySource.getOrDefault(source, new Histogram(SLOWEST_NANOS, 3));
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final byte[] bytes = new byte[ANSWER_BYTES];
        private final ByteBuffer answer = ByteBuffer.wrap(bytes);
        private @Nullable ByteBuffer sending;
        private long since;
        private long whole;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private boolean isBySource;
    private final Supplier<ByteBuffer> requests;
    private final int expected;
    private final Map<String, Histogram> bySource = new HashMap<>();

    /**
     * Opens the connections.
     *
     * @param requests gives a whole request, positioned at its beginning; asked for each one
     * @param expected the status that counts as right
     */
    HttpLoad(InetSocketAddress to, int count, Supplier<ByteBuffer> requests, int expected)
            throws IOException {
        if (!to.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("load goes to loopback addresses only: " + to);
        }
        this.requests = requests;
        this.expected = expected;
        this.selector = Selector.open();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(to);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
    }

    /** From now on answers are told apart by the tier they came from, which costs a little. */
    void tellSources() {
        isBySource = true;
    }

    /** Every connection sends its next request as soon as it has its answer. */
    Outcome asFastAsPossible(Duration length) throws IOException {
        return undisturbed(() -> closed(length, Long.MAX_VALUE));
    }

    /** The same, for so many requests. */
    Outcome times(long count) throws IOException {
        return undisturbed(() -> closed(Duration.ofMinutes(30), count));
    }

    /**
     * Measures on a thread that gets its turns as soon as the server's do: what is measured is
     * usually on another machine, where nothing of the server's is in its way.
     */
    private static Outcome undisturbed(Callable<Outcome> load) throws IOException {
        FutureTask<Outcome> task = new FutureTask<>(load);
        Thread thread =
                Thread.ofPlatform()
                        .name("load")
                        .start(() -> {
                            Platform.current().takeShortTurns();
                            task.run();
                        });
        try {
            return task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new IOException("the load was ended", e);
        } catch (ExecutionException e) {
            throw new IOException("the load failed", e.getCause());
        }
    }

    private Outcome closed(Duration length, long count) throws IOException {
        Histogram nanos = new Histogram(SLOWEST_NANOS, 3);
        long began = System.nanoTime();
        long end = began + length.toNanos();
        long[] counts = new long[2];
        long sent = 0;
        int open = 0;
        for (Connection connection : connections) {
            if (sent < count) {
                send(connection, System.nanoTime());
                sent++;
                open++;
            }
        }
        while (open > 0) {
            selector.select(1_000);
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (goOn(key, connection)) {
                    long now = System.nanoTime();
                    note(connection, now, nanos, counts);
                    if (now - end < 0 && sent < count) {
                        send(connection, now);
                        sent++;
                    } else {
                        open--;
                    }
                }
            }
            selector.selectedKeys().clear();
            requireProgress(end);
        }
        return new Outcome(counts[0], counts[1], seconds(began), nanos, Map.copyOf(bySource));
    }

    /**
     * Requests are due at equal distances, whether or not the server keeps up; how long an answer
     * took counts from when its request was due.
     */
    Outcome atRate(double perSecond, Duration length) throws IOException {
        return undisturbed(() -> open(perSecond, length));
    }

    private Outcome open(double perSecond, Duration length) throws IOException {
        Histogram nanos = new Histogram(SLOWEST_NANOS, 3);
        Deque<Connection> idle = new ArrayDeque<>(connections);
        long step = (long) (1e9 / perSecond);
        long began = System.nanoTime();
        long end = began + length.toNanos();
        long due = began;
        long[] counts = new long[2];
        while (due - end < 0 || idle.size() < connections.size()) {
            long now = System.nanoTime();
            while (due - end < 0 && due - now <= 0 && !idle.isEmpty()) {
                send(idle.removeFirst(), due);
                due += step;
            }
            // Waiting in whole milliseconds would be late, but leaves the server the core.
            if (due - System.nanoTime() > 1_500_000) {
                selector.select(1);
            } else {
                selector.selectNow();
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (goOn(key, connection)) {
                    note(connection, System.nanoTime(), nanos, counts);
                    idle.addLast(connection);
                }
            }
            if (selector.selectedKeys().isEmpty() && due - System.nanoTime() > 50_000) {
                LockSupport.parkNanos(20_000); // the server may need the core
            }
            selector.selectedKeys().clear();
            requireProgress(end);
        }
        return new Outcome(counts[0], counts[1], seconds(began), nanos, Map.copyOf(bySource));
    }

    private static double seconds(long began) {
        return (double) (System.nanoTime() - began) / 1e9;
    }

    private static void requireProgress(long end) {
        if (System.nanoTime() - end > TimeUnit.SECONDS.toNanos(30)) {
            throw new IllegalStateException("a request was not answered within 30 s");
        }
    }

    private void note(Connection connection, long now, Histogram nanos, long[] counts) {
        nanos.recordValue(Math.clamp(now - connection.since, 1, SLOWEST_NANOS));
        counts[0]++;
        byte[] answer = connection.bytes;
        if (isBySource) {
            noteSource(connection, now);
        }
        int status = (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + (answer[11] - '0');
        if (status != expected) {
            counts[1]++;
        }
    }

    private void noteSource(Connection connection, long now) {
        String text =
                new String(
                        connection.bytes,
                        0,
                        connection.answer.position(),
                        StandardCharsets.US_ASCII);
        int at = text.indexOf(SOURCE);
        if (at > 0) {
            int from = at + SOURCE.length();
            bySource.computeIfAbsent(
                            text.substring(from, text.indexOf('"', from)),
                            any -> new Histogram(SLOWEST_NANOS, 3))
                    .recordValue(Math.clamp(now - connection.since, 1, SLOWEST_NANOS));
        }
    }

    private void send(Connection connection, long since) throws IOException {
        connection.since = since;
        connection.whole = 0;
        connection.answer.clear();
        ByteBuffer request = requests.get();
        connection.channel.write(request);
        if (request.hasRemaining()) {
            connection.sending = request;
            connection
                    .channel
                    .keyFor(selector)
                    .interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** Whether the answer is there, whole. */
    private static boolean goOn(SelectionKey key, Connection connection) throws IOException {
        ByteBuffer sending = connection.sending;
        if (sending != null) {
            connection.channel.write(sending);
            if (sending.hasRemaining()) {
                return false;
            }
            connection.sending = null;
            key.interestOps(SelectionKey.OP_READ);
        }
        int read = connection.channel.read(connection.answer);
        if (read < 0) {
            throw new IOException("the server closed a connection");
        }
        if (connection.whole == 0) {
            connection.whole = wholeLength(connection.bytes, connection.answer.position());
        }
        return connection.whole > 0 && connection.answer.position() >= connection.whole;
    }

    /** How long head and body are together; 0 while the head is not all there. */
    private static long wholeLength(byte[] bytes, int end) {
        for (int i = 3; i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
                return i + 1L + bodyLength(bytes, i);
            }
        }
        return 0;
    }

    private static long bodyLength(byte[] bytes, int head) {
        for (int line = 0; line < head; line++) {
            if (bytes[line] != '\n' || !startsWith(bytes, line + 1)) {
                continue;
            }
            long length = 0;
            for (int i = line + 1 + LENGTH.length; bytes[i] != '\r'; i++) {
                if (bytes[i] != ' ') {
                    length = length * 10 + (bytes[i] - '0');
                }
            }
            return length;
        }
        throw new IllegalStateException("an answer without Content-Length");
    }

    private static boolean startsWith(byte[] bytes, int from) {
        for (int i = 0; i < LENGTH.length; i++) {
            if ((bytes[from + i] | 0x20) != LENGTH[i] && bytes[from + i] != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
