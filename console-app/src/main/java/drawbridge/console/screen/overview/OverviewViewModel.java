package drawbridge.console.screen.overview;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Happening;
import drawbridge.console.screen.Navigation;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.MetricsTick;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the overview says: figures of the last minute, the last hour as series. */
public final class OverviewViewModel {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LAST_SECONDS = Duration.ofSeconds(5);

    private final ConsoleModel model;
    private final Navigation navigation;
    private final Words words;
    private final Formats formats;
    private final ObjectProperty<Range> range =
            new SimpleObjectProperty<>(this, "range", Range.FIVE_MINUTES);
    private final ReadOnlyObjectWrapper<Figures> figures;

    /** How far back the charts look. */
    enum Range {
        FIVE_MINUTES(Duration.ofMinutes(5), Duration.ofSeconds(1), 5),
        QUARTER(Duration.ofMinutes(15), Duration.ofSeconds(3), 5),
        HOUR(Duration.ofHours(1), Duration.ofSeconds(10), 6);

        private final Duration span;
        private final Duration step;
        private final int coarser;

        Range(Duration span, Duration step, int coarser) {
            this.span = span;
            this.step = step;
            this.coarser = coarser;
        }

        Duration span() {
            return span;
        }

        /** The steps of the large chart. */
        Duration step() {
            return step;
        }

        /** The steps of the two small charts. */
        Duration coarseStep() {
            return step.multipliedBy(coarser);
        }

        /** The bars of the chart of refusals. */
        Duration barStep() {
            return step.multipliedBy(2L * coarser);
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
        this.figures = new ReadOnlyObjectWrapper<>(this, "figures", measure());
        // With each second's figures, and not with each batch of events: there are ten a second.
        model.traffic()
                .revisionProperty()
                .addListener((property, before, after) -> figures.set(measure()));
        model.snapshotProperty().addListener((property, before, after) -> figures.set(measure()));
    }

    ObjectProperty<Range> rangeProperty() {
        return range;
    }

    ReadOnlyObjectProperty<Figures> figuresProperty() {
        return figures.getReadOnlyProperty();
    }

    ObservableList<Happening> happenings() {
        return model.happenings().list();
    }

    /** The ticks of the range, in such steps. */
    Series series(Duration step) {
        Range wanted = range.get();
        Instant until = newest();
        return Series.of(
                model.traffic().within(wanted.span().plus(step), until),
                wanted.span(),
                step,
                until);
    }

    /** The end of what is known: charts stand still when nothing comes. */
    private Instant newest() {
        return model.traffic()
                .latest()
                .map(MetricsTick::at)
                .orElseGet(() -> model.nowProperty().get());
    }

    /** Whether anything was validated in the range. */
    boolean hasTraffic() {
        return model.traffic().within(range.get().span(), newest()).stream()
                .anyMatch(tick -> tick.validations() > 0);
    }

    /** The reasons that occurred in the range, most frequent first. */
    List<String> reasons() {
        Map<String, Long> sums = new TreeMap<>();
        model.traffic()
                .within(range.get().span(), newest())
                .forEach(tick -> tick.refused().forEach((k, v) -> sums.merge(k, v, Long::sum)));
        return sums.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
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
            return new Tile("–", words.get("overview.hits.none"));
        }
        double cached = 1 - shares.getOrDefault("database", 0.0);
        boolean redis =
                model.snapshotProperty().get().map(found -> found.server().redis()).orElse(false);
        return new Tile(
                formats.percent(cached),
                redis
                        ? words.get(
                                "overview.hits.three",
                                formats.percent(shares.getOrDefault("memory", 0.0)),
                                formats.percent(shares.getOrDefault("redis", 0.0)))
                        : words.get(
                                "overview.hits.two",
                                formats.percent(shares.getOrDefault("database", 0.0))));
    }

    private Tile latency(List<MetricsTick> minute) {
        long p99 = minute.isEmpty() ? 0 : minute.getLast().minuteP99Micros();
        if (p99 == 0) {
            return new Tile("–", words.get("overview.latency.none"));
        }
        long max = minute.stream().mapToLong(MetricsTick::maxMicros).max().orElse(0);
        return new Tile(
                formats.micros(p99),
                words.get(
                        "overview.latency.note",
                        formats.micros(minute.getLast().minuteP50Micros()),
                        formats.micros(max)));
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
        return new Tile(formats.number(all), String.join(" · ", most));
    }

    private Tile revocations(List<MetricsTick> minute) {
        if (minute.isEmpty()) {
            return none();
        }
        long count = minute.stream().mapToLong(MetricsTick::revocations).sum();
        return new Tile(
                formats.number(count),
                happenings().stream()
                        .filter(happening -> happening.tookMicros() > 0)
                        .findFirst()
                        .map(last ->
                                words.get(
                                        "overview.revocations.last",
                                        formats.took(last.tookMicros())))
                        .orElseGet(() ->
                                words.get(
                                        count == 0
                                                ? "overview.revocations.none"
                                                : "overview.revocations.earlier")));
    }

    /** What happened, in a few words. */
    String what(Happening happening) {
        String reason = words.oneOf("reason", happening.reason());
        return switch (happening.kind()) {
            case REFUSED ->
                    happening.signal() == null
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
                parts.add(orElse(happening.email(), "event.unknownSession"));
                parts.add(happening.where().replace(' ', '\u00a0'));
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
            case SOURCE_DOWN, NOTICE_INFO, NOTICE_WARNING, NOTICE_ERROR ->
                    parts.add(happening.reason());
            case SOURCE_UP, REFUSALS_OMITTED -> {}
        }
        parts.removeIf(String::isEmpty);
        return String.join("\u00a0· ", parts); // the dot stays at the end of its line
    }

    private String orElse(@Nullable String email, String key) {
        return email == null ? words.get(key) : email;
    }

    private String quoted(String reason) {
        return reason.isEmpty() ? "" : words.get("event.reason", words.oneOf("reason", reason));
    }

    /** Whether there are sessions to look at behind it. */
    boolean leadsSomewhere(Happening happening) {
        return !filterFor(happening).isEmpty();
    }

    /** Goes to the sessions it was about. */
    void follow(Happening happening) {
        if (leadsSomewhere(happening)) {
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

    /** Goes to the live sessions. */
    void showSessions() {
        navigation.showSessions("");
    }
}
