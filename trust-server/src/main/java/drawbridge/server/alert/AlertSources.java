package drawbridge.server.alert;

import drawbridge.model.SessionSource;
import drawbridge.model.view.AlertFact;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.Totals;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.AuditWalk;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.event.EventHub;
import drawbridge.server.metrics.Meters;
import drawbridge.server.metrics.TierMeters;
import drawbridge.server.storage.Database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What alerts are judged from: all of it is counted anyway.
 *
 * @param refusals lets somebody hear of each refusal that is being audited
 * @param purgeLag how long what is over may have been waiting to be deleted at a moment
 * @param secrets when which secret is due
 * @param logins logins from before the start, the oldest first
 */
public record AlertSources(
        Meters meters,
        TierMeters tiers,
        EventHub events,
        Database database,
        DatabaseAuditLog audit,
        Consumer<Consumer<AuditEntry>> refusals,
        Function<Instant, Duration> purgeLag,
        Supplier<List<DueSecret>> secrets,
        Supplier<List<KnownLogin>> logins,
        Places places) {
    private static final String UNDECIDED = "undecided";

    /**
     * The alerts of that node; they are not judged before {@link Alerts#start}.
     *
     * @param wall the machine's clock, which may jump where {@code clock} does not
     * @param ways on which alerts leave
     * @param nanos time that has passed, from any beginning
     */
    public Alerts alerts(
            String node, List<AlertDelivery> ways, Clock clock, Clock wall, LongSupplier nanos) {
        Reused reused = new Reused();
        refusals.accept(reused::offer);
        List<Watch> watches = new ArrayList<>();
        watches.add(new FailedLogins(() -> totals().loginsRefused()));
        watches.add(Rising.ofCount(AlertRule.REFUSALS, () -> refused(totals()), this::reasons));
        watches.addAll(new Travels(places, logins).watches());
        watches.add(
                Rising.ofShare(
                        AlertRule.DATABASE_QUERIES,
                        this::databaseAsked,
                        () -> totals().validations(),
                        100,
                        List::of));
        watches.add(
                Rising.ofShare(
                        AlertRule.ERROR_RATE,
                        () -> totals().refused().getOrDefault(UNDECIDED, 0L),
                        () -> totals().validations(),
                        1_000,
                        List::of));
        watches.add(new Slow(meters::recent));
        watches.add(new OverdueSecrets(secrets));
        watches.add(reused);
        watches.add(new SlowReceipts());
        watches.add(new AuditWatch(new AuditWalk(database, audit)));
        watches.add(new ClockWatch(wall));
        watches.add(new PurgeWatch(purgeLag));
        watches.add(new Undelivered(() -> ways.stream().map(AlertDelivery::view).toList()));
        return new Alerts(
                watches,
                new Alerts.Place(new DatabaseAlerts(database, audit), node, database.isShared()),
                events,
                ways,
                clock,
                nanos);
    }

    private Totals totals() {
        return meters.totals();
    }

    private static long refused(Totals totals) {
        return totals.refused().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(UNDECIDED))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private long databaseAsked() {
        TierMeters.Asked asked = tiers.of(SessionSource.DATABASE);
        return asked.hits() + asked.misses();
    }

    /** Why validations of the last minute were refused, the most frequent first. */
    private List<AlertFact> reasons() {
        return meters.recent().reversed().stream()
                .limit(SlidingCount.WINDOW.toSeconds())
                .map(MetricsTick::refused)
                .flatMap(refused -> refused.entrySet().stream())
                .collect(
                        Collectors.groupingBy(
                                Map.Entry::getKey, Collectors.summingLong(Map.Entry::getValue)))
                .entrySet()
                .stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(5)
                .map(entry -> new AlertFact(entry.getKey(), String.valueOf(entry.getValue())))
                .toList();
    }
}
