package drawbridge.server.bridge;

import drawbridge.server.storage.Times;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something was used: since it was last written down, when the last time, and how often
 * in the last ten minutes and in the last one. Counting takes no lock. Safe for many threads.
 */
final class UseCount {
    /** What {@link #recent} looks back on. */
    static final Duration WINDOW = Duration.ofMinutes(10);

    /** What {@link #lastMinute} looks back on. */
    static final Duration MINUTE = Duration.ofMinutes(1);

    private static final int SLOTS = Math.toIntExact(WINDOW.toSeconds());

    private final AtomicLong unwritten = new AtomicLong();
    private final AtomicLong lastMicros = new AtomicLong();

    /** Each slot: the number of its second in the upper half, the count in the lower. */
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    void note(Instant now) {
        unwritten.incrementAndGet();
        long micros = Times.micros(now);
        if (lastMicros.get() < micros) {
            lastMicros.accumulateAndGet(micros, Math::max);
        }
        long number = now.getEpochSecond();
        int slot = (int) (number % SLOTS);
        while (true) {
            long held = slots.get(slot);
            if (held >>> 32 > number) {
                return; // a clock that went back; the total has counted it
            }
            long next = held >>> 32 == number ? held + 1 : number << 32 | 1;
            if (slots.compareAndSet(slot, held, next)) {
                return;
            }
        }
    }

    /** How often within the last ten minutes. */
    long recent(Instant now) {
        return within(SLOTS, now);
    }

    /** How often within the last minute. */
    long lastMinute(Instant now) {
        return within(Math.toIntExact(MINUTE.toSeconds()), now);
    }

    private long within(int seconds, Instant now) {
        long newest = now.getEpochSecond();
        long count = 0;
        for (long number = newest - seconds + 1; number <= newest; number++) {
            long held = slots.get((int) Math.floorMod(number, (long) SLOTS));
            if (held >>> 32 == number) {
                count += held & 0xffff_ffffL;
            }
        }
        return count;
    }

    /** What the database does not count yet. */
    long unwritten() {
        return unwritten.get();
    }

    /** So many are in the database now. */
    void written(long uses) {
        unwritten.addAndGet(-uses);
    }

    /** When it was last used since the server started; empty when it was not. */
    Optional<Instant> last() {
        long micros = lastMicros.get();
        return micros == 0 ? Optional.empty() : Optional.of(Times.instant(micros));
    }
}
