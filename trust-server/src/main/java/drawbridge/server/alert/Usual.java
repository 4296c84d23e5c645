package drawbridge.server.alert;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * What a figure usually is: an average that forgets within about ten minutes. While its rule fires
 * it learns ten times as slowly, so that an attack does not soon become the usual, and a change
 * that stays does. One thread.
 */
final class Usual {
    private static final double SECONDS = 600;
    private static final double SECONDS_WHILE_FIRING = 6_000;
    private static final double MOST_AT_ONCE = 60;

    private double value;
    private @Nullable Instant last;

    double value() {
        return value;
    }

    /** From where on the rule fires. */
    double limit(Terms terms) {
        return Math.max(terms.least(), terms.factor() * value);
    }

    void learn(Instant now, double figure, boolean isFiring) {
        Instant before = last;
        last = now;
        if (before == null) {
            return;
        }
        double passed =
                Math.clamp(Duration.between(before, now).toMillis() / 1_000.0, 0, MOST_AT_ONCE);
        double share = 1 - Math.exp(-passed / (isFiring ? SECONDS_WHILE_FIRING : SECONDS));
        value += share * (figure - value);
    }
}
