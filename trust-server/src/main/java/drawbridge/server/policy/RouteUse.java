package drawbridge.server.policy;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often a rule decided in the last hour on this node, minute by minute, and why calls were
 * refused there. Counting takes no lock; safe for many threads, of which one writes down.
 */
public final class RouteUse {
    /** How many minutes are kept, the one that runs included. */
    public static final int MINUTES = 60;

    /**
     * Why a call was refused.
     *
     * @param signal the signal at fault; empty when none is
     */
    public record Refusal(String reason, String signal) {}

    /**
     * Calls of one minute.
     *
     * @param minute since 1970
     * @param refusal why they were not trusted; null for all calls, trusted or not
     */
    record Count(long minute, @Nullable Refusal refusal, long calls) {}

    /**
     * The last hour.
     *
     * @param calls how many calls there were in each minute, the oldest first
     * @param refused how many of them were not trusted, likewise
     * @param reasons why, over the whole hour
     */
    public record Hour(List<Long> calls, List<Long> refused, Map<Refusal, Long> reasons) {
        public Hour {
            calls = List.copyOf(calls);
            refused = List.copyOf(refused);
            reasons = Map.copyOf(reasons);
        }

        /** What those counts make of the hour that ends now. */
        static Hour of(List<Count> counts, Instant now) {
            long last = minuteOf(now);
            List<Long> calls = new ArrayList<>(Collections.nCopies(MINUTES, 0L));
            List<Long> refused = new ArrayList<>(Collections.nCopies(MINUTES, 0L));
            Map<Refusal, Long> reasons = new HashMap<>();
            for (Count count : counts) {
                if (count.minute() > last || count.minute() <= last - MINUTES) {
                    continue;
                }
                Refusal refusal = count.refusal();
                List<Long> row = refusal == null ? calls : refused;
                int index = (int) (MINUTES - 1 - (last - count.minute()));
                row.set(index, row.get(index) + count.calls());
                if (refusal != null) {
                    reasons.merge(refusal, count.calls(), Long::sum);
                }
            }
            return new Hour(calls, refused, reasons);
        }

        /** How many calls there were. */
        public long total() {
            return calls.stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final class Tally {
        private final LongAdder counted = new LongAdder();
        private final LongAdder written = new LongAdder();

        long unwritten() {
            return counted.sum() - written.sum();
        }
    }

    private static final class Minute {
        private final long number;
        private final Tally calls = new Tally();
        private final ConcurrentHashMap<Refusal, Tally> refused = new ConcurrentHashMap<>();

        Minute(long number) {
            this.number = number;
        }
    }

    private final AtomicReferenceArray<@Nullable Minute> minutes =
            new AtomicReferenceArray<>(MINUTES);

    /**
     * Counts a call.
     *
     * @param refusal why it was not trusted; null when it was
     */
    public void count(@Nullable Refusal refusal, Instant now) {
        Minute minute = minute(minuteOf(now));
        minute.calls.counted.increment();
        if (refusal != null) {
            minute.refused.computeIfAbsent(refusal, _ -> new Tally()).counted.increment();
        }
    }

    static long minuteOf(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), 60L);
    }

    private Minute minute(long number) {
        int place = (int) Math.floorMod(number, (long) MINUTES);
        Minute known = minutes.get(place);
        if (known != null && known.number >= number) {
            return known; // a call that is late by the length of a judgement counts with the next
        }
        Minute fresh = new Minute(number);
        Minute there = minutes.compareAndExchange(place, known, fresh);
        return there == known || there == null ? fresh : there;
    }

    /** What the database does not count yet. */
    List<Count> unwritten() {
        List<Count> all = new ArrayList<>();
        for (int place = 0; place < MINUTES; place++) {
            Minute minute = minutes.get(place);
            if (minute != null) {
                add(all, minute.number, null, minute.calls.unwritten());
                minute.refused.forEach(
                        (refusal, tally) -> add(all, minute.number, refusal, tally.unwritten()));
            }
        }
        return all;
    }

    private static void add(List<Count> all, long minute, @Nullable Refusal refusal, long calls) {
        if (calls > 0) {
            all.add(new Count(minute, refusal, calls));
        }
    }

    /** The database counts these from now on. For the one thread that writes down. */
    void written(Count count) {
        Minute minute = minutes.get((int) Math.floorMod(count.minute(), (long) MINUTES));
        if (minute == null || minute.number != count.minute()) {
            return; // an hour has passed meanwhile
        }
        Refusal refusal = count.refusal();
        Tally tally = refusal == null ? minute.calls : minute.refused.get(refusal);
        if (tally != null) {
            tally.written.add(count.calls());
        }
    }
}
