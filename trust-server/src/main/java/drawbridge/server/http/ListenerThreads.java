package drawbridge.server.http;

import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.util.concurrent.Executors;

/**
 * The threads of a listener. A few read what arrives on all connections and answer what can be
 * answered at once; while one of them waits, nobody whose connection it reads is answered. Some
 * more let connections in, and read on where an answer came from elsewhere. Whatever may have to
 * wait gets a virtual thread of its own.
 *
 * <p>Reading on virtual threads as well would let each request wake three others before it is read:
 * the one that polls for all, the one that polls for its processor, and its own.
 */
public final class ListenerThreads {
    /** For connections that go on after an answer from elsewhere; none of it waits. */
    private static final int SPARE = 8;

    private static final int IDLE_MILLIS = 60_000;

    private ListenerThreads() {}

    /**
     * The threads of one listener.
     *
     * @param reading how many read and accept connections
     */
    public static QueuedThreadPool of(int reading) {
        QueuedThreadPool threads = new QueuedThreadPool(reading + SPARE, reading, IDLE_MILLIS);
        threads.setName("listener");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("listener-virtual-", 0).factory()));
        return threads;
    }
}
