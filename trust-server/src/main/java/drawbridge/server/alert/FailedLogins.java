package drawbridge.server.alert;

import drawbridge.model.event.ServerEvent.LoginRefused;
import drawbridge.model.view.AlertFact;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Keeps the latest refused logins, so that an alert can say who is tried and from where. */
final class FailedLogins implements Watch {
    private static final int KEPT = 2_000;
    private static final int NAMED = 3;

    private final Deque<LoginRefused> latest = new ArrayDeque<>();
    private final Watch count;

    FailedLogins(LongSupplier refused) {
        this.count = Rising.ofCount(AlertRule.FAILED_LOGINS, refused, this::evidence);
    }

    @Override
    public AlertRule rule() {
        return AlertRule.FAILED_LOGINS;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        now.all(LoginRefused.class).forEach(latest::addLast);
        while (latest.size() > KEPT
                || (!latest.isEmpty()
                        && latest.getFirst().at().isBefore(now.at().minus(SlidingCount.WINDOW)))) {
            latest.removeFirst();
        }
        return count.read(now, terms, isFiring);
    }

    private List<AlertFact> evidence() {
        List<AlertFact> facts = new ArrayList<>();
        most("address", r -> r.ip() == null ? "unknown" : r.ip(), facts);
        most("account", LoginRefused::email, facts);
        most("tenant", LoginRefused::tenant, facts);
        return facts;
    }

    private void most(String what, Function<LoginRefused, String> of, List<AlertFact> facts) {
        Map<String, Long> counts =
                latest.stream().collect(Collectors.groupingBy(of, Collectors.counting()));
        String named =
                counts.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(NAMED)
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
        if (!named.isEmpty()) {
            facts.add(
                    new AlertFact(
                            counts.size() == 1
                                    ? "the only " + what
                                    : "%d %s, most often".formatted(counts.size(), plural(what)),
                            named));
        }
    }

    private static String plural(String what) {
        return what.endsWith("s") ? what + "es" : what + "s";
    }
}
