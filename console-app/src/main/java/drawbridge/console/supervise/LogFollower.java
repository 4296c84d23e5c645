package drawbridge.console.supervise;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Follows the server's structured log and what it printed, from the last 1 000 lines on. It has a
 * thread of its own, which begins with the first subscriber, looks four times a second, and calls
 * the listeners. Safe for many threads.
 */
final class LogFollower implements AutoCloseable {
    static final int KEPT = 1_000;
    private static final int LARGEST_BATCH = 1_000;
    private static final int OUTPUT_LINES_AT_START = 200;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);

    private final LogLines parser = new LogLines();
    private final FollowedFile structured;
    private final FollowedFile output;
    private final Queue<Consumer<List<LogLine>>> newcomers = new ConcurrentLinkedQueue<>();
    private final List<Consumer<List<LogLine>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("server-log").daemon().unstarted(this::run);
    private volatile boolean isClosed;

    // What follows belongs to the thread, or to a test that looks by itself.
    private final Deque<LogLine> last = new ArrayDeque<>();
    private boolean isBegun;
    private boolean isInLogged;

    LogFollower(Path structured, Path output) {
        this.structured = new FollowedFile(structured);
        this.output = new FollowedFile(output);
    }

    /** Hears the last lines, then every new one, in batches. */
    ServerSupervisor.Subscription subscribe(Consumer<List<LogLine>> listener) {
        newcomers.add(listener);
        begin();
        return () -> {
            newcomers.remove(listener);
            listeners.remove(listener);
        };
    }

    private synchronized void begin() {
        if (!isClosed && thread.getState() == Thread.State.NEW) {
            thread.start();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!isClosed) {
            try {
                while (look() && !isClosed) {
                    // There may be more at once.
                }
            } catch (RuntimeException e) {
                LOG.error("the server's log cannot be followed for the moment", e);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        structured.close();
        output.close();
    }

    /**
     * Reads what is new and hands it on.
     *
     * @return whether there may be more at once
     */
    boolean look() {
        List<LogLine> fresh = isBegun ? readOn() : readLast();
        isBegun = true;
        for (int at = 0; at < fresh.size(); at += LARGEST_BATCH) {
            tell(listeners, fresh.subList(at, Math.min(at + LARGEST_BATCH, fresh.size())));
        }
        fresh.forEach(this::keep);
        for (Consumer<List<LogLine>> next = newcomers.poll();
                next != null;
                next = newcomers.poll()) {
            tell(List.of(next), List.copyOf(last));
            listeners.add(next);
        }
        return structured.mayHaveMore() || output.mayHaveMore();
    }

    private void keep(LogLine line) {
        last.addLast(line);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    private static void tell(List<Consumer<List<LogLine>>> to, List<LogLine> lines) {
        if (!lines.isEmpty()) {
            List<LogLine> batch = List.copyOf(lines);
            to.forEach(listener -> listener.accept(batch));
        }
    }

    private List<LogLine> readOn() {
        List<LogLine> lines = new ArrayList<>();
        lines.addAll(printed(output.readOn()));
        structured.readOn().forEach(line -> lines.add(parser.structured(line)));
        return lines;
    }

    /** What was printed and not logged: what was logged comes with the structured log. */
    private List<LogLine> printed(List<String> lines) {
        List<LogLine> kept = new ArrayList<>();
        for (String line : lines) {
            boolean isLogged = LogLines.isLogged(line);
            boolean isRest = isInLogged && LogLines.isTrace(line);
            isInLogged = isLogged || isRest;
            if (!isInLogged) {
                kept.add(parser.unstructured(line));
            }
        }
        return kept;
    }

    /** Output lines carry no time: the file that was written later stands later. */
    private List<LogLine> readLast() {
        boolean isOutputLater = output.modified() > structured.modified();
        List<LogLine> printed = printed(output.readLast(OUTPUT_LINES_AT_START));
        List<LogLine> logged = structured.readLast(KEPT).stream().map(parser::structured).toList();
        return isOutputLater
                ? Stream.concat(logged.stream(), printed.stream()).toList()
                : Stream.concat(printed.stream(), logged.stream()).toList();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        listeners.clear();
        newcomers.clear();
        LockSupport.unpark(thread);
    }
}
