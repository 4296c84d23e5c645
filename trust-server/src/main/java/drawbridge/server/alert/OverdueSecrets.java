package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Fires when a secret should have been rotated. One thread. */
final class OverdueSecrets implements Watch {
    private static final Duration LOOKED_EVERY = Duration.ofSeconds(5);

    private final Supplier<List<DueSecret>> secrets;
    private List<DueSecret> known = List.of();
    private @Nullable Moment looked;

    OverdueSecrets(Supplier<List<DueSecret>> secrets) {
        this.secrets = secrets;
    }

    @Override
    public AlertRule rule() {
        return AlertRule.SECRET_OVERDUE;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        Moment before = looked;
        // By either clock: one may have been set, the other stands still while a machine sleeps.
        if (before == null
                || now.nanos() - before.nanos() >= LOOKED_EVERY.toNanos()
                || Duration.between(before.at(), now.at()).abs().compareTo(LOOKED_EVERY) >= 0) {
            known = List.copyOf(secrets.get());
            looked = now;
        }
        List<Finding> overdue =
                known.stream()
                        .filter(secret -> !now.at().isBefore(secret.dueAt()))
                        .map(secret -> finding(secret, now.at()))
                        .toList();
        return Reading.of(overdue.size(), 1, overdue);
    }

    private static Finding finding(DueSecret secret, Instant now) {
        return new Finding(
                secret.name(),
                "%s should have been rotated by now".formatted(secret.about()),
                List.of(
                        new AlertFact("due at", secret.dueAt().toString()),
                        new AlertFact(
                                "overdue for",
                                Duration.between(secret.dueAt(), now).toDays() + " days")));
    }
}
