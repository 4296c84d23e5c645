package drawbridge.server.metrics;

import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.MinuteFigures;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums seconds up to minutes of the clock, and remembers a day of them. A minute that a restart cut
 * in two is one minute again. Safe for many threads; no one holds it for longer than a sum takes.
 */
public final class DayOfMinutes {
    /** So many minutes are remembered. */
    public static final int MOST_MINUTES = (int) Duration.ofDays(1).toMinutes();

    private static final long SLOWEST_MICROS = Duration.ofMinutes(1).toNanos() / 1000;

    /** The minute that goes on. */
    private static final class Open {
        private final Instant end;
        private final Histogram times = new Histogram(SLOWEST_MICROS, 2);
        private final Map<String, Long> refused = new HashMap<>();
        private final Map<String, Long> bySource = new HashMap<>();
        private int seconds;
        private long validations;
        private long trusted;
        private long logins;
        private long loginsRefused;
        private long revocations;
        private long slowestRevocation;
        private long liveSessions;

        Open(Instant end) {
            this.end = end;
        }

        void add(MetricsTick tick, Histogram second) {
            times.add(second);
            tick.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum));
            tick.bySource().forEach((tier, count) -> bySource.merge(tier, count, Long::sum));
            seconds = Math.min(60, seconds + 1);
            validations += tick.validations();
            trusted += tick.trusted();
            logins += tick.logins();
            loginsRefused += tick.loginsRefused();
            revocations += tick.revocations();
            slowestRevocation = Math.max(slowestRevocation, tick.slowestRevocationMicros());
            liveSessions = tick.liveSessions();
        }

        MinuteFigures figures() {
            boolean any = times.getTotalCount() > 0;
            return new MinuteFigures(
                    end,
                    seconds,
                    validations,
                    trusted,
                    refused,
                    bySource,
                    any ? times.getValueAtPercentile(50) : 0,
                    any ? times.getValueAtPercentile(99) : 0,
                    any ? times.getMaxValue() : 0,
                    logins,
                    loginsRefused,
                    revocations,
                    slowestRevocation,
                    liveSessions);
        }
    }

    private final Deque<MinuteFigures> minutes = new ArrayDeque<>();
    private final Deque<MinuteFigures> unwritten = new ArrayDeque<>();
    private @Nullable Open open;

    /** Adds a second, with the times of its validations. */
    synchronized void add(MetricsTick tick, Histogram second) {
        Instant end = endOf(tick.at());
        // A clock that was put back counts into the minute that goes on: minutes never overtake.
        if (open == null || end.isAfter(open.end)) {
            finish();
            open = new Open(end);
        }
        open.add(tick, second);
    }

    /** A tick tells of the second that ends with it, so a full minute belongs to what is over. */
    private static Instant endOf(Instant at) {
        Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
        return minute.equals(at) ? at : minute.plus(Duration.ofMinutes(1));
    }

    /** Ends the minute that goes on, as far as it came. */
    synchronized void finish() {
        if (open != null) {
            MinuteFigures figures = open.figures();
            open = null;
            unwritten.addLast(figures);
            keep(figures);
        }
    }

    /** Takes in what an earlier run wrote down, oldest first; called before the first second. */
    synchronized void restore(List<MinuteFigures> earlier) {
        earlier.forEach(this::keep);
    }

    private void keep(MinuteFigures figures) {
        MinuteFigures last = minutes.peekLast();
        if (last != null && !figures.at().isAfter(last.at())) {
            minutes.removeLast();
            minutes.addLast(joined(last, figures));
            return;
        }
        minutes.addLast(figures);
        Instant before = figures.at().minus(Duration.ofDays(1));
        while (minutes.size() > MOST_MINUTES || !minutes.getFirst().at().isAfter(before)) {
            minutes.removeFirst();
        }
    }

    /** The minutes that ended after {@code from}, oldest first. */
    public synchronized List<MinuteFigures> since(Instant from) {
        return minutes.stream().filter(minute -> minute.at().isAfter(from)).toList();
    }

    /** The minutes that ended since this was last asked, oldest first. */
    synchronized List<MinuteFigures> takeUnwritten() {
        List<MinuteFigures> taken = new ArrayList<>(unwritten);
        unwritten.clear();
        return taken;
    }

    /** All minutes, oldest first; none of them counts as unwritten any more. */
    synchronized List<MinuteFigures> takeAll() {
        unwritten.clear();
        return new ArrayList<>(minutes);
    }

    /** Two parts of one minute. Of percentiles only their parts are known: the worse one counts. */
    private static MinuteFigures joined(MinuteFigures a, MinuteFigures b) {
        return new MinuteFigures(
                a.at(),
                Math.min(60, a.seconds() + b.seconds()),
                a.validations() + b.validations(),
                a.trusted() + b.trusted(),
                sum(a.refused(), b.refused()),
                sum(a.bySource(), b.bySource()),
                Math.max(a.p50Micros(), b.p50Micros()),
                Math.max(a.p99Micros(), b.p99Micros()),
                Math.max(a.maxMicros(), b.maxMicros()),
                a.logins() + b.logins(),
                a.loginsRefused() + b.loginsRefused(),
                a.revocations() + b.revocations(),
                Math.max(a.slowestRevocationMicros(), b.slowestRevocationMicros()),
                b.liveSessions());
    }

    private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
        Map<String, Long> both = new HashMap<>(a);
        b.forEach((name, count) -> both.merge(name, count, Long::sum));
        return both;
    }
}
