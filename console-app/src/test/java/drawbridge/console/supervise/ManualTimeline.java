package drawbridge.console.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A timeline that stands still until it is moved; tasks run on the thread that moves it. */
final class ManualTimeline implements Timeline {
    private static final class Task {
        final Instant due;
        final long number;
        final Runnable work;

        Task(Instant due, long number, Runnable work) {
            this.due = due;
            this.number = number;
            this.work = work;
        }

        Instant due() {
            return due;
        }

        long number() {
            return number;
        }
    }

    private final Queue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(Task::number));
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private long numbers;
    private boolean isClosed;

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void soon(Runnable task) {
        after(Duration.ZERO, task);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Task added = new Task(now.plus(delay), numbers++, task);
        if (!isClosed) {
            tasks.add(added);
        }
        return () -> tasks.remove(added);
    }

    /** Does what is due now. */
    void settle() {
        advance(Duration.ZERO);
    }

    /** Moves on, doing everything that falls due on the way at its own instant. */
    void advance(Duration by) {
        Instant until = now.plus(by);
        while (!tasks.isEmpty() && !tasks.element().due().isAfter(until)) {
            Task next = tasks.remove();
            now = next.due();
            next.work.run();
        }
        now = until;
    }

    @Override
    public void close() {
        isClosed = true;
        tasks.clear();
    }
}
