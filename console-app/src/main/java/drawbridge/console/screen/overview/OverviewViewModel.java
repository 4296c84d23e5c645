package drawbridge.console.screen.overview;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Happening;
import drawbridge.console.model.Traffic;
import drawbridge.console.screen.Navigation;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.MinuteFigures;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the overview says: figures of the last minute, up to a day as series. */
public final class OverviewViewModel {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LAST_SECONDS = Duration.ofSeconds(5);

    /** Without a tick for so long, time goes on without figures. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private final ConsoleModel model;
    private final Navigation navigation;
    private final Words words;
    private final Formats formats;
    private final ObjectProperty<Range> range =
            new SimpleObjectProperty<>(this, "range", Range.FIVE_MINUTES);
    private final ReadOnlyObjectWrapper<Figures> figures;
    private final FeedLines feed;

    /** How far back the charts look. */
    enum Range {
        FIVE_MINUTES(Duration.ofMinutes(5), Duration.ofSeconds(1), 5, 10),
        HOUR(Duration.ofHours(1), Duration.ofMinutes(1), 1, 2),
        DAY(Duration.ofHours(24), Duration.ofMinutes(2), 5, 15);

        private final Duration span;
        private final Duration step;
        private final int coarser;
        private final int bars;

        Range(Duration span, Duration step, int coarser, int bars) {
            this.span = span;
            this.step = step;
            this.coarser = coarser;
            this.bars = bars;
        }

        Duration span() {
            return span;
        }

        /** The steps of the large chart. */
        Duration step() {
            return step;
        }

        /** The steps of the chart of latency. */
        Duration coarseStep() {
            return step.multipliedBy(coarser);
        }

        /** The bars of the chart of refusals. */
        Duration barStep() {
            return step.multipliedBy(bars);
        }
    }

    /**
     * One tile.
     *
     * @param value the figure
     * @param note what stands below it
     */
    record Tile(String value, String note) {}

    /**
     * All figures at one moment.
     *
     * @param hitShares share of found sessions by tier: memory, redis, database; empty without any
     */
    record Figures(
            Tile sessions,
            Tile throughput,
            Tile hits,
            Tile latency,
            Tile refusals,
            Tile revocations,
            Map<String, Double> hitShares) {}

    /** An overview that follows the model. */
    public OverviewViewModel(
            ConsoleModel model, Navigation navigation, Words words, Formats formats) {
        this.model = model;
        this.navigation = navigation;
        this.words = words;
        this.formats = formats;
        this.feed = new FeedLines(model.happenings().list());
        this.figures = new ReadOnlyObjectWrapper<>(this, "figures", measure());
        // With each second's figures, and not with each batch of events: there are ten a second.
        model.traffic()
                .revisionProperty()
                .addListener((property, before, after) -> figures.set(measure()));
        model.snapshotProperty().addListener((property, before, after) -> figures.set(measure()));
        model.minutes()
                .revisionProperty()
                .addListener((property, before, after) -> figures.set(measure()));
    }

    ObjectProperty<Range> rangeProperty() {
        return range;
    }

    ReadOnlyObjectProperty<Figures> figuresProperty() {
        return figures.getReadOnlyProperty();
    }

    /** What is worth reading. */
    FeedLines feed() {
        return feed;
    }

    /**
     * What the charts show.
     *
     * @param reasons the reasons of refusals that occurred, most frequent first
     * @param hasTraffic whether anything was validated
     * @param hasUndecided whether there was anything of which nobody can know
     */
    record Charts(
            Series throughput,
            Series latency,
            Series refusals,
            List<String> reasons,
            boolean hasTraffic,
            boolean hasUndecided) {
        Charts {
            reasons = List.copyOf(reasons);
        }
    }

    /** The charts of the chosen range, until now. */
    Charts charts() {
        Range wanted = range.get();
        Instant until = until();
        List<Sample> samples = samples(wanted.span().plus(wanted.barStep()), until);
        Map<String, Long> sums = new TreeMap<>();
        samples.forEach(sample -> sample.refused().forEach((k, v) -> sums.merge(k, v, Long::sum)));
        return new Charts(
                Series.of(samples, wanted.span(), wanted.step(), until),
                Series.of(samples, wanted.span(), wanted.coarseStep(), until),
                Series.of(samples, wanted.span(), wanted.barStep(), until),
                mostFirst(sums),
                samples.stream().anyMatch(sample -> sample.validations() > 0),
                samples.stream().anyMatch(sample -> sample.undecided() > 0));
    }

    private static List<String> mostFirst(Map<String, Long> sums) {
        return sums.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Minutes as far as the server summed them up, seconds behind that. For the last minutes
     * seconds come first, and minutes tell of what was before them.
     */
    private List<Sample> samples(Duration span, Instant until) {
        Instant from = until.minus(span);
        boolean bySeconds = range.get() == Range.FIVE_MINUTES;
        List<MetricsTick> ticks = model.traffic().within(span, until);
        List<MinuteFigures> minutes = model.minutes().since(from);
        Instant border =
                bySeconds
                        ? ticks.isEmpty() ? until : ticks.getFirst().at()
                        : model.minutes().newest().orElse(Instant.MIN);
        List<Sample> samples = new ArrayList<>();
        for (MinuteFigures minute : minutes) {
            if (!bySeconds || !minute.at().isAfter(border)) {
                samples.add(Sample.of(minute));
            }
        }
        for (MetricsTick tick : ticks) {
            if (bySeconds || tick.at().isAfter(border)) {
                samples.add(Sample.of(tick));
            }
        }
        return samples;
    }

    /** When figures last came. */
    private Instant newest() {
        return model.traffic()
                .latest()
                .map(MetricsTick::at)
                .orElseGet(() -> model.nowProperty().get());
    }

    /** The right end of the charts: time goes on also while no figures come. */
    private Instant until() {
        Instant newest = newest();
        Instant now = model.nowProperty().get();
        return newest.plus(QUIET).isBefore(now) ? now : newest;
    }

    private Figures measure() {
        Instant until = newest();
        List<MetricsTick> minute = model.traffic().within(MINUTE, until);
        List<MetricsTick> seconds = model.traffic().within(LAST_SECONDS, until);
        return new Figures(
                sessions(minute),
                throughput(minute, seconds),
                hits(minute),
                latency(minute),
                refusals(minute),
                revocations(minute),
                hitShares(minute));
    }

    private Tile none() {
        return new Tile("–", words.get("overview.tile.nothing"));
    }

    private Tile sessions(List<MetricsTick> minute) {
        if (minute.isEmpty()) {
            return model.snapshotProperty()
                    .get()
                    .map(snapshot ->
                            new Tile(
                                    formats.number(snapshot.liveSessions()),
                                    words.count("overview.sessions.users", snapshot.users())))
                    .orElseGet(this::none);
        }
        long logins = minute.stream().mapToLong(MetricsTick::logins).sum();
        return new Tile(
                formats.number(minute.getLast().liveSessions()),
                words.count("overview.sessions.logins", logins));
    }

    private Tile throughput(List<MetricsTick> minute, List<MetricsTick> seconds) {
        if (seconds.isEmpty()) {
            return none();
        }
        double rate = seconds.stream().mapToLong(MetricsTick::validations).average().orElse(0);
        long trusted = minute.stream().mapToLong(MetricsTick::trusted).sum();
        long all = minute.stream().mapToLong(MetricsTick::validations).sum();
        return new Tile(
                formats.rate(rate),
                all == 0
                        ? words.get("overview.throughput.idle")
                        : words.get(
                                "overview.throughput.trusted",
                                formats.percent((double) trusted / all)));
    }

    private static Map<String, Double> hitShares(List<MetricsTick> minute) {
        Map<String, Long> sums = new TreeMap<>();
        minute.forEach(tick -> tick.bySource().forEach((k, v) -> sums.merge(k, v, Long::sum)));
        long all = sums.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Double> shares = new TreeMap<>();
        sums.forEach((source, count) -> shares.put(source, (double) count / Math.max(1, all)));
        return shares;
    }

    private Tile hits(List<MetricsTick> minute) {
        Map<String, Double> shares = hitShares(minute);
        if (shares.isEmpty()) {
            return new Tile(
                    "–", words.get(hasRedis() ? "overview.hits.none" : "overview.hits.noneOfTwo"));
        }
        String memory = unbroken(formats.percent(shares.getOrDefault("memory", 0.0)));
        String database = unbroken(formats.percent(shares.getOrDefault("database", 0.0)));
        return new Tile(
                formats.percent(1 - shares.getOrDefault("database", 0.0)),
                hasRedis()
                        ? words.get(
                                "overview.hits.three",
                                memory,
                                unbroken(formats.percent(shares.getOrDefault("redis", 0.0))),
                                database)
                        : words.get("overview.hits.two", memory, database));
    }

    /** Whether there is a tier between memory and the database. */
    boolean hasRedis() {
        return model.snapshotProperty().get().map(found -> found.server().redis()).orElse(false);
    }

    private Tile latency(List<MetricsTick> minute) {
        long p99 = Traffic.p99Micros(minute);
        if (p99 == 0) {
            return new Tile("–", words.get("overview.latency.none"));
        }
        long max = minute.stream().mapToLong(MetricsTick::maxMicros).max().orElse(0);
        return new Tile(
                formats.micros(p99),
                words.get(
                        "overview.latency.note",
                        unbroken(formats.micros(minute.getLast().minuteP50Micros())),
                        unbroken(formats.micros(max))));
    }

    private Tile refusals(List<MetricsTick> minute) {
        if (minute.isEmpty()) {
            return none();
        }
        Map<String, Long> sums = new TreeMap<>();
        minute.forEach(tick -> tick.refused().forEach((k, v) -> sums.merge(k, v, Long::sum)));
        long all = sums.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return new Tile("0", words.get("overview.refusals.none"));
        }
        List<String> most =
                sums.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .limit(2)
                        .map(each ->
                                words.get(
                                        "overview.refusals.reason",
                                        words.oneOf("refusal", each.getKey()),
                                        formats.number(each.getValue())))
                        .toList();
        return new Tile(formats.number(all), String.join("\u00a0· ", most));
    }

    /** How long a revocation takes until no node trusts any more what it ended. */
    private Tile revocations(List<MetricsTick> minute) {
        if (minute.isEmpty()) {
            return none();
        }
        Instant until = newest();
        long count = minute.stream().mapToLong(MetricsTick::revocations).sum();
        long slowest =
                Math.max(
                        model.traffic().within(HOUR, until).stream()
                                .mapToLong(MetricsTick::slowestRevocationMicros)
                                .max()
                                .orElse(0),
                        model.minutes().since(until.minus(HOUR)).stream()
                                .mapToLong(MinuteFigures::slowestRevocationMicros)
                                .max()
                                .orElse(0));
        return slowest == 0
                ? new Tile("–", words.get("overview.revocations.none"))
                : new Tile(formats.took(slowest), words.count("overview.revocations.note", count));
    }

    /** What happened, in a few words. */
    String what(Happening happening) {
        String reason = words.oneOf("reason", happening.reason());
        return switch (happening.kind()) {
            case REFUSED ->
                    isAboutCaller(happening)
                            ? words.get("event.callerRefused")
                            : happening.signal() == null
                                    ? words.get("event.refused", reason)
                                    : words.get(
                                            "event.refusedSignal",
                                            words.oneOf("signal", happening.signal()),
                                            reason);
            case REFUSALS_OMITTED -> words.get("event.omitted", formats.number(happening.count()));
            case REVOKED -> words.get("event.revoked", formats.took(happening.tookMicros()));
            case USER_REVOKED -> words.get("event.userRevoked");
            case MANY_REVOKED -> words.get("event.manyRevoked");
            case LOGGED_OUT -> words.get("event.loggedOut");
            case RESTORED -> words.get("event.restored");
            case LOGIN_REFUSED -> words.get("event.loginRefused");
            case SOURCE_DOWN ->
                    words.get("event.sourceDown", words.oneOf("source", happening.where()));
            case SOURCE_UP -> words.get("event.sourceUp", words.oneOf("source", happening.where()));
            case ALERT_CRITICAL -> words.get("event.alertCritical");
            case ALERT_WARNING -> words.get("event.alertWarning");
            case ALERT_CLEARED -> words.get("event.alertCleared");
            case NOTICE_INFO -> words.get("event.info");
            case NOTICE_WARNING -> words.get("event.warning");
            case NOTICE_ERROR -> words.get("event.error");
        };
    }

    /** To whom, where and why; empty when there is nothing more to say. */
    String details(Happening happening) {
        List<String> parts = new ArrayList<>();
        switch (happening.kind()) {
            case REFUSED -> {
                parts.add(
                        isAboutCaller(happening)
                                ? words.oneOf("reason", happening.reason())
                                : Objects.requireNonNullElse(happening.email(), ""));
                parts.add(unbroken(happening.where()));
                parts.add(happening.ip() == null ? "" : happening.ip());
            }
            case REVOKED -> {
                parts.add(orElse(happening.email(), "event.unknownSession"));
                parts.add(quoted(happening.reason()));
            }
            case USER_REVOKED -> {
                parts.add(orElse(happening.email(), "event.unknownUser"));
                parts.add(words.get("event.took", formats.took(happening.tookMicros())));
                parts.add(quoted(happening.reason()));
            }
            case MANY_REVOKED -> {
                parts.add(words.get("event.took", formats.took(happening.tookMicros())));
                parts.add(quoted(happening.reason()));
            }
            case LOGIN_REFUSED -> {
                parts.add(orElse(happening.email(), "event.unknownUser"));
                parts.add(words.oneOf("reason", happening.reason()));
                parts.add(happening.ip() == null ? "" : happening.ip());
            }
            case LOGGED_OUT, RESTORED -> parts.add(orElse(happening.email(), "event.unknownUser"));
            case SOURCE_DOWN,
                    ALERT_CRITICAL,
                    ALERT_WARNING,
                    ALERT_CLEARED,
                    NOTICE_INFO,
                    NOTICE_WARNING,
                    NOTICE_ERROR ->
                    parts.add(happening.reason());
            case SOURCE_UP, REFUSALS_OMITTED -> {}
        }
        parts.removeIf(String::isEmpty);
        return String.join("\u00a0· ", parts); // the dot stays at the end of its line
    }

    /** Stays on one line. */
    private static String unbroken(String text) {
        return text.replace(' ', '\u00a0');
    }

    /** Whether it was the caller that was refused, before it came to a session. */
    private static boolean isAboutCaller(Happening happening) {
        return happening.kind() == Happening.Kind.REFUSED
                && (happening.reason().equals("unknown_caller")
                        || happening.reason().equals("network_not_allowed"));
    }

    private String orElse(@Nullable String email, String key) {
        return email == null ? words.get(key) : email;
    }

    private String quoted(String reason) {
        return reason.isEmpty() ? "" : words.get("event.reason", words.oneOf("reason", reason));
    }

    /** Whether there are sessions, callers or an alert to look at behind it. */
    boolean leadsSomewhere(Happening happening) {
        return happening.kind().isOfAlert()
                || isAboutCaller(happening)
                || !filterFor(happening).isEmpty();
    }

    /** Goes to the sessions it was about, to the callers or to the alert. */
    void follow(Happening happening) {
        if (happening.kind().isOfAlert()) {
            navigation.showAlert(happening.where());
        } else if (isAboutCaller(happening)) {
            navigation.show(Navigation.Screen.SECRETS);
        } else if (leadsSomewhere(happening)) {
            navigation.showSessions(filterFor(happening));
        }
    }

    private static String filterFor(Happening happening) {
        if (happening.ref() != null) {
            return "ref:" + happening.ref();
        }
        if (happening.email() != null) {
            return "user:" + happening.email();
        }
        if (happening.userId() != null) {
            return "user:" + happening.userId();
        }
        return happening.ip() == null ? "" : "ip:" + happening.ip();
    }

    /** Comes back here. */
    void showOverview() {
        navigation.show(Navigation.Screen.OVERVIEW);
    }

    /** Goes to the live sessions. */
    void showSessions() {
        navigation.showSessions("");
    }

    /** Goes to what was revoked. */
    void showRevoked() {
        navigation.showSessions("state:held,revoked");
    }

    /** Goes to the routes. */
    void showChecklist() {
        navigation.show(Navigation.Screen.CHECKLIST);
    }

    /** How many practices of the checklist are kept, and what is not. */
    Tile score(Optional<ChecklistView> checklist) {
        if (checklist.isEmpty()) {
            return new Tile("–", words.get("overview.checklist.unread"));
        }
        ChecklistView read = checklist.get();
        long fails = read.items().stream().filter(item -> item.verdict().equals("fail")).count();
        long warns = read.items().stream().filter(item -> item.verdict().equals("warn")).count();
        return new Tile(
                words.get(
                        "overview.checklist.score",
                        formats.number(read.kept()),
                        formats.number(read.items().size())),
                fails > 0
                        ? words.count("overview.checklist.fails", fails)
                        : warns > 0
                                ? words.count("overview.checklist.warns", warns)
                                : words.get("overview.checklist.kept"));
    }

    void showRoutes() {
        navigation.show(Navigation.Screen.ROUTES);
    }

    /**
     * Lists what was refused, for one of those reasons.
     *
     * @param reasons empty for every reason
     */
    void showRefused(Set<String> reasons) {
        feed.choiceProperty().set(new FeedLines.Choice(FeedLines.Topic.REFUSED, reasons));
    }
}
