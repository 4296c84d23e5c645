package drawbridge.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

import drawbridge.model.view.ShippedLogs;
import drawbridge.server.config.Reason;
import drawbridge.server.config.ServerConfig.LogReceiver;
import drawbridge.server.logging.SyslogFrames.Head;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends log lines to a receiver elsewhere, from a bounded queue and a thread of its own, so that
 * nobody who logs waits for a network. Safe for many threads.
 *
 * <p>Each line has a number, given when it was written. A line that finds the queue full is lost,
 * and the line after the loss is preceded by a record that says how many and which numbers. When a
 * connection breaks, the lines of the last minute that went through it are sent again under their
 * old numbers: a line may come twice, and none can be missing without its number being missed.
 */
public final class LogShipping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogShipping.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_OF_FIELD = 8_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(2);

    /** What may be sent again: that many frames, none older than that. */
    private static final int MOST_KEPT = 2_000;

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** A line that waits; {@code lostBefore} are those given up between it and the one before. */
    private record Line(long number, long lostBefore, Head head, String json) {}

    /** A frame that was handed over, and when. */
    private static final class Kept {
        private final byte[] frame;
        private final long atNanos;

        Kept(byte[] frame, long atNanos) {
            this.frame = frame;
            this.atNanos = atNanos;
        }
    }

    private final LogReceiver receiver;
    private final SyslogFrames frames;
    private final SyslogWire wire;
    private final ArrayBlockingQueue<Line> queue;
    private final ReentrantLock numbering = new ReentrantLock();
    private final AtomicLong shipped = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** Guarded by {@link #numbering}. */
    private long number;

    /** Guarded by {@link #numbering}: lines lost since the last one that waits. */
    private long lostSince;

    /** Guarded by {@link #numbering}: what the last lost line said of itself. */
    private @Nullable Head lastLost;

    /** Of the sending thread: what may not have arrived. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    /** Of the sending thread. */
    private boolean isFaultTold;

    /** Whether a line is no longer in the queue and not sent yet. */
    private volatile boolean isInHand;

    private volatile @Nullable String fault = "not reached yet";

    private LogShipping(LogReceiver receiver, String host, String version, long pid) {
        this.receiver = receiver;
        this.wire = new SyslogWire(receiver);
        this.frames = new SyslogFrames(host, version, pid, wire.isStream());
        this.queue = new ArrayBlockingQueue<>(receiver.bufferLines());
        this.thread = Thread.ofPlatform().name("log-shipping").daemon().unstarted(this::run);
    }

    /** Begins; a receiver that is away is tried again until it is there. */
    static LogShipping start(LogReceiver receiver, String host, String version, long pid) {
        LogShipping shipping = new LogShipping(receiver, host, version, pid);
        shipping.thread.start();
        return shipping;
    }

    /** What gives lines to it; whoever logs never waits. */
    UnsynchronizedAppenderBase<ILoggingEvent> appender() {
        return new UnsynchronizedAppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                offer(event);
            }
        };
    }

    private void offer(ILoggingEvent event) {
        Head head =
                new Head(
                        event.getInstant(),
                        event.getLevel(),
                        JsonLines.shortName(event.getLoggerName()),
                        event.getLoggerName().equals(ServerLogging.AUDIT));
        String json = JsonLines.text(event, MOST_OF_FIELD);
        numbering.lock();
        try {
            number++;
            if (queue.offer(new Line(number, lostSince, head, json))) {
                lostSince = 0;
            } else {
                lost.incrementAndGet();
                lostSince++;
                lastLost = head;
            }
        } finally {
            numbering.unlock();
        }
    }

    /** How it goes now. */
    public ShippedLogs figures() {
        String why = fault;
        return new ShippedLogs(
                receiver.url().toString(),
                why == null,
                shipped.get(),
                lost.get(),
                queue.size(),
                receiver.bufferLines(),
                connections.get(),
                why);
    }

    private void run() {
        try {
            while (true) {
                Line line = queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (line != null) {
                    isInHand = true;
                    if (line.lostBefore() > 0) {
                        tellLoss(line.head(), line.number() - 1, line.lostBefore());
                    }
                    send(frames.numbered(line.head(), line.number(), line.json()));
                    isInHand = false;
                    shipped.incrementAndGet();
                } else if (isClosing()) {
                    return;
                } else {
                    tellLossAtTheEnd();
                    if (!wire.isOpen()) {
                        connect(); // so that it is known, and told, before there is a line
                    }
                }
            }
        } catch (InterruptedException e) {
            // The end: what waits still is counted by whoever ends it.
        } finally {
            wire.close();
        }
    }

    /** Lost lines that no later line has told of yet. */
    private void tellLossAtTheEnd() throws InterruptedException {
        long last;
        long count;
        Head head;
        numbering.lock();
        try {
            last = number;
            count = lostSince;
            head = lastLost;
            lostSince = 0;
        } finally {
            numbering.unlock();
        }
        if (count > 0 && head != null) {
            tellLoss(head, last, count);
        }
    }

    private void tellLoss(Head near, long last, long count) throws InterruptedException {
        Map<String, String> record = record(near, "log lines are missing here: too many waited");
        record.put("lost", String.valueOf(count));
        record.put("first", String.valueOf(SyslogFrames.wireNumber(last - count + 1)));
        record.put("last", String.valueOf(SyslogFrames.wireNumber(last)));
        send(frames.unnumbered(own(near), JSON.writeValueAsString(record)));
    }

    private static Map<String, String> record(Head near, String message) {
        Map<String, String> record = new LinkedHashMap<>();
        record.put("at", near.at().toString());
        record.put("level", Level.WARN.toString());
        record.put("logger", LogShipping.class.getSimpleName());
        record.put("message", message);
        return record;
    }

    private static Head own(Head near) {
        return new Head(near.at(), Level.WARN, LogShipping.class.getSimpleName(), false);
    }

    /** Hands a frame over, on as many connections as that takes. */
    private void send(byte[] frame) throws InterruptedException {
        while (true) {
            if (!wire.isOpen()) {
                connect();
            }
            try {
                wire.write(frame);
                keep(frame);
                return;
            } catch (IOException e) {
                broke(e);
            }
        }
    }

    private void keep(byte[] frame) {
        if (!wire.isStream()) {
            return; // nobody tells that a datagram did not arrive
        }
        long now = System.nanoTime();
        kept.addLast(new Kept(frame, now));
        while (kept.size() > MOST_KEPT || now - kept.getFirst().atNanos > KEPT_NANOS) {
            kept.removeFirst();
        }
    }

    /** Returns once there is a connection and all that may be missing was sent again. */
    private void connect() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                wire.open();
                connections.incrementAndGet();
                sendAgain();
                if (fault != null) {
                    fault = null;
                    isFaultTold = false;
                    LOG.info("the receiver of logs takes lines target={}", receiver.url());
                }
                return;
            } catch (IOException e) {
                broke(e);
            }
            if (isClosing() || closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the server ends");
            }
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    private void sendAgain() throws IOException {
        long oldest = System.nanoTime() - KEPT_NANOS;
        kept.removeIf(each -> each.atNanos - oldest < 0);
        for (Kept each : kept) {
            wire.write(each.frame);
        }
    }

    private void broke(IOException e) {
        fault = Reason.of(e);
        wire.close();
        if (!isFaultTold) {
            isFaultTold = true;
            LOG.warn(
                    "the receiver of logs takes no lines; they wait target={} why={}",
                    receiver.url(),
                    fault);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /**
     * Sends what waits, as long as that takes little time.
     *
     * @return how many lines were not sent
     */
    int end() {
        closing.countDown();
        try {
            if (!thread.join(PATIENCE_AT_END)) {
                wire.close(); // a receiver that takes nothing would keep us
                thread.interrupt();
                boolean _ = thread.join(PATIENCE_AT_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = queue.size() + (isInHand ? 1 : 0);
        lost.addAndGet(left);
        return left;
    }

    @Override
    public void close() {
        int _ = end();
    }
}
