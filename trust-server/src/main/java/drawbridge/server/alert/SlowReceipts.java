package drawbridge.server.alert;

import drawbridge.model.event.ServerEvent.LogApplied;
import drawbridge.model.event.ServerEvent.SessionRevoked;
import drawbridge.model.event.ServerEvent.SessionsRevoked;
import drawbridge.model.view.AlertFact;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Fires when a revocation took longer than its budget until every node refused. One thread. */
final class SlowReceipts implements Watch {
    private final Happened happened = new Happened();
    private long slowest;

    private record Took(Instant at, String what, long number, long micros) {}

    @Override
    public AlertRule rule() {
        return AlertRule.RECEIPT_OVER_BUDGET;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        Stream<Took> one =
                now.all(SessionRevoked.class)
                        .map(e -> new Took(e.at(), e.scope(), e.number(), e.tookMicros()));
        Stream<Took> many =
                now.all(SessionsRevoked.class)
                        .map(e -> new Took(e.at(), "many sessions", e.number(), e.tookMicros()));
        Stream<Took> held =
                now.all(LogApplied.class)
                        .map(e -> new Took(e.at(), "all nodes", e.number(), e.tookMicros()));
        List<Took> slow =
                Stream.of(one, many, held)
                        .flatMap(s -> s)
                        .filter(took -> took.micros() > terms.least())
                        .toList();
        for (Took took : slow) {
            slowest = took.micros();
            happened.note(
                    took.at(),
                    new Finding(
                            "revocations",
                            "Revocation %d took %s ms until every node refused; its budget is %s ms"
                                    .formatted(
                                            took.number(),
                                            millis(took.micros()),
                                            millis(terms.least())),
                            List.of(
                                    new AlertFact("revocation", String.valueOf(took.number())),
                                    new AlertFact("what was ended", took.what()),
                                    new AlertFact("took", millis(took.micros()) + " ms"),
                                    new AlertFact("budget", millis(terms.least()) + " ms"),
                                    new AlertFact("at", took.at().toString()))));
        }
        List<Finding> found = happened.now(now.at());
        return Reading.of(found.isEmpty() ? 0 : slowest, terms.least(), found);
    }

    private static String millis(long micros) {
        return Rising.Figures.text(micros / 1_000.0);
    }
}
