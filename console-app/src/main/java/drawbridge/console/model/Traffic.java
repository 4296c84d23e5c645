package drawbridge.console.model;

import drawbridge.model.view.MetricsTick;

import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The last hour of the server's work, second by second. */
public final class Traffic {
    /** One tick a second for an hour. */
    public static final int MOST_TICKS = 3_600;

    private final Deque<MetricsTick> ticks = new ArrayDeque<>(MOST_TICKS);
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision", 0);

    /** Grows with every tick. */
    public ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /** The newest tick. */
    public Optional<MetricsTick> latest() {
        return Optional.ofNullable(ticks.peekLast());
    }

    /** The ticks that ended within {@code span} before {@code now}, oldest first. */
    public List<MetricsTick> within(Duration span, Instant now) {
        Instant from = now.minus(span);
        List<MetricsTick> found = new ArrayList<>();
        Iterator<MetricsTick> newestFirst = ticks.descendingIterator();
        while (newestFirst.hasNext()) {
            MetricsTick tick = newestFirst.next();
            if (!tick.at().isAfter(from)) {
                break;
            }
            found.add(tick);
        }
        return found.reversed();
    }

    /**
     * The 99th percentile of a minute, by its last second; 0 when nothing was validated. It is
     * rounded more than the slowest is, and not above that.
     */
    public static long p99Micros(List<MetricsTick> minute) {
        long slowest = minute.stream().mapToLong(MetricsTick::maxMicros).max().orElse(0);
        return minute.isEmpty() ? 0 : Math.min(minute.getLast().minuteP99Micros(), slowest);
    }

    /** Takes in what a server remembers; what an earlier run of it told stays before that. */
    void replace(List<MetricsTick> recent) {
        if (!recent.isEmpty()) {
            Instant first = recent.getFirst().at();
            ticks.removeIf(tick -> !tick.at().isBefore(first));
        }
        recent.forEach(this::keep);
        revision.set(revision.get() + 1);
    }

    void clear() {
        ticks.clear();
        revision.set(revision.get() + 1);
    }

    void add(MetricsTick tick) {
        keep(tick);
        revision.set(revision.get() + 1);
    }

    private void keep(MetricsTick tick) {
        MetricsTick last = ticks.peekLast();
        if (last != null && !tick.at().isAfter(last.at())) {
            return; // the snapshot held it already
        }
        if (ticks.size() == MOST_TICKS) {
            ticks.removeFirst();
        }
        ticks.addLast(tick);
    }
}
