package drawbridge.console.client;

import drawbridge.console.client.SseParser.SseEvent;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What an event feed does on its thread: snapshot, stream, and after every break the stream again
 * from the last number, or the snapshot when something was missed. {@link #run()} belongs to one
 * thread, {@link #refresh()} and {@link #close()} to any.
 */
final class FeedLoop implements Runnable, AutoCloseable {
    /** The server sends its metrics each second, so that much silence means that it is gone. */
    static final Duration SILENCE = Duration.ofSeconds(4);

    static final int LARGEST_EVENT = 1 << 20;
    private static final Duration BETWEEN_LIVES = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(FeedLoop.class);

    private final EventSource source;
    private final EventFeed.Listener listener;
    private final Clock clock;
    private final FeedPauses pauses;
    private final WireJson json = new WireJson();

    /** Held while the listener is called, so that closing can wait for the end of that call. */
    private final ReentrantLock telling = new ReentrantLock();

    private volatile boolean isClosed;
    private volatile boolean isRefreshDue;
    private volatile EventSource.@Nullable Stream open;

    // What follows belongs to the thread of run().
    private boolean knowsSnapshot;
    private long last;
    private boolean hasMoved;
    private Instant heardAt;
    private @Nullable Instant liveToldAt;
    private String lostTold = "";

    FeedLoop(EventSource source, EventFeed.Listener listener, Clock clock, FeedPauses pauses) {
        this.source = source;
        this.listener = listener;
        this.clock = clock;
        this.pauses = pauses;
        this.heardAt = clock.instant();
    }

    /** Something between the last number and now was missed: only the snapshot helps. */
    private static final class MissedException extends Exception {
        private static final long serialVersionUID = 1L;

        MissedException(String why) {
            super(why, null, false, false);
        }
    }

    @Override
    public void run() {
        try {
            while (!isClosed) {
                try {
                    followOrSayWhyNot();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Throwable e) { // not even enough memory to wait as usual
                    Thread.sleep(FeedPauses.SHORTEST_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        }
    }

    /**
     * This thread ends with {@link #close()} and not before: nobody else would notice that nothing
     * comes any more. Whatever is thrown, be it that there is no memory, is told, and everything is
     * read anew.
     */
    private void followOrSayWhyNot() throws InterruptedException {
        Throwable fault;
        try {
            follow();
            return;
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            fault = e;
        }
        knowsSnapshot = false;
        try {
            tellLost(Faults.words(fault));
            LOG.error("the event feed begins anew after a fault of ours", fault);
        } catch (Throwable e) {
            liveToldAt = null; // no memory even for that: told with the next fault, if there is one
        }
        pauses.pauseAfterFailure();
    }

    private void follow() throws InterruptedException {
        try {
            if (isRefreshDue) {
                isRefreshDue = false;
                knowsSnapshot = false;
            }
            if (!knowsSnapshot) {
                readSnapshot();
            }
            readStream();
        } catch (MissedException e) {
            LOG.info("the snapshot is read again: {}", e.getMessage());
            knowsSnapshot = false;
            if (!hasMoved) {
                pauses.pauseAfterFailure(); // a server that keeps doing this is not asked in a loop
            }
        } catch (IOException e) {
            tellLost(e.getMessage() == null ? "The connection broke." : e.getMessage());
            pauses.pauseAfterFailure();
        }
    }

    private void readSnapshot() throws IOException, InterruptedException {
        ServerSnapshot snapshot = source.snapshot();
        heardAt = clock.instant();
        last = snapshot.seq();
        knowsSnapshot = true;
        tell(to -> to.snapshot(snapshot));
    }

    private void readStream() throws IOException, InterruptedException, MissedException {
        hasMoved = false;
        try (EventSource.Stream stream = source.open(last)) {
            open = stream;
            heard();
            SseParser parser = new SseParser(LARGEST_EVENT);
            while (!isClosed && !isRefreshDue) {
                Optional<ByteBuffer> bytes = stream.next(SILENCE);
                if (bytes.isEmpty()) {
                    throw new IOException("The server closed the stream of events.");
                }
                if (!bytes.get().hasRemaining()) {
                    continue;
                }
                for (SseEvent event : parser.feed(bytes.get())) {
                    take(event);
                }
                heard();
            }
        } finally {
            open = null;
        }
    }

    private void take(SseEvent event) throws MissedException {
        if (event.type().equals("reset")) {
            throw new MissedException("the server no longer keeps the events after " + last);
        }
        long number = numberOf(event);
        if (number != last + 1) {
            throw new MissedException("event " + number + " came after " + last);
        }
        Optional<ServerEvent> read = read(event);
        if (read.isPresent() && read.get().seq() != number) {
            throw new MissedException(
                    "event " + number + " says that it is number " + read.get().seq());
        }
        last = number;
        hasMoved = true;
        pauses.reset();
        read.ifPresentOrElse(
                known -> tell(to -> to.event(known)),
                () -> tell(to -> to.skipped(number, event.type())));
    }

    private static long numberOf(SseEvent event) throws MissedException {
        String id = event.id();
        try {
            return Long.parseLong(id == null ? "" : id);
        } catch (NumberFormatException e) {
            throw new MissedException("an event of type " + event.type() + " has no number");
        }
    }

    private Optional<ServerEvent> read(SseEvent event) throws MissedException {
        try {
            return json.readEvent(event.type(), event.data());
        } catch (JacksonException e) {
            throw new MissedException(
                    "event %s of type %s cannot be read: %s"
                            .formatted(event.id(), event.type(), WireJson.words(e)));
        }
    }

    private void heard() {
        Instant now = clock.instant();
        heardAt = now;
        Instant told = liveToldAt;
        if (told == null || !now.isBefore(told.plus(BETWEEN_LIVES)) || now.isBefore(told)) {
            liveToldAt = now;
            lostTold = "";
            tell(EventFeed.Listener::live);
        }
    }

    private void tellLost(String why) {
        liveToldAt = null;
        if (isClosed || why.equals(lostTold)) {
            return;
        }
        LOG.info("live feed lost: {}", why);
        Instant since = heardAt;
        tell(to -> to.lost(since, why));
        lostTold = why;
    }

    private void tell(Consumer<EventFeed.Listener> what) {
        telling.lock();
        try {
            if (!isClosed) {
                what.accept(listener);
            }
        } finally {
            telling.unlock();
        }
    }

    /** Reads the snapshot again: at once on an open stream, else with the next try. */
    void refresh() {
        isRefreshDue = true;
        EventSource.Stream stream = open;
        if (stream != null) {
            stream.wake();
        }
    }

    /** No listener call begins after this, and none is going on, unless it is the caller's own. */
    @Override
    public void close() {
        telling.lock();
        try {
            isClosed = true;
        } finally {
            telling.unlock();
        }
        EventSource.Stream stream = open;
        if (stream != null) {
            stream.close();
        }
    }
}
