package drawbridge.server.alert;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertTest;
import drawbridge.model.view.AlertView;
import drawbridge.model.view.AlertsView;
import drawbridge.server.Background;
import drawbridge.server.crypto.Base64Url;
import drawbridge.server.event.EventHub;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Judges the rules once a second on a thread of its own, and knows what fires. One alert for a rule
 * and a subject: it fires when its cause is there, and clears when it is not. What an administrator
 * says of one is kept in the database and outlives a restart; while the database is away alerts
 * fire and clear all the same, and are written down when it is back. Safe for many threads.
 */
public final class Alerts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration CLEARED_SHOWN = Duration.ofDays(1);
    private static final Duration OTHERS_READ_EVERY = Duration.ofSeconds(5);

    /** An alert that another life of this node left: until its rule has seen enough to judge. */
    private static final Duration TAKEN_OVER_FOR = Duration.ofSeconds(90);

    private static final Duration WRITTEN_EVERY = Duration.ofMinutes(1);
    private static final int MOST_FOR_A_RULE = 100;
    private static final int MOST_CLEARED = 200;
    private static final int MOST_READ = 1_000;
    private static final int MOST_EVENTS = 5_000;

    /** Where alerts are kept, and which server this is. */
    record Place(DatabaseAlerts store, String node, boolean isShared) {}

    private record Key(AlertRule rule, String subject) {}

    private record Snooze(String by, Instant until) {}

    private final List<Watch> watches;
    private final Place place;
    private final EventHub events;
    private final Clock clock;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Background.daemons("alerts"));

    /** Held while rules are judged, database and all; nobody who asks waits for it. */
    private final ReentrantLock judging = new ReentrantLock();

    private long eventsRead;
    private boolean isLoaded;

    /** Of other nodes, when it was last tried and when it last came; 0 for never. */
    private long othersTriedAt;

    private long othersReadAt;

    /** Guards everything below; held for moments only. */
    private final Object state = new Object();

    private final Map<Key, AlertView> open = new LinkedHashMap<>();
    private final Map<Key, Instant> takenOver = new LinkedHashMap<>();
    private final List<AlertView> cleared = new ArrayList<>();

    /** What nobody is told of, on whichever node it fires. */
    private final Map<Key, Snooze> snoozes = new LinkedHashMap<>();

    /** How often somebody said something here: what was read before that is not the latest. */
    private long marks;

    private final Map<String, AlertView> unwritten = new LinkedHashMap<>();
    private final Map<String, Instant> writtenAt = new LinkedHashMap<>();
    private final Map<AlertRule, Terms> terms = new EnumMap<>(AlertRule.class);
    private final Map<AlertRule, Reading> readings = new EnumMap<>(AlertRule.class);
    private List<AlertView> others = List.of();
    private final List<AlertDelivery> ways;

    /**
     * @param watches one for each rule
     * @param ways who is told what fired and what cleared, unless it is snoozed
     * @param nanos time that has passed, from any beginning
     */
    Alerts(
            List<Watch> watches,
            Place place,
            EventHub events,
            List<AlertDelivery> ways,
            Clock clock,
            LongSupplier nanos) {
        this.ways = List.copyOf(ways);
        this.watches = List.copyOf(watches);
        this.place = place;
        this.events = events;
        this.clock = clock;
        this.nanos = nanos;
        this.eventsRead = events.last();
    }

    /** Begins to judge once a second. */
    public void start() {
        long millis = EVERY.toMillis();
        Future<?> _ =
                thread.scheduleAtFixedRate(this::guarded, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A failure must not end the repetition, which the scheduler would do. */
    private void guarded() {
        try {
            judge();
        } catch (StoreUnavailableException e) {
            LOG.debug("put off: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("judging alerts failed", e);
        }
    }

    /** Judges every rule now, on the calling thread. */
    public void judge() throws InterruptedException {
        judging.lock();
        try {
            load();
            Moment now = new Moment(clock.instant(), nanos.getAsLong(), news());
            for (Watch watch : watches) {
                judge(watch, now);
            }
            writeDown(now.at());
            if (place.isShared()
                    && (othersReadAt == 0
                            || now.nanos() - othersReadAt >= OTHERS_READ_EVERY.toNanos())) {
                readOthers(now);
            }
        } finally {
            judging.unlock();
        }
    }

    private List<ServerEvent> news() throws InterruptedException {
        List<ServerEvent> news = events.after(eventsRead, MOST_EVENTS, Duration.ZERO);
        if (!news.isEmpty()) {
            eventsRead = news.getLast().seq(); // also of a reset: what was missed is missed
        }
        return news;
    }

    private void load() {
        if (isLoaded) {
            return;
        }
        Instant now = clock.instant();
        List<AlertView> known;
        Map<AlertRule, Terms> set;
        try {
            set = place.store().terms();
            known = place.store().since(now.minus(CLEARED_SHOWN), MOST_READ);
        } catch (StoreUnavailableException e) {
            return; // the next time; until then the usual terms count
        }
        isLoaded = true;
        synchronized (state) {
            terms.putAll(set);
            rememberSnoozes(known, now);
            for (AlertView alert : known) {
                if (!alert.node().equals(place.node())) {
                    continue;
                }
                Key key = key(alert);
                if (alert.isFiring() && !open.containsKey(key)) {
                    open.put(key, alert);
                    takenOver.put(key, now.plus(TAKEN_OVER_FOR));
                } else if (!alert.isFiring()) {
                    cleared.add(alert);
                }
            }
        }
    }

    private static Key key(AlertView alert) {
        return new Key(AlertRule.parse(alert.rule()).orElseThrow(), alert.subject());
    }

    private static boolean isSnoozed(AlertView alert, Instant now) {
        Instant until = alert.snoozedUntil();
        return until != null && now.isBefore(until);
    }

    private void judge(Watch watch, Moment now) {
        AlertRule rule = watch.rule();
        Terms to;
        boolean isFiring;
        synchronized (state) {
            to = terms.getOrDefault(rule, rule.usualTerms());
            isFiring = open.keySet().stream().anyMatch(key -> key.rule() == rule);
        }
        Reading reading;
        try {
            reading = watch.read(now, to, isFiring);
        } catch (StoreUnavailableException e) {
            synchronized (state) {
                readings.put(rule, Reading.off("the database is away"));
            }
            return; // what fires stays: nothing says that it is over
        }
        if (!to.on()) {
            reading = Reading.off("switched off");
        }
        if (place.isShared() && isNews(rule, reading)) {
            readOthersFirst(now);
        }
        apply(rule, reading, now.at());
    }

    /** Whether something fires that did not, or the other way. */
    private boolean isNews(AlertRule rule, Reading reading) {
        Set<Key> found = new HashSet<>();
        reading.findings().forEach(each -> found.add(new Key(rule, each.subject())));
        synchronized (state) {
            Set<Key> known = new HashSet<>(open.keySet());
            known.removeIf(key -> key.rule() != rule);
            return !known.equals(found);
        }
    }

    /**
     * Somebody is told in a moment: unless it was snoozed meanwhile, on another node. Once a round;
     * better told for nothing than not at all where the database is away.
     */
    private void readOthersFirst(Moment now) {
        if (othersTriedAt != now.nanos()) {
            try {
                readOthers(now);
            } catch (StoreUnavailableException e) {
                LOG.debug("not asked what is snoozed: {}", e.getMessage());
            }
        }
    }

    private void apply(AlertRule rule, Reading reading, Instant now) {
        List<AlertView> news = new ArrayList<>();
        synchronized (state) {
            readings.put(rule, reading);
            Set<String> there = new HashSet<>();
            for (Finding found : reading.findings()) {
                Key key = new Key(rule, found.subject());
                there.add(found.subject());
                AlertView known = open.get(key);
                if (known != null) {
                    takenOver.remove(key);
                    open.put(key, Alert.seen(known, found, now));
                } else if (countOpen(rule) < MOST_FOR_A_RULE) {
                    AlertView fired =
                            snoozedAsSaid(
                                    Alert.fired(newId(), rule, place.node(), found, now), now);
                    open.put(key, fired);
                    news.add(fired);
                }
            }
            for (Map.Entry<Key, AlertView> each : Map.copyOf(open).entrySet()) {
                Key key = each.getKey();
                Instant kept = takenOver.get(key);
                if (key.rule() == rule
                        && !there.contains(key.subject())
                        && (kept == null || !now.isBefore(kept))) {
                    takenOver.remove(key);
                    open.remove(key);
                    AlertView over = Alert.cleared(each.getValue(), now);
                    cleared.addFirst(over);
                    news.add(over);
                }
            }
            while (cleared.size() > MOST_CLEARED) {
                cleared.removeLast();
            }
            news.forEach(alert -> unwritten.put(alert.id(), alert));
        }
        news.forEach(alert -> tell(alert, now));
    }

    private long countOpen(AlertRule rule) {
        return open.keySet().stream().filter(key -> key.rule() == rule).count();
    }

    private String newId() {
        byte[] bits = new byte[9];
        random.nextBytes(bits);
        return "alert_" + Base64Url.encode(bits);
    }

    private void tell(AlertView alert, Instant now) {
        LOG.warn(
                "alert {} rule={} subject={} id={}",
                alert.isFiring() ? "fired" : "cleared",
                alert.rule(),
                alert.subject(),
                alert.id());
        publish(alert);
        if (!isSnoozed(alert, now)) {
            ways.forEach(way -> way.offer(alert));
        }
    }

    private void publish(AlertView alert) {
        events.publish((seq, at) -> new ServerEvent.AlertChanged(seq, at, alert));
    }

    private void writeDown(Instant now) {
        List<AlertView> due;
        synchronized (state) {
            for (AlertView alert : open.values()) {
                Instant last = writtenAt.get(alert.id());
                if (last == null || !now.isBefore(last.plus(WRITTEN_EVERY))) {
                    unwritten.put(alert.id(), alert); // so that others see that it is still seen
                }
            }
            due = List.copyOf(unwritten.values());
        }
        if (due.isEmpty()) {
            return;
        }
        try {
            place.store().put(due, now);
        } catch (StoreUnavailableException e) {
            return; // the next time
        }
        synchronized (state) {
            for (AlertView written : due) {
                unwritten.remove(written.id(), written);
                if (written.isFiring()) {
                    writtenAt.put(written.id(), now);
                } else {
                    writtenAt.remove(written.id());
                }
            }
        }
    }

    /**
     * Of several nodes each judges its own figures; what is said of an alert may be said on any.
     */
    private void readOthers(Moment now) {
        othersTriedAt = now.nanos();
        List<AlertView> news = new ArrayList<>();
        boolean isLatest = false;
        while (!isLatest) {
            long before;
            synchronized (state) {
                before = marks;
            }
            Map<AlertRule, Terms> set = place.store().terms();
            List<AlertView> all = place.store().since(now.at().minus(CLEARED_SHOWN), MOST_READ);
            synchronized (state) {
                isLatest = marks == before;
                if (isLatest) {
                    news = taken(set, all, now.at());
                }
            }
        }
        if (othersReadAt != 0) {
            news.forEach(this::publish);
        }
        othersReadAt = now.nanos();
    }

    /** What changed by it. Called with the state held. */
    private List<AlertView> taken(Map<AlertRule, Terms> set, List<AlertView> all, Instant now) {
        terms.clear();
        terms.putAll(set);
        rememberSnoozes(all, now);
        Map<String, AlertView> known = new HashMap<>();
        others.forEach(alert -> known.put(alert.id(), alert));
        Instant stale = now.minus(WRITTEN_EVERY.multipliedBy(3));
        others =
                all.stream()
                        .filter(alert -> !alert.node().equals(place.node()))
                        // A node that is gone clears nothing any more.
                        .filter(a -> !a.isFiring() || a.seenAt().isAfter(stale))
                        .map(alert -> snoozedAsSaid(alert, now))
                        .toList();
        List<AlertView> news = new ArrayList<>();
        others.stream().filter(alert -> isOther(alert, known.get(alert.id()))).forEach(news::add);
        Map<String, AlertView> written = new HashMap<>();
        all.forEach(alert -> written.put(alert.id(), alert));
        open.replaceAll((_, mine) -> {
            AlertView marked =
                    snoozedAsSaid(
                            Alert.markedLike(mine, written.getOrDefault(mine.id(), mine)), now);
            if (isOther(marked, mine)) {
                news.add(marked);
            }
            return marked;
        });
        return news;
    }

    private static boolean isOther(AlertView alert, @Nullable AlertView before) {
        return before == null
                || !alert.state().equals(before.state())
                || !Objects.equals(alert.acknowledgedAt(), before.acknowledgedAt())
                || !Objects.equals(alert.snoozedUntil(), before.snoozedUntil());
    }

    /** Called with the state held. */
    private void rememberSnoozes(List<AlertView> all, Instant now) {
        snoozes.clear();
        for (AlertView alert : all) {
            Instant until = alert.snoozedUntil();
            if (until != null && now.isBefore(until)) {
                snoozes.merge(
                        key(alert),
                        new Snooze(String.valueOf(alert.snoozedBy()), until),
                        (one, other) -> one.until().isBefore(other.until()) ? other : one);
            }
        }
    }

    /** While it fires; what has cleared stays as it was. Called with the state held. */
    private AlertView snoozedAsSaid(AlertView alert, Instant now) {
        Snooze snooze = snoozes.get(key(alert));
        return snooze != null && alert.isFiring() && now.isBefore(snooze.until())
                ? Alert.snoozed(alert, snooze.by(), snooze.until())
                : alert;
    }

    /** What fires, and what has cleared within a day. */
    public AlertsView now() {
        List<AlertView> all = new ArrayList<>();
        Instant at = clock.instant();
        synchronized (state) {
            all.addAll(open.values());
            all.addAll(cleared);
            all.addAll(others);
        }
        all.sort(
                Comparator.comparing((AlertView alert) -> !alert.isFiring())
                        .thenComparing(AlertView::since, Comparator.reverseOrder())
                        .thenComparing(AlertView::id));
        return new AlertsView(at, all, ways.stream().map(AlertDelivery::view).toList());
    }

    /** How many fire. */
    public int firing() {
        synchronized (state) {
            return open.size();
        }
    }

    /** Somebody has it in hand. Empty when there is no such alert. */
    public Optional<AlertView> acknowledge(String id, By by) {
        Instant now = clock.instant();
        return find(id).map(alert ->
                acknowledged(
                        Alert.acknowledged(alert, by.actor(), now),
                        "alert.acknowledged",
                        "acknowledged",
                        by,
                        now));
    }

    /** Takes back that somebody has it in hand. Empty when there is no such alert. */
    public Optional<AlertView> reopen(String id, By by) {
        Instant now = clock.instant();
        return find(id).map(alert ->
                acknowledged(
                        Alert.notAcknowledged(alert),
                        "alert.reopened",
                        "no longer acknowledged",
                        by,
                        now));
    }

    /**
     * Nobody is told of its rule and subject for so long, on whichever node it fires. Empty when
     * there is no such alert.
     */
    public Optional<AlertView> snooze(String id, Duration length, By by) {
        Instant now = clock.instant();
        Instant until = now.plus(length);
        return find(id).map(alert ->
                snoozed(
                        Alert.snoozed(alert, by.actor(), until),
                        "alert.snoozed",
                        "until " + until,
                        by,
                        now));
    }

    /** People are told of its rule and subject again. Empty when there is no such alert. */
    public Optional<AlertView> wake(String id, By by) {
        Instant now = clock.instant();
        return find(id).map(alert ->
                snoozed(Alert.notSnoozed(alert), "alert.woken", "no longer snoozed", by, now));
    }

    /** On which ways alerts leave the server. */
    public List<String> channels() {
        return ways.stream().map(AlertDelivery::name).toList();
    }

    /** Sends a test message that way and tells how it fared. Empty when there is no such way. */
    public Optional<AlertTest> test(String channel) throws InterruptedException {
        for (AlertDelivery way : ways) {
            if (way.name().equals(channel)) {
                long begun = nanos.getAsLong();
                String why = way.test(Alert.test(newId(), place.node(), channel, clock.instant()));
                long millis = Duration.ofNanos(nanos.getAsLong() - begun).toMillis();
                return Optional.of(
                        new AlertTest(channel, way.view().to(), why.isEmpty(), why, millis));
            }
        }
        return Optional.empty();
    }

    private Optional<AlertView> find(String id) {
        return now().alerts().stream().filter(alert -> alert.id().equals(id)).findFirst();
    }

    private AlertView acknowledged(
            AlertView alert, String kind, String detail, By by, Instant now) {
        place.store().acknowledge(alert, kind, detail, by, now);
        mark(each -> each.id().equals(alert.id()) ? Alert.acknowledgedLike(each, alert) : each);
        return alert;
    }

    private AlertView snoozed(AlertView alert, String kind, String detail, By by, Instant now) {
        place.store().snooze(alert, kind, detail, by, now);
        Key key = key(alert);
        synchronized (state) {
            marks++;
            Instant until = alert.snoozedUntil();
            if (until == null) {
                snoozes.remove(key);
            } else {
                snoozes.put(key, new Snooze(by.actor(), until));
            }
        }
        mark(each ->
                key(each).equals(key)
                                && (each.isFiring()
                                        || each.id().equals(alert.id())
                                        || each.snoozedUntil() != null)
                        ? Alert.snoozedLike(each, alert)
                        : each);
        return alert;
    }

    /** What was just written of alerts, said of those that are known here; and told. */
    private void mark(UnaryOperator<AlertView> as) {
        List<AlertView> news = new ArrayList<>();
        UnaryOperator<AlertView> noted =
                alert -> {
                    AlertView marked = as.apply(alert);
                    if (!marked.equals(alert)) {
                        news.add(marked);
                    }
                    return marked;
                };
        synchronized (state) {
            marks++;
            open.replaceAll((_, alert) -> noted.apply(alert));
            cleared.replaceAll(noted);
            others = others.stream().map(noted).toList();
            unwritten.replaceAll((_, alert) -> as.apply(alert));
        }
        news.forEach(this::publish);
    }

    /** Every rule with its terms and how it was last judged. */
    public List<AlertRuleRow> rules() {
        synchronized (state) {
            return watches.stream().map(watch -> row(watch.rule())).toList();
        }
    }

    private AlertRuleRow row(AlertRule rule) {
        Terms to = terms.getOrDefault(rule, rule.usualTerms());
        Reading reading = readings.getOrDefault(rule, Reading.of(0, to.least(), List.of()));
        Optional<String> off = to.on() ? reading.off() : Optional.of("switched off");
        String is =
                off.isPresent() && countOpen(rule) == 0
                        ? "off"
                        : countOpen(rule) > 0 ? "firing" : "watching";
        return new AlertRuleRow(
                rule.wireName(),
                rule.title(),
                rule.about(),
                rule.severity().wireName(),
                is,
                off.orElse(""),
                to.on(),
                to.least(),
                to.factor(),
                rule.usualTerms().least(),
                rule.usualTerms().factor(),
                rule.unit(),
                reading.now(),
                reading.usual(),
                reading.limit(),
                rule.screen(),
                rule.advice());
    }

    /** The terms in force of a rule. */
    public Terms terms(AlertRule rule) {
        synchronized (state) {
            return terms.getOrDefault(rule, rule.usualTerms());
        }
    }

    /** Sets the terms of those rules; the others keep theirs. */
    public List<AlertRuleRow> set(Map<AlertRule, Terms> to, By by) {
        place.store().set(to, by, clock.instant());
        synchronized (state) {
            terms.putAll(to);
        }
        return rules();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("judging alerts did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
