package drawbridge.console.screen.shell;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.model.Traffic;
import drawbridge.console.screen.Capabilities;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.sessions.SessionsViewModel;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.witness.AuditWitness;
import drawbridge.model.view.MetricsTick;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The frame around the screens: where one is, how the server is, how true the figures are. */
public final class ShellViewModel implements Navigation {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LAST_SECONDS = Duration.ofSeconds(5);

    private final ConsoleModel model;
    private final SessionsViewModel sessions;
    private final AuditWitness witness;
    private final Words words;
    private final Formats formats;
    private final Capabilities offers;
    private final String place;

    /** Why the server ended that is started again; empty when it did not, or was told to. */
    private String endedBy = "";

    private final ObjectProperty<Screen> screen =
            new SimpleObjectProperty<>(this, "screen", Screen.OVERVIEW);
    private Consumer<String> showItem = _ -> {};
    private final ReadOnlyObjectWrapper<Pill> pill;
    private final ReadOnlyObjectWrapper<List<String>> figures;
    private final ReadOnlyObjectWrapper<Pill> feed;
    private final ReadOnlyObjectWrapper<Optional<Banner>> banner;

    /** How good it is; shown by colour and by the words beside it. */
    enum Tone {
        GOOD,
        BUSY,
        BAD,
        OFF
    }

    /**
     * A state in one line.
     *
     * @param tone its colour
     * @param text its words
     */
    record Pill(Tone tone, String text) {
        /** Its first words, where there is no room for more. */
        String brief() {
            int end = text.indexOf(" · ");
            return end < 0 ? text : text.substring(0, end);
        }
    }

    /**
     * A line above the screen that says why what is shown is old.
     *
     * @param action what the button says; empty for no button
     * @param run what the button does
     */
    record Banner(Tone tone, String text, String action, Runnable run) {
        /** The same with a button. */
        Banner with(String label, Runnable does) {
            return new Banner(tone, text, label, does);
        }

        /** Whether it says the same, so that nothing on the screen has to change. */
        boolean saysSame(Banner other) {
            return tone == other.tone && text.equals(other.text) && action.equals(other.action);
        }
    }

    /** A frame that follows the model. */
    public ShellViewModel(
            ConsoleModel model,
            SessionsViewModel sessions,
            AuditWitness witness,
            Words words,
            Formats formats,
            Profile profile) {
        this.model = model;
        this.offers = profile.capabilities();
        this.place = profile instanceof Profile.Remote remote ? remote.server().place() : "";
        this.witness = witness;
        this.sessions = sessions;
        this.words = words;
        this.formats = formats;
        this.pill = new ReadOnlyObjectWrapper<>(this, "pill", describeServer());
        this.figures = new ReadOnlyObjectWrapper<>(this, "figures", measure());
        this.feed = new ReadOnlyObjectWrapper<>(this, "feed", describeFeed());
        this.banner = new ReadOnlyObjectWrapper<>(this, "banner", describeTrouble());
        model.nowProperty().addListener((property, before, after) -> describe());
        model.server()
                .stateProperty()
                .addListener((property, before, after) -> entered(before, after));
        model.feedStatusProperty().addListener((property, before, after) -> describe());
        witness.stateProperty().addListener((property, before, after) -> describe());
        model.staleProperty().addListener((property, before, after) -> figures.set(measure()));
        model.traffic()
                .revisionProperty()
                .addListener((property, before, after) -> figures.set(measure()));
    }

    private void entered(ServerState before, ServerState after) {
        if (!(after instanceof ServerState.Starting)) {
            endedBy = "";
        } else if (before instanceof ServerState.Waiting(String why, _, _)) {
            endedBy = why; // the first wait is too short to be read
        }
        describe();
    }

    private void describe() {
        pill.set(describeServer());
        feed.set(describeFeed());
        Optional<Banner> fresh = describeTrouble();
        Optional<Banner> shown = banner.get();
        boolean same =
                fresh.isPresent() == shown.isPresent()
                        && (fresh.isEmpty() || fresh.get().saysSame(shown.get()));
        if (!same) {
            banner.set(fresh);
        }
    }

    /** The screen shown. */
    public ReadOnlyObjectProperty<Screen> screenProperty() {
        return screen;
    }

    /** The server's state in one line. */
    ReadOnlyObjectProperty<Pill> pillProperty() {
        return pill.getReadOnlyProperty();
    }

    /** The figures of the status line. */
    ReadOnlyObjectProperty<List<String>> figuresProperty() {
        return figures.getReadOnlyProperty();
    }

    /** How true the figures are. */
    ReadOnlyObjectProperty<Pill> feedProperty() {
        return feed.getReadOnlyProperty();
    }

    /** Why what is shown is old; empty when it is not. */
    ReadOnlyObjectProperty<Optional<Banner>> bannerProperty() {
        return banner.getReadOnlyProperty();
    }

    @Override
    public void show(Screen wanted) {
        screen.set(wanted);
    }

    @Override
    public void showSessions(String filter) {
        if (!filter.isEmpty()) {
            sessions.find(filter);
        }
        screen.set(Screen.SESSIONS);
    }

    @Override
    public void showUsers(String filter) {
        screen.set(Screen.USERS);
        showItem.accept(filter);
    }

    @Override
    public void showAlert(String id) {
        screen.set(Screen.ALERTS);
        showItem.accept(id);
    }

    /**
     * Says who is told.
     *
     * @param shows has the screen that is shown find what has that name
     */
    void onItem(Consumer<String> shows) {
        showItem = shows;
    }

    private Pill describeServer() {
        Instant now = model.nowProperty().get();
        return offers.process() ? describeOwn(now) : describeElsewhere(now);
    }

    private Pill describeElsewhere(Instant now) {
        return switch (model.server().stateProperty().get()) {
            case ServerState.Stopped _, ServerState.Stopping _ ->
                    new Pill(Tone.OFF, words.get("remote.pill.stopped"));
            case ServerState.Starting(Instant since) ->
                    new Pill(
                            Tone.BUSY,
                            words.get(
                                    "remote.pill.reaching",
                                    formats.span(Duration.between(since, now))));
            case ServerState.Running running ->
                    model.feedStatusProperty().get() instanceof FeedStatus.Lost
                            ? new Pill(Tone.BAD, words.get("remote.pill.lost"))
                            : new Pill(
                                    Tone.GOOD,
                                    words.get(
                                            "remote.pill.connected",
                                            formats.span(Duration.between(running.since(), now))));
            case ServerState.Waiting waiting ->
                    new Pill(
                            Tone.BAD,
                            words.get("remote.pill.waiting", secondsTo(waiting.nextTryAt(), now)));
            case ServerState.Failed _ -> new Pill(Tone.BAD, words.get("remote.pill.failed"));
        };
    }

    /**
     * What stands above the screens while a server elsewhere does not answer, and how old they are.
     */
    private Optional<Banner> offline(Instant now) {
        return switch (model.server().stateProperty().get()) {
            case ServerState.Running _ ->
                    model.feedStatusProperty().get()
                                    instanceof FeedStatus.Lost(Instant since, String why)
                            ? Optional.of(
                                    old(
                                            Tone.BAD,
                                            words.get(
                                                    "remote.banner.lost",
                                                    formats.ago(since, now),
                                                    why),
                                            now))
                            : witnessTrouble();
            case ServerState.Stopped _, ServerState.Stopping _ ->
                    Optional.of(
                            old(Tone.OFF, words.get("remote.banner.stopped"), now)
                                    .with(
                                            words.get("remote.banner.connect"),
                                            () -> model.server().start()));
            case ServerState.Starting _ ->
                    Optional.of(old(Tone.BUSY, words.get("remote.banner.reaching", place), now));
            case ServerState.Waiting waiting ->
                    Optional.of(
                            old(
                                            Tone.BAD,
                                            words.get(
                                                    "remote.banner.waiting",
                                                    waiting.why(),
                                                    secondsTo(waiting.nextTryAt(), now)),
                                            now)
                                    .with(
                                            words.get("remote.banner.now"),
                                            () -> model.server().tryNow()));
            case ServerState.Failed(String why, String _) ->
                    Optional.of(
                            old(Tone.BAD, words.get("remote.banner.failed", why), now)
                                    .with(
                                            words.get("remote.banner.now"),
                                            () -> model.server().restart()));
        };
    }

    private Banner old(Tone tone, String text, Instant now) {
        String age =
                model.asOf()
                        .map(at ->
                                words.get(
                                        "remote.banner.asOf",
                                        formats.when(at, now),
                                        formats.ago(at, now)))
                        .orElse(words.get("remote.banner.nothing"));
        return new Banner(tone, text + " " + age, "", () -> {});
    }

    private Pill describeOwn(Instant now) {
        return switch (model.server().stateProperty().get()) {
            case ServerState.Stopped() -> new Pill(Tone.OFF, words.get("shell.pill.stopped"));
            case ServerState.Starting(Instant since) ->
                    new Pill(
                            Tone.BUSY,
                            words.get(
                                    "shell.pill.starting",
                                    formats.span(Duration.between(since, now))));
            case ServerState.Running running ->
                    new Pill(
                            Tone.GOOD,
                            words.get(
                                    "shell.pill.running",
                                    Long.toString(running.pid()),
                                    Integer.toString(running.publicUrl().getPort()),
                                    formats.span(Duration.between(running.since(), now))));
            case ServerState.Stopping _ -> new Pill(Tone.BUSY, words.get("shell.pill.stopping"));
            case ServerState.Waiting waiting ->
                    new Pill(
                            Tone.BAD,
                            words.get("shell.pill.waiting", secondsTo(waiting.nextTryAt(), now)));
            case ServerState.Failed _ -> new Pill(Tone.BAD, words.get("shell.pill.failed"));
        };
    }

    private static long secondsTo(Instant at, Instant now) {
        return Math.max(0, (Duration.between(now, at).toMillis() + 999) / 1_000);
    }

    private List<String> measure() {
        Optional<MetricsTick> latest = model.traffic().latest();
        if (latest.isEmpty()) {
            return List.of();
        }
        Instant until = latest.get().at();
        List<MetricsTick> minute = model.traffic().within(MINUTE, until);
        double rate =
                model.traffic().within(LAST_SECONDS, until).stream()
                        .mapToLong(MetricsTick::validations)
                        .average()
                        .orElse(0);
        List<String> shown = new ArrayList<>();
        if (model.staleProperty().get()) {
            shown.add(words.get("shell.status.asOf", formats.time(until)));
        }
        long live = latest.get().liveSessions();
        shown.add(
                words.get(
                        live == 1 ? "shell.status.sessions.one" : "shell.status.sessions.many",
                        formats.number(live)));
        shown.add(words.get("shell.status.rate", formats.rate(rate)));
        long p99 = Traffic.p99Micros(minute);
        if (p99 > 0) {
            shown.add(words.get("shell.status.p99", formats.micros(p99)));
        }
        long found = minute.stream().mapToLong(ShellViewModel::found).sum();
        if (found > 0) {
            long fromDatabase =
                    minute.stream()
                            .mapToLong(tick -> tick.bySource().getOrDefault("database", 0L))
                            .sum();
            shown.add(
                    words.get(
                            "shell.status.hits",
                            formats.percent(1 - (double) fromDatabase / found)));
        }
        long refused =
                minute.stream()
                        .flatMap(tick -> tick.refused().values().stream())
                        .mapToLong(Long::longValue)
                        .sum();
        shown.add(words.get("shell.status.refused", formats.number(refused)));
        return shown;
    }

    private static long found(MetricsTick tick) {
        return tick.bySource().values().stream().mapToLong(Long::longValue).sum();
    }

    private Pill describeFeed() {
        Instant now = model.nowProperty().get();
        return switch (model.feedStatusProperty().get()) {
            case FeedStatus.Off() ->
                    new Pill(
                            Tone.OFF,
                            offers.process()
                                    ? words.get("shell.feed.off")
                                    : words.get("remote.feed.off"));
            case FeedStatus.Connecting() -> new Pill(Tone.BUSY, words.get("shell.feed.connecting"));
            case FeedStatus.Live() ->
                    new Pill(
                            Tone.GOOD,
                            words.get(
                                    "shell.feed.live",
                                    formats.justAgo(model.lastHeard().orElse(now), now)));
            case FeedStatus.Lost(Instant since, String _) ->
                    new Pill(Tone.BAD, words.get("shell.feed.lost", formats.justAgo(since, now)));
        };
    }

    private String starting() {
        if (!endedBy.isEmpty()) {
            return words.get("shell.banner.startingAgain", endedBy);
        }
        return model.snapshotProperty().get().isEmpty()
                ? words.get("shell.banner.startingFirst")
                : words.get("shell.banner.starting");
    }

    private Optional<Banner> describeTrouble() {
        Instant now = model.nowProperty().get();
        if (!offers.process()) {
            return offline(now);
        }
        String toServer = words.get("shell.banner.toServer");
        Runnable goThere = () -> show(Screen.SERVER);
        return switch (model.server().stateProperty().get()) {
            case ServerState.Running _ -> feedTrouble(now).or(this::witnessTrouble);
            case ServerState.Stopped() ->
                    Optional.of(
                            new Banner(
                                    Tone.OFF,
                                    words.get("shell.banner.stopped"),
                                    words.get("shell.banner.start"),
                                    () -> model.server().start()));
            case ServerState.Waiting waiting ->
                    Optional.of(
                            new Banner(
                                    Tone.BAD,
                                    words.get(
                                            "shell.banner.waiting",
                                            waiting.why(),
                                            secondsTo(waiting.nextTryAt(), now)),
                                    toServer,
                                    goThere));
            case ServerState.Failed(String why, String _) ->
                    Optional.of(
                            new Banner(
                                    Tone.BAD,
                                    words.get("shell.banner.failed", why),
                                    toServer,
                                    goThere));
            case ServerState.Starting _ ->
                    Optional.of(new Banner(Tone.BUSY, starting(), "", () -> {}));
            case ServerState.Stopping _ ->
                    Optional.of(
                            new Banner(
                                    Tone.BUSY, words.get("shell.banner.stopping"), "", () -> {}));
        };
    }

    private Optional<Banner> witnessTrouble() {
        return witness.stateProperty()
                .get()
                .contradiction()
                .map(_ ->
                        new Banner(
                                Tone.BAD,
                                words.get("shell.banner.audit"),
                                words.get("shell.banner.toAudit"),
                                () -> show(Screen.AUDIT)));
    }

    private Optional<Banner> feedTrouble(Instant now) {
        return model.feedStatusProperty().get()
                        instanceof FeedStatus.Lost(Instant since, String why)
                ? Optional.of(
                        new Banner(
                                Tone.BAD,
                                words.get("shell.banner.lost", formats.ago(since, now), why),
                                "",
                                () -> {}))
                : Optional.empty();
    }
}
