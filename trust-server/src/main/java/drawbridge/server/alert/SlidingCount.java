package drawbridge.server.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How far a counter rose within the last minute. One thread. */
final class SlidingCount {
    static final Duration WINDOW = Duration.ofMinutes(1);

    private record Sample(Instant at, long total) {}

    private final List<Sample> samples = new ArrayList<>();

    long move(Instant now, long total) {
        if (!samples.isEmpty() && now.isBefore(samples.getLast().at())) {
            samples.clear(); // the clock went back: what was counted when is not known any more
        }
        samples.add(new Sample(now, total));
        Instant begin = now.minus(WINDOW);
        // One sample from before the window stays: what came since then is within it.
        while (samples.size() > 1 && !samples.get(1).at().isAfter(begin)) {
            samples.removeFirst();
        }
        return total - samples.getFirst().total();
    }
}
