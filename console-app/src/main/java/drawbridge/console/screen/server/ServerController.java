package drawbridge.console.screen.server;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.server.ServerViewModel.Card;
import drawbridge.console.screen.server.ServerViewModel.Command;
import drawbridge.console.supervise.ServerExit;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.FileChoice;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.console.ui.controls.TimeChart;
import drawbridge.console.ui.controls.TimeChart.Frame;
import drawbridge.console.ui.controls.TimeChart.Layer;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.MetricsTick;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Binds the server screen to its view model. */
public final class ServerController implements ScreenController {
    private static final KeyCombination COPY =
            new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

    private final ConsoleModel model;
    private final ServerViewModel server;
    private final Navigation navigation;
    private final Profile profile;
    private final Words words;
    private final Formats formats;
    private final Tools tools;
    private final StandingViewModel standing;
    private final CarePart care;
    private Node standingView = new StackPane();
    private Node careView = new StackPane();

    @FXML private StackPane stateMark;
    @FXML private FontIcon stateIcon;
    @FXML private Label stateTitle;
    @FXML private Label stateText;
    @FXML private Button start;
    @FXML private Button tryNow;
    @FXML private Button stopTrying;
    @FXML private Button restart;
    @FXML private Button stop;
    @FXML private Button simulate;
    @FXML private GridPane facts;
    @FXML private VBox outputBox;
    @FXML private Label output;
    @FXML private Label processNote;
    @FXML private Label resident;
    @FXML private TimeChart residentTrend;
    @FXML private Label heapTitle;
    @FXML private Label heap;
    @FXML private TimeChart heapTrend;
    @FXML private Label cpu;
    @FXML private TimeChart cpuTrend;
    @FXML private Label threads;
    @FXML private TimeChart threadsTrend;
    @FXML private SegmentedButton tabs;
    @FXML private StackPane tabBody;
    @FXML private ToggleButton standingTab;
    @FXML private ToggleButton careTab;
    @FXML private ToggleButton logTab;
    @FXML private ToggleButton configTab;
    @FXML private ToggleButton exitsTab;
    @FXML private HBox logTools;
    @FXML private SegmentedButton levels;
    @FXML private ToggleButton debug;
    @FXML private ToggleButton info;
    @FXML private ToggleButton warn;
    @FXML private ToggleButton error;
    @FXML private CustomTextField logFilter;
    @FXML private Button copyLog;
    @FXML private ToggleButton pause;
    @FXML private FontIcon pauseIcon;
    @FXML private HBox configTools;
    @FXML private CustomTextField configFilter;
    @FXML private Label configCount;
    @FXML private HBox exitsTools;
    @FXML private TableView<LogRow> log;
    @FXML private TableColumn<LogRow, LogRow> logAt;
    @FXML private TableColumn<LogRow, LogRow> logLevel;
    @FXML private TableColumn<LogRow, LogRow> logLogger;
    @FXML private TableColumn<LogRow, LogRow> logMessage;
    @FXML private Label logEmpty;
    @FXML private TableView<ConfigEntry> config;
    @FXML private TableColumn<ConfigEntry, ConfigEntry> configKey;
    @FXML private TableColumn<ConfigEntry, ConfigEntry> configValue;
    @FXML private TableColumn<ConfigEntry, ConfigEntry> configSource;
    @FXML private TableColumn<ConfigEntry, ConfigEntry> configAbout;
    @FXML private Label configEmpty;
    @FXML private TableView<ServerExit> exits;
    @FXML private TableColumn<ServerExit, ServerExit> exitAt;
    @FXML private TableColumn<ServerExit, ServerExit> exitCause;
    @FXML private TableColumn<ServerExit, ServerExit> exitRan;
    @FXML private TableColumn<ServerExit, ServerExit> exitCode;
    @FXML private TableColumn<ServerExit, ServerExit> exitPid;

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    public ServerController(
            ConsoleModel model,
            ServerViewModel server,
            Navigation navigation,
            Profile profile,
            Tools tools,
            Words words,
            Formats formats) {
        this.model = model;
        this.tools = tools;
        this.standing = new StandingViewModel(model, tools.background(), words);
        this.care =
                new CarePart(
                        model,
                        new CareViewModel(
                                model,
                                tools.background(),
                                tools.paced(),
                                tools.keeper(),
                                words,
                                formats),
                        tools.files(),
                        words,
                        formats,
                        tools.views(),
                        tools.overlay());
        this.navigation = navigation;
        this.profile = profile;
        this.server = server;
        this.words = words;
        this.formats = formats;
    }

    /**
     * What it works with.
     *
     * @param paced runs tasks on the FX thread, few at a time
     * @param keeper keeps what a server sends
     * @param files lets a person choose one
     */
    public record Tools(
            Background background,
            Executor paced,
            FileKeeper keeper,
            FileChoice files,
            FxmlViews views,
            Overlay overlay) {}

    /** The parts below the state card. */
    public enum Part {
        STANDING,
        CARE,
        LOG,
        CONFIGURATION,
        EXITS
    }

    @FXML
    void initialize() {
        command(start, Command.START);
        command(stop, Command.STOP);
        command(restart, Command.RESTART);
        command(tryNow, Command.TRY_NOW);
        command(stopTrying, Command.STOP_TRYING);
        simulate.managedProperty().bind(simulate.visibleProperty());
        simulate.setVisible(profile.capabilities().simulate());
        if (profile instanceof Profile.Own(Runnable open)) {
            simulate.setOnAction(_ -> open.run());
        }
        outputBox.managedProperty().bind(outputBox.visibleProperty());
        server.cardProperty().subscribe(this::showCard);
        for (TimeChart trend : List.of(residentTrend, heapTrend, cpuTrend, threadsTrend)) {
            trend.setForm(TimeChart.Form.TREND);
        }
        cpuTrend.setLeastCeiling(0.2);
        model.traffic().revisionProperty().subscribe(_ -> showProcess());
        model.server().stateProperty().subscribe(_ -> showProcess());
        standingView =
                tools.views().load(new StandingPart(standing, words, formats), "standing.fxml");
        careView = tools.views().load(care, "care.fxml");
        tabBody.getChildren().addAll(standingView, careView);
        bindTabs();
        bindLog();
        bindConfig();
        bindExits();
        leaveOut();
        show(Part.STANDING);
    }

    private void command(Button button, Command command) {
        button.managedProperty().bind(button.visibleProperty());
        button.setOnAction(_ -> server.perform(command));
        server.cardProperty()
                .subscribe(card ->
                        button.setVisible(
                                profile.capabilities().process()
                                        && card.commands().contains(command)));
    }

    private void showCard(Card card) {
        stateMark.getStyleClass().setAll("state-mark", "mark-" + card.look().styleClass());
        stateIcon.setIconLiteral(card.look().icon());
        stateTitle.setText(card.title());
        stateText.setText(card.text());
        output.setText(card.output());
        outputBox.setVisible(!card.output().isEmpty());
        facts.setVisible(!card.facts().isEmpty());
        facts.setManaged(!card.facts().isEmpty());
        showFacts(card.facts());
    }

    private void showFacts(Map<String, String> values) {
        if (facts.getChildren().size() != values.size() * 2) {
            facts.getChildren().clear();
            int at = 0;
            for (String key : values.keySet()) {
                Label name = FactLabels.name(words.oneOf("server.fact", key));
                Label value = FactLabels.value();
                if (List.of("public", "admin", "folder").contains(key)) {
                    value.getStyleClass().add("mono");
                }
                boolean wide = key.equals("folder");
                facts.add(name, wide ? 0 : at % 2 * 2, at / 2);
                facts.add(value, wide ? 1 : at % 2 * 2 + 1, at / 2, wide ? 3 : 1, 1);
                at++;
            }
        }
        int at = 1;
        for (String text : values.values()) {
            Label value = (Label) facts.getChildren().get(at);
            value.setText(text);
            value.getTooltip().setText(text);
            at += 2;
        }
    }

    private void showProcess() {
        server.latest()
                .ifPresentOrElse(
                        tick -> {
                            processNote.setText(words.get("server.process.trend"));
                            resident.setText(
                                    tick.residentBytes() == 0
                                            ? "–"
                                            : formats.bytes(tick.residentBytes()));
                            heap.setText(formats.bytes(tick.heapUsedBytes()));
                            heapTitle.setText(
                                    words.get(
                                            "server.process.heapOf",
                                            formats.bytes(tick.heapMaxBytes())));
                            cpu.setText(formats.percent(tick.cpuLoad()));
                            threads.setText(formats.number(tick.threads()));
                        },
                        () -> {
                            processNote.setText(server.withoutTick());
                            heapTitle.setText(words.get("server.process.heap"));
                            List.of(resident, heap, cpu, threads)
                                    .forEach(label -> label.setText("–"));
                        });
        trend(residentTrend, MetricsTick::residentBytes);
        trend(heapTrend, MetricsTick::heapUsedBytes);
        trend(cpuTrend, MetricsTick::cpuLoad);
        trend(threadsTrend, MetricsTick::threads);
    }

    private void trend(TimeChart chart, ToDoubleFunction<MetricsTick> measure) {
        double[] values = server.latest().isPresent() ? server.trend(measure) : new double[0];
        chart.show(new Frame(0, 1_000, List.of(new Layer("", values))));
    }

    private void bindTabs() {
        keepOne(tabs);
        keepOne(levels);
        for (HBox tools : List.of(logTools, configTools, exitsTools)) {
            tools.managedProperty().bind(tools.visibleProperty());
        }
        standingTab.setOnAction(_ -> show(Part.STANDING));
        careTab.setOnAction(_ -> show(Part.CARE));
        logTab.setOnAction(_ -> show(Part.LOG));
        configTab.setOnAction(_ -> show(Part.CONFIGURATION));
        exitsTab.setOnAction(_ -> show(Part.EXITS));
        server.exits().subscribe(this::countExits);
        countExits();
    }

    /** What is a file on another machine, or a process there, is not offered. */
    private void leaveOut() {
        if (!profile.capabilities().log()) {
            tabs.getButtons().remove(logTab);
        }
        if (!profile.capabilities().process()) {
            tabs.getButtons().remove(exitsTab);
        }
    }

    private void countExits() {
        exitsTab.setText(
                server.exits().isEmpty()
                        ? words.get("server.tab.exits")
                        : words.get("server.tab.exitsCount", server.exits().size()));
    }

    private static void keepOne(SegmentedButton buttons) {
        buttons.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                });
    }

    /**
     * Shows the settings in effect.
     *
     * @param name the one to look at; empty for all of them
     */
    public void showSetting(String name) {
        show(Part.CONFIGURATION);
        server.configTextProperty().set(name);
    }

    /** Shows that part below the state card. */
    public void show(Part part) {
        standingTab.setSelected(part == Part.STANDING);
        careTab.setSelected(part == Part.CARE);
        standingView.setVisible(part == Part.STANDING);
        careView.setVisible(part == Part.CARE);
        standing.lookedAt(part == Part.STANDING);
        logTab.setSelected(part == Part.LOG);
        configTab.setSelected(part == Part.CONFIGURATION);
        exitsTab.setSelected(part == Part.EXITS);
        log.setVisible(part == Part.LOG);
        logTools.setVisible(part == Part.LOG);
        config.setVisible(part == Part.CONFIGURATION);
        configTools.setVisible(part == Part.CONFIGURATION);
        exits.setVisible(part == Part.EXITS);
        exitsTools.setVisible(part == Part.EXITS);
    }

    /** Puts the cursor into the filter of the part that is shown. */
    @Override
    public boolean focusFilter() {
        if (configTools.isVisible()) {
            configFilter.requestFocus();
        } else if (profile.capabilities().log()) {
            show(Part.LOG);
            logFilter.requestFocus();
        } else {
            show(Part.CONFIGURATION);
            configFilter.requestFocus();
        }
        return true;
    }

    @Override
    public List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        actions.add(part("fth-server", "standing", Part.STANDING));
        actions.add(part("fth-archive", "care", Part.CARE));
        actions.add(caring("fth-archive", "backUp", care::askBackup));
        if (model.server().commands().isPresent()) {
            actions.add(caring("fth-rotate-ccw", "restore", care::askRestoreFile));
        }
        actions.add(caring("fth-life-buoy", "diagnose", care::askDiagnostics));
        if (profile.capabilities().log()) {
            actions.add(part("fth-file-text", "log", Part.LOG));
        }
        actions.add(part("fth-sliders", "config", Part.CONFIGURATION));
        if (!profile.capabilities().process()) {
            return actions;
        }
        actions.add(part("fth-list", "exits", Part.EXITS));
        if (model.server().stateProperty().get() instanceof ServerState.Running) {
            actions.add(action("fth-refresh-cw", "restart", model.server()::restart));
            actions.add(action("fth-square", "stop", model.server()::stop));
        } else {
            actions.add(action("fth-play", "start", model.server()::start));
        }
        return actions;
    }

    private ScreenAction caring(String icon, String key, Runnable ask) {
        return action(
                icon,
                key,
                () -> {
                    navigation.show(Screen.SERVER);
                    show(Part.CARE);
                    ask.run();
                });
    }

    private ScreenAction part(String icon, String key, Part part) {
        return action(
                icon,
                key,
                () -> {
                    navigation.show(Screen.SERVER);
                    show(part);
                });
    }

    private ScreenAction action(String icon, String key, Runnable run) {
        return new ScreenAction(icon, words.oneOf("palette.action", key), run);
    }

    private void bindLog() {
        LogViewModel lines = server.log();
        level(debug, LogRow.Level.DEBUG);
        level(info, LogRow.Level.INFO);
        level(warn, LogRow.Level.WARN);
        level(error, LogRow.Level.ERROR);
        logFilter.textProperty().bindBidirectional(lines.textProperty());
        pause.selectedProperty().bindBidirectional(lines.pausedProperty());
        lines.pausedProperty().subscribe(_ -> showPause());
        lines.waitingProperty().subscribe(_ -> showPause());
        copyLog.setTooltip(new Tooltip(words.get("server.log.copy")));
        copyLog.setOnAction(_ -> copy(log.getItems()));
        log.setItems(lines.rows());
        log.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(log);
        log.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        log.setOnKeyPressed(event -> {
            if (COPY.match(event)) {
                copy(log.getSelectionModel().getSelectedItems());
                event.consume();
            }
        });
        log.setRowFactory(_ -> new LevelRow());
        cells(logAt, (cell, row) -> cell.setText(row.first() ? at(row) : ""));
        cells(logLevel, (cell, row) -> cell.setText(row.first() ? row.line().level() : ""));
        cells(logLogger, (cell, row) -> cell.setText(row.first() ? row.line().logger() : ""));
        cells(
                logMessage,
                (cell, row) -> {
                    cell.setText(row.first() ? row.text() : "    " + row.text());
                    cell.setTooltip(row.text().length() > 120 ? new Tooltip(row.text()) : null);
                });
        lines.rows().subscribe(this::follow);
        model.server().stateProperty().subscribe(_ -> showLogEmpty());
        lines.textProperty().subscribe(_ -> showLogEmpty());
    }

    /** Marks a row by its level. */
    private static final class LevelRow extends TableRow<LogRow> {
        @Override
        protected void updateItem(LogRow row, boolean empty) {
            super.updateItem(row, empty);
            getStyleClass().removeIf(name -> name.startsWith("level-"));
            if (!empty && row != null) {
                getStyleClass()
                        .add(
                                "level-"
                                        + LogRow.Level.of(row.line())
                                                .name()
                                                .toLowerCase(Locale.ROOT));
            }
        }
    }

    private void level(ToggleButton button, LogRow.Level level) {
        button.setSelected(server.log().leastProperty().get() == level);
        button.setOnAction(_ -> server.log().leastProperty().set(level));
    }

    private String at(LogRow row) {
        Instant at = row.line().at();
        return at == null ? "" : formats.millis(at);
    }

    private void showPause() {
        boolean paused = server.log().pausedProperty().get();
        int waiting = server.log().waitingProperty().get();
        pauseIcon.setIconLiteral(paused ? "fth-play" : "fth-pause");
        pause.setText(
                paused
                        ? waiting == 0
                                ? words.get("server.log.resume")
                                : words.get("server.log.waiting", waiting)
                        : words.get("server.log.pause"));
    }

    private void follow() {
        if (!server.log().pausedProperty().get() && !log.getItems().isEmpty()) {
            log.scrollTo(log.getItems().size() - 1);
        }
    }

    private void showLogEmpty() {
        logEmpty.setText(
                words.get(
                        server.log().textProperty().get().isBlank()
                                ? "server.log.empty"
                                : "server.log.noMatch"));
    }

    private void copy(List<LogRow> rows) {
        String text =
                rows.stream()
                        .map(row ->
                                row.first()
                                        ? String.join(
                                                " ",
                                                at(row),
                                                row.line().level(),
                                                row.line().logger(),
                                                row.text())
                                        : "    " + row.text())
                        .collect(Collectors.joining("\n"));
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    private void bindConfig() {
        configFilter.textProperty().bindBidirectional(server.configTextProperty());
        config.setItems(server.config());
        config.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(config);
        cells(
                configKey,
                (cell, entry) -> {
                    cell.setText(entry.key());
                    cell.setTooltip(new Tooltip(entry.variable()));
                    style(cell, "mono");
                });
        cells(
                configValue,
                (cell, entry) -> {
                    cell.setText(
                            entry.value().isEmpty()
                                    ? words.get("server.config.unset")
                                    : entry.value());
                    cell.setTooltip(
                            entry.value().length() > 24 ? new Tooltip(entry.value()) : null);
                    cell.setGraphic(entry.secret() ? new FontIcon("fth-lock") : null);
                    style(cell, entry.value().isEmpty() ? "muted" : "mono");
                });
        cells(
                configSource,
                (cell, entry) -> {
                    Label chip = new Label(words.oneOf("server.config.from", entry.source()));
                    chip.getStyleClass().addAll("source-chip", "source-" + entry.source());
                    cell.setGraphic(chip);
                });
        cells(
                configAbout,
                (cell, entry) -> {
                    cell.setText(entry.about());
                    cell.setTooltip(new Tooltip(entry.about()));
                    style(cell, "muted");
                });
        server.config().subscribe(this::countSettings);
        countSettings();
    }

    private void countSettings() {
        configCount.setText(words.count("server.config.count", server.config().size()));
        configEmpty.setText(
                words.get(
                        model.settings().isEmpty()
                                ? "server.config.empty"
                                : "server.config.noMatch"));
    }

    private void bindExits() {
        exits.setItems(server.exits());
        exits.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(exits);
        cells(
                exitAt,
                (cell, exit) -> {
                    cell.setText(formats.dateTime(exit.endedAt()));
                    cell.setTooltip(
                            new Tooltip(formats.exact(exit.endedAt(), model.nowProperty().get())));
                });
        cells(
                exitCause,
                (cell, exit) -> {
                    cell.setText(exit.cause());
                    cell.setTooltip(new Tooltip(exit.cause()));
                    FontIcon icon =
                            new FontIcon(exit.expected() ? "fth-check" : "fth-alert-octagon");
                    icon.getStyleClass().add(exit.expected() ? "calm-icon" : "danger-icon");
                    icon.setAccessibleText(
                            words.get(
                                    exit.expected()
                                            ? "server.exits.expected"
                                            : "server.exits.unexpected"));
                    cell.setGraphic(icon);
                });
        cells(
                exitRan,
                (cell, exit) ->
                        cell.setText(
                                formats.span(Duration.between(exit.startedAt(), exit.endedAt()))));
        cells(
                exitCode,
                (cell, exit) ->
                        cell.setText(
                                exit.exitCode() < 0
                                        ? words.get("server.exits.unknownCode")
                                        : Integer.toString(exit.exitCode())));
        cells(exitPid, (cell, exit) -> cell.setText(Long.toString(exit.pid())));
    }

    private static <T> void cells(TableColumn<T, T> column, BiConsumer<TableCell<T, T>, T> fill) {
        column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
        column.setCellFactory(_ ->
                new TableCell<>() {
                    @Override
                    protected void updateItem(T value, boolean empty) {
                        super.updateItem(value, empty);
                        setText(null);
                        setGraphic(null);
                        setTooltip(null);
                        if (!empty && value != null) {
                            fill.accept(this, value);
                        }
                    }
                });
    }

    private static void style(Node node, String name) {
        List<String> own = new ArrayList<>(List.of("mono", "muted"));
        own.remove(name);
        node.getStyleClass().removeAll(own);
        if (!node.getStyleClass().contains(name)) {
            node.getStyleClass().add(name);
        }
    }
}
