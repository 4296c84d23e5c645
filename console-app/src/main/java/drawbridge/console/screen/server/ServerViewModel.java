package drawbridge.console.screen.server;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.model.ServerModel;
import drawbridge.console.screen.Capabilities;
import drawbridge.console.supervise.ServerExit;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.ServerInfo;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The supervised process in words, and what can be done to it now. */
public final class ServerViewModel {
    private static final Duration TREND = Duration.ofMinutes(5);
    private static final int TICKS_A_VALUE = 5;
    private static final int LAST_LINES = 8;

    private final ConsoleModel model;
    private final Capabilities offers;
    private final Words words;
    private final Formats formats;
    private final LogViewModel log;
    private final ReadOnlyObjectWrapper<Card> card;
    private final StringProperty configText = new SimpleStringProperty(this, "configText", "");
    private final FilteredList<ConfigEntry> config;

    /** What can be done. */
    enum Command {
        START,
        STOP,
        RESTART,
        TRY_NOW,
        STOP_TRYING
    }

    /** The looks of the state, by style class and icon; the title says the same in words. */
    enum Look {
        RUNNING("running", "fth-check"),
        BUSY("busy", "fth-loader"),
        WAITING("waiting", "fth-clock"),
        STOPPED("stopped", "fth-power"),
        FAILED("failed", "fth-alert-octagon");

        private final String styleClass;
        private final String icon;

        Look(String styleClass, String icon) {
            this.styleClass = styleClass;
            this.icon = icon;
        }

        String styleClass() {
            return styleClass;
        }

        String icon() {
            return icon;
        }
    }

    /**
     * The state card.
     *
     * @param facts names and values, in order
     * @param output what a failed process printed last; empty for none
     */
    record Card(
            Look look,
            String title,
            String text,
            Set<Command> commands,
            Map<String, String> facts,
            String output) {}

    /** A view model that follows the model. */
    public ServerViewModel(ConsoleModel model, Capabilities offers, Words words, Formats formats) {
        this.model = model;
        this.offers = offers;
        this.words = words;
        this.formats = formats;
        this.log = new LogViewModel(model.server());
        this.card = new ReadOnlyObjectWrapper<>(this, "card", describe());
        this.config =
                new FilteredList<>(FXCollections.unmodifiableObservableList(model.settings()));
        configText.addListener((property, before, after) -> {
            String wanted = after.strip().toLowerCase(Locale.ROOT);
            config.setPredicate(entry -> holds(entry, wanted));
        });
        model.server()
                .stateProperty()
                .addListener((property, before, after) -> card.set(describe()));
        model.secondsProperty().addListener((property, before, after) -> card.set(describe()));
        model.snapshotProperty().addListener((property, before, after) -> card.set(describe()));
        model.feedStatusProperty().addListener((property, before, after) -> card.set(describe()));
    }

    private static boolean holds(ConfigEntry entry, String wanted) {
        return (entry.key() + " " + entry.variable() + " " + entry.value() + " " + entry.about())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted)
                || entry.source().contains(wanted);
    }

    ReadOnlyObjectProperty<Card> cardProperty() {
        return card.getReadOnlyProperty();
    }

    LogViewModel log() {
        return log;
    }

    StringProperty configTextProperty() {
        return configText;
    }

    ObservableList<ConfigEntry> config() {
        return config;
    }

    ObservableList<ServerExit> exits() {
        return model.server().exits();
    }

    /** Does what the button says. */
    void perform(Command command) {
        ServerModel server = model.server();
        switch (command) {
            case START -> server.start();
            case STOP -> server.stop();
            case RESTART -> server.restart();
            case TRY_NOW -> server.tryNow();
            case STOP_TRYING -> server.stopTrying();
        }
    }

    private Card describe() {
        Instant now = model.nowProperty().get();
        return offers.process() ? describeOwn(now) : describeElsewhere(now);
    }

    /** A server elsewhere, whose process is nobody's business here. */
    private Card describeElsewhere(Instant now) {
        Set<Command> none = EnumSet.noneOf(Command.class);
        return switch (model.server().stateProperty().get()) {
            case ServerState.Running _
                    when model.feedStatusProperty().get()
                            instanceof FeedStatus.Lost(Instant _, String why) ->
                    new Card(Look.WAITING, words.get("remote.pill.lost"), why, none, Map.of(), "");
            case ServerState.Running running ->
                    new Card(
                            Look.RUNNING,
                            words.get("remote.state.connected"),
                            words.get("remote.state.connectedText"),
                            none,
                            facts(running, now),
                            "");
            case ServerState.Starting _ ->
                    new Card(Look.BUSY, words.get("remote.state.reaching"), "", none, Map.of(), "");
            case ServerState.Waiting waiting ->
                    new Card(
                            Look.WAITING,
                            words.get("remote.state.offline", secondsTo(waiting, now)),
                            waiting.why(),
                            none,
                            Map.of(),
                            "");
            case ServerState.Failed(String why, String _) ->
                    new Card(
                            Look.FAILED,
                            words.get("remote.state.refused"),
                            why,
                            none,
                            Map.of(),
                            "");
            case ServerState.Stopped _, ServerState.Stopping _ ->
                    new Card(
                            Look.STOPPED,
                            words.get("remote.state.stopped"),
                            "",
                            none,
                            Map.of(),
                            "");
        };
    }

    private Card describeOwn(Instant now) {
        return switch (model.server().stateProperty().get()) {
            case ServerState.Stopped() ->
                    new Card(
                            Look.STOPPED,
                            words.get("server.state.stopped"),
                            words.get("server.state.stoppedText"),
                            EnumSet.of(Command.START),
                            Map.of(),
                            "");
            case ServerState.Starting(Instant since) ->
                    new Card(
                            Look.BUSY,
                            words.get("server.state.starting"),
                            words.get(
                                    "server.state.startingText",
                                    formats.span(Duration.between(since, now))),
                            EnumSet.of(Command.STOP),
                            Map.of(),
                            "");
            case ServerState.Running running ->
                    new Card(
                            Look.RUNNING,
                            words.get("server.state.running"),
                            running.attached()
                                    ? words.get("server.state.attachedText")
                                    : words.get("server.state.runningText"),
                            EnumSet.of(Command.STOP, Command.RESTART),
                            facts(running, now),
                            "");
            case ServerState.Stopping(Instant since) ->
                    new Card(
                            Look.BUSY,
                            words.get("server.state.stopping"),
                            words.get(
                                    "server.state.stoppingText",
                                    formats.span(Duration.between(since, now))),
                            EnumSet.noneOf(Command.class),
                            Map.of(),
                            "");
            case ServerState.Waiting waiting ->
                    new Card(
                            Look.WAITING,
                            words.get("server.state.waiting", secondsTo(waiting, now)),
                            words.get(
                                    "server.state.waitingText", waiting.why(), waiting.failures()),
                            EnumSet.of(Command.TRY_NOW, Command.STOP_TRYING),
                            Map.of(),
                            "");
            case ServerState.Failed(String why, String output) ->
                    new Card(
                            Look.FAILED,
                            words.get("server.state.failed"),
                            why,
                            EnumSet.of(Command.START),
                            Map.of(),
                            last(output));
        };
    }

    private static long secondsTo(ServerState.Waiting waiting, Instant now) {
        long millis = Duration.between(now, waiting.nextTryAt()).toMillis();
        return Math.max(0, (millis + 999) / 1_000);
    }

    private static String last(String output) {
        List<String> lines = output.lines().toList();
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    private Map<String, String> facts(ServerState.Running running, Instant now) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("public", running.publicUrl().toString());
        facts.put("admin", running.adminUrl().toString());
        facts.put("pid", Long.toString(running.pid()));
        facts.put("up", formats.span(Duration.between(running.since(), now)));
        Optional<ServerInfo> info =
                model.snapshotProperty().get().map(snapshot -> snapshot.server());
        info.ifPresent(server -> {
            facts.put("version", server.version());
            facts.put(
                    "storage",
                    words.get(
                            server.redis() ? "server.storage.redis" : "server.storage.alone",
                            words.oneOf("storage", server.storage())));
            facts.put("folder", server.dataDir());
        });
        return facts;
    }

    /** The newest tick while a server runs, and is heard of when it is elsewhere. */
    Optional<MetricsTick> latest() {
        boolean runs = model.server().stateProperty().get() instanceof ServerState.Running;
        boolean isLost = model.feedStatusProperty().get() instanceof FeedStatus.Lost;
        return runs && (offers.process() || !isLost) ? model.traffic().latest() : Optional.empty();
    }

    /** Why there is no tick. */
    String withoutTick() {
        return words.get(offers.process() ? "server.process.none" : "server.process.unknown");
    }

    /** The last five minutes of one measure, a value for every five seconds. */
    double[] trend(ToDoubleFunction<MetricsTick> measure) {
        Instant until =
                model.traffic()
                        .latest()
                        .map(MetricsTick::at)
                        .orElseGet(() -> model.nowProperty().get());
        List<MetricsTick> ticks = model.traffic().within(TREND, until);
        double[] means = new double[(ticks.size() + TICKS_A_VALUE - 1) / TICKS_A_VALUE];
        for (int i = 0; i < means.length; i++) {
            int from = i * TICKS_A_VALUE;
            means[i] =
                    ticks.subList(from, Math.min(ticks.size(), from + TICKS_A_VALUE)).stream()
                            .mapToDouble(measure)
                            .average()
                            .orElse(0);
        }
        return means;
    }
}
