package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Fires when the clock went another way than time. One thread. */
final class ClockWatch implements Watch {
    private final Happened happened = new Happened();
    private final Clock wall;
    private @Nullable Instant shown;
    private long nanos;
    private long jumped;

    ClockWatch(Clock wall) {
        this.wall = wall;
    }

    @Override
    public AlertRule rule() {
        return AlertRule.CLOCK_JUMP;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        Instant before = shown;
        Instant is = wall.instant();
        Duration passed = Duration.ofNanos(now.nanos() - nanos);
        shown = is;
        nanos = now.nanos();
        if (before != null) {
            Duration jump = Duration.between(before, is).minus(passed);
            if (jump.abs().toMillis() >= Math.max(1, terms.least())) {
                jumped = jump.toMillis();
                happened.note(now.at(), finding(before, is, jump));
            }
        }
        List<Finding> found = happened.now(now.at());
        return Reading.of(found.isEmpty() ? 0 : Math.abs(jumped), terms.least(), found);
    }

    private static Finding finding(Instant before, Instant now, Duration jump) {
        String way = jump.isNegative() ? "back" : "ahead";
        return new Finding(
                "clock",
                "The clock went %s by %s ms more than time has passed"
                        .formatted(way, jump.abs().toMillis()),
                List.of(
                        new AlertFact("before", before.toString()),
                        new AlertFact("after", now.toString()),
                        new AlertFact("jump", jump.toMillis() + " ms")));
    }
}
