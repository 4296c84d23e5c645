package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Fires when what is over waits too long to be deleted. One thread. */
final class PurgeWatch implements Watch {
    private final Function<Instant, Duration> lag;

    PurgeWatch(Function<Instant, Duration> lag) {
        this.lag = lag;
    }

    @Override
    public AlertRule rule() {
        return AlertRule.PURGE_LAG;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        long seconds = lag.apply(now.at()).toSeconds();
        boolean late = seconds > terms.least();
        return Reading.of(
                seconds,
                terms.least(),
                late
                        ? List.of(
                                new Finding(
                                        "sessions",
                                        "Ended sessions may have been waiting to be deleted for %d s"
                                                .formatted(seconds),
                                        List.of(
                                                new AlertFact("waiting", seconds + " s"),
                                                new AlertFact(
                                                        "fires behind", terms.least() + " s"))))
                        : List.of());
    }
}
