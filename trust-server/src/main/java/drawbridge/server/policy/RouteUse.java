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
 * How often a rule decided in the last hour, minute by minute, and why calls were refused there. In
 * memory only, of this node only. Counting takes no lock; safe for many threads.
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
    }

    private static final class Minute {
        private final long number;
        private final LongAdder calls = new LongAdder();
        private final ConcurrentHashMap<Refusal, LongAdder> refused = new ConcurrentHashMap<>();

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
        Minute minute = minute(Math.floorDiv(now.getEpochSecond(), 60L));
        minute.calls.increment();
        if (refusal != null) {
            minute.refused.computeIfAbsent(refusal, _ -> new LongAdder()).increment();
        }
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

    /** What was counted in the hour that ends now. */
    public Hour hour(Instant now) {
        long last = Math.floorDiv(now.getEpochSecond(), 60L);
        List<Long> calls = new ArrayList<>(Collections.nCopies(MINUTES, 0L));
        List<Long> refused = new ArrayList<>(Collections.nCopies(MINUTES, 0L));
        Map<Refusal, Long> reasons = new HashMap<>();
        for (int place = 0; place < MINUTES; place++) {
            Minute minute = minutes.get(place);
            if (minute == null || minute.number > last || minute.number <= last - MINUTES) {
                continue;
            }
            int index = (int) (MINUTES - 1 - (last - minute.number));
            calls.set(index, minute.calls.sum());
            minute.refused.forEach((refusal, adder) -> {
                long count = adder.sum();
                refused.set(index, refused.get(index) + count);
                reasons.merge(refusal, count, Long::sum);
            });
        }
        return new Hour(calls, refused, reasons);
    }
}
