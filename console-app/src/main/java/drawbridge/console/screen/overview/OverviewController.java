package drawbridge.console.screen.overview;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Happening;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.overview.FeedLines.Choice;
import drawbridge.console.screen.overview.FeedLines.Topic;
import drawbridge.console.screen.overview.OverviewViewModel.Charts;
import drawbridge.console.screen.overview.OverviewViewModel.Figures;
import drawbridge.console.screen.overview.OverviewViewModel.Range;
import drawbridge.console.screen.overview.OverviewViewModel.Tile;
import drawbridge.console.ui.Em;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.TimeChart;
import drawbridge.console.ui.controls.TimeChart.Frame;
import drawbridge.console.ui.controls.TimeChart.Layer;
import drawbridge.model.view.ChecklistView;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.fxml.FXML;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** Binds the overview to its view model. */
public final class OverviewController implements ScreenController {
    private static final List<String> SOURCES = List.of("memory", "redis", "database");
    private static final int MOST_REASONS = 5;
    private static final double WIDE = 83; // em
    private static final double MEDIUM = 58;
    private static final double NARROW = 40;
    private static final double LEAST_FIRST = 16.15;
    private static final double LEAST_FURTHER = 14.6;

    private final ConsoleModel model;
    private final OverviewViewModel overview;
    private final ReadOnlyObjectProperty<Optional<ChecklistView>> checklist;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;
    private boolean isShown = true; // the first screen is shown without being told so

    @FXML private ScrollPane root;
    @FXML private VBox body;
    @FXML private GridPane tiles;
    @FXML private VBox sessionsTile;
    @FXML private Label sessionsValue;
    @FXML private Label sessionsNote;
    @FXML private VBox throughputTile;
    @FXML private VBox hitsTile;
    @FXML private VBox latencyTile;
    @FXML private VBox revocationsTile;
    @FXML private VBox checklistTile;
    @FXML private Label checklistValue;
    @FXML private Label checklistNote;
    @FXML private Label throughputValue;
    @FXML private Label throughputNote;
    @FXML private Label hitsValue;
    @FXML private HBox hitsBar;
    @FXML private Label hitsNote;
    @FXML private Label latencyValue;
    @FXML private Label latencyNote;
    @FXML private VBox refusalsTile;
    @FXML private Label refusalsValue;
    @FXML private Label refusalsNote;
    @FXML private Label revocationsValue;
    @FXML private Label revocationsNote;
    @FXML private GridPane panels;
    @FXML private VBox throughputCard;
    @FXML private FlowPane throughputLegend;
    @FXML private SegmentedButton ranges;
    @FXML private ToggleButton five;
    @FXML private ToggleButton hour;
    @FXML private ToggleButton day;
    @FXML private TimeChart throughputChart;
    @FXML private VBox throughputEmpty;
    @FXML private VBox latencyCard;
    @FXML private FlowPane latencyLegend;
    @FXML private TimeChart latencyChart;
    @FXML private VBox latencyEmpty;
    @FXML private VBox refusalsCard;
    @FXML private Label refusalsTitle;
    @FXML private FlowPane refusalsLegend;
    @FXML private TimeChart refusalsChart;
    @FXML private VBox refusalsEmpty;
    @FXML private VBox feedCard;
    @FXML private Label feedCount;
    @FXML private ListView<Happening> feed;
    @FXML private VBox feedEmpty;
    @FXML private Label feedEmptyText;
    @FXML private SegmentedButton topics;
    @FXML private ToggleButton feedAll;
    @FXML private ToggleButton feedAlerts;
    @FXML private ToggleButton feedRefused;
    @FXML private ToggleButton feedRevoked;
    @FXML private Button feedReason;

    private List<String> reasons = List.of();

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    public OverviewController(
            ConsoleModel model,
            OverviewViewModel overview,
            ReadOnlyObjectProperty<Optional<ChecklistView>> checklist,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.overview = overview;
        this.checklist = checklist;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
    }

    @FXML
    void initialize() {
        charts();
        range(five, Range.FIVE_MINUTES);
        range(hour, Range.HOUR);
        range(day, Range.DAY);
        ranges.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                });
        overview.figuresProperty().subscribe(this::show);
        // Not with the figures: an idle second changes none of them, and moves the charts on.
        model.traffic().revisionProperty().subscribe(_ -> showCharts());
        model.minutes().revisionProperty().subscribe(_ -> showCharts());
        overview.rangeProperty().subscribe(_ -> showCharts());
        link(sessionsTile, overview::showSessions);
        link(throughputTile, overview::showRoutes);
        link(hitsTile, this::showTiers);
        link(latencyTile, this::showTiers);
        link(refusalsTile, () -> listRefused(Set.of()));
        link(revocationsTile, overview::showRevoked);
        link(checklistTile, overview::showChecklist);
        checklist.subscribe(this::showScore);
        explain(sessionsTile, "sessions");
        explain(throughputTile, "throughput");
        explain(hitsTile, "hits");
        explain(latencyTile, "latency");
        explain(refusalsTile, "refusals");
        explain(revocationsTile, "revocations");
        explain(checklistTile, "checklist");
        // Without a feed no figures come, but time goes on.
        model.secondsProperty()
                .addListener((property, before, after) -> {
                    if (model.staleProperty().get()) {
                        showCharts();
                    }
                });
        feed();
        root.widthProperty().subscribe(_ -> arrange());
        Em.follow(root, _ -> arrange());
        root.heightProperty().subscribe(_ -> body.setMinHeight(Math.max(0, root.getHeight() - 2)));
    }

    private void explain(VBox tile, String key) {
        Tooltip tooltip =
                new Tooltip(
                        words.get(
                                "overview.tile.tooltip",
                                words.oneOf("overview.tileMeans", key),
                                words.oneOf("overview.tileLeads", key)));
        Tooltip.install(tile, tooltip);
    }

    private static void link(VBox tile, Runnable follow) {
        tile.setFocusTraversable(true);
        tile.setAccessibleRole(AccessibleRole.BUTTON);
        tile.setOnMouseClicked(_ -> follow.run());
        tile.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
                follow.run();
                event.consume();
            }
        });
    }

    @Override
    public void shown() {
        isShown = true;
        showCharts();
    }

    @Override
    public void hidden() {
        isShown = false;
    }

    @Override
    public void focusList() {
        feed.requestFocus();
    }

    @Override
    public List<ScreenAction> actions() {
        return List.of(
                new ScreenAction("fth-layers", words.get("overview.tiers.open"), this::showTiers),
                new ScreenAction(
                        "fth-x-octagon",
                        words.get("overview.refused.open"),
                        () -> {
                            overview.showOverview();
                            listRefused(Set.of());
                        }));
    }

    private void showTiers() {
        model.tiersProperty()
                .get()
                .ifPresent(tiers -> {
                    TiersDialog dialog = new TiersDialog(tiers, words, formats, overlay::close);
                    Node view = views.load(dialog, "tiers.fxml");
                    overlay.show(view, dialog.safeButton(), () -> {});
                });
    }

    private void listRefused(Set<String> reasons) {
        overview.showRefused(reasons);
        feed.requestFocus();
        feed.scrollTo(0);
    }

    private void range(ToggleButton button, Range range) {
        button.setSelected(overview.rangeProperty().get() == range);
        button.setOnAction(_ -> overview.rangeProperty().set(range));
    }

    private void charts() {
        throughputChart.setForm(TimeChart.Form.STACKED);
        throughputChart.setLeastCeiling(4);
        throughputChart.setValueTexts(
                formats::rate, value -> words.get("unit.perSecond", formats.rate(value)));
        latencyChart.setForm(TimeChart.Form.BAND);
        latencyChart.setLeastCeiling(100);
        latencyChart.setValueTexts(this::axisMicros, value -> formats.micros(Math.round(value)));
        refusalsChart.setForm(TimeChart.Form.BARS);
        refusalsChart.setLeastCeiling(4);
        refusalsChart.setValueTexts(formats::rate, formats::rate);
        for (TimeChart chart : List.of(throughputChart, latencyChart, refusalsChart)) {
            chart.setTimeTexts(at -> formats.minute(Instant.ofEpochMilli(at)), this::span);
            chart.setGapText(words.get("overview.hover.gap"));
        }
        throughputChart.setOnPicked(this::pickedThroughput);
        latencyChart.setOnPicked(_ -> showTiers());
        refusalsChart.setOnPicked(this::pickedRefusals);
        legend(
                latencyLegend,
                List.of(words.get("overview.legend.p50"), words.get("overview.legend.p99")),
                _ -> showTiers());
    }

    /** Tiers lead to how they are doing, the others to what was refused. */
    private void pickedThroughput(int layer) {
        switch (layer - (overview.hasRedis() ? 3 : 2)) {
            case 0 -> listRefused(Set.of("no_session"));
            case 1 -> listRefused(Sample.TURNED_AWAY);
            default -> showTiers(); // a store that is away leaves validations undecided
        }
    }

    private void pickedRefusals(int layer) {
        listRefused(
                layer < Math.min(reasons.size(), MOST_REASONS)
                        ? Set.of(reasons.get(layer))
                        : Set.of());
    }

    /** When exactly: here, in UTC, and how long ago. */
    private String span(long fromMillis, long toMillis) {
        Instant from = Instant.ofEpochMilli(fromMillis);
        Instant to = Instant.ofEpochMilli(toMillis);
        Instant now = model.nowProperty().get();
        String here =
                toMillis - fromMillis <= 1_000
                        ? formats.when(from, now)
                        : words.get(
                                "overview.hover.span", formats.when(from, now), formats.time(to));
        return here + "\n" + formats.utc(from) + "\n" + formats.ago(from, now);
    }

    private String axisMicros(double value) {
        return value == 0
                ? "0"
                : value < 1_000
                        ? words.get("unit.micros", formats.number(Math.round(value)))
                        : words.get(
                                "unit.millis",
                                formats.decimal(value / 1_000, value % 1_000 == 0 ? 0 : 1));
    }

    private void show(Figures figures) {
        tile(figures.sessions(), sessionsValue, sessionsNote);
        name(sessionsTile, "sessions", figures.sessions());
        name(throughputTile, "throughput", figures.throughput());
        name(hitsTile, "hits", figures.hits());
        name(latencyTile, "latency", figures.latency());
        name(refusalsTile, "refusals", figures.refusals());
        name(revocationsTile, "revocations", figures.revocations());
        tile(figures.throughput(), throughputValue, throughputNote);
        tile(figures.hits(), hitsValue, hitsNote);
        tile(figures.latency(), latencyValue, latencyNote);
        tile(figures.refusals(), refusalsValue, refusalsNote);
        tile(figures.revocations(), revocationsValue, revocationsNote);
        refusalsTile.pseudoClassStateChanged(
                javafx.css.PseudoClass.getPseudoClass("alert"),
                !List.of("0", "–").contains(figures.refusals().value()));
        shareBar(figures.hitShares());
    }

    private void showScore(Optional<ChecklistView> read) {
        Tile told = overview.score(read);
        tile(told, checklistValue, checklistNote);
        name(checklistTile, "checklist", told);
        checklistTile.pseudoClassStateChanged(
                javafx.css.PseudoClass.getPseudoClass("alert"),
                read.filter(known -> known.verdict().equals("fail")).isPresent());
    }

    private void name(VBox tile, String key, Tile told) {
        tile.setAccessibleText(
                words.get(
                        "overview.tile.name",
                        words.oneOf("overview.tileTitle", key),
                        told.value(),
                        told.note(),
                        words.oneOf("overview.tileLeads", key)));
    }

    private static void tile(Tile tile, Label value, Label note) {
        value.setText(tile.value());
        note.setText(tile.note());
    }

    private void shareBar(Map<String, Double> shares) {
        hitsBar.getChildren().clear();
        for (String source : SOURCES) {
            double share = shares.getOrDefault(source, 0.0);
            if (share > 0) {
                Region part = new Region();
                part.getStyleClass().addAll("share", "share-" + source);
                part.setPrefWidth(Math.max(3, share * 400));
                part.setMinWidth(3);
                HBox.setHgrow(part, Priority.SOMETIMES);
                hitsBar.getChildren().add(part);
            }
        }
    }

    private void showCharts() {
        if (!isShown) {
            return;
        }
        Charts charts = overview.charts();
        boolean traffic = charts.hasTraffic();
        throughputEmpty.setVisible(!traffic);
        throughputChart.setVisible(traffic);
        throughputLegend.setVisible(traffic);
        latencyEmpty.setVisible(!traffic);
        latencyChart.setVisible(traffic);
        latencyLegend.setVisible(traffic);
        reasons = charts.reasons();
        throughput(charts.throughput(), charts.hasUndecided());
        latency(charts.latency());
        refusals(charts.refusals());
    }

    private void throughput(Series series, boolean hasUndecided) {
        boolean redis = overview.hasRedis();
        List<Layer> layers = new ArrayList<>();
        for (String source : SOURCES) {
            if (redis || !source.equals("redis")) {
                layers.add(
                        new Layer(
                                words.oneOf("source", source),
                                series.perSecond(sample -> sample.from(source))));
            }
        }
        layers.add(
                new Layer(
                        words.get("overview.legend.notFound"), series.perSecond(Sample::notFound)));
        layers.add(
                new Layer(
                        words.get("overview.legend.turnedAway"),
                        series.perSecond(Sample::turnedAway)));
        if (hasUndecided) {
            layers.add(
                    new Layer(
                            words.get("overview.legend.undecided"),
                            series.perSecond(Sample::undecided)));
        }
        throughputChart.getStyleClass().setAll("time-chart", redis ? "tiers" : "two-tiers");
        throughputLegend.getStyleClass().setAll("legend", redis ? "tiers" : "two-tiers");
        throughputChart.show(new Frame(series.fromMillis(), series.stepMillis(), layers));
        legend(throughputLegend, layers.stream().map(Layer::name).toList(), this::pickedThroughput);
        throughputChart.setAccessibleText(
                words.get("overview.chart.throughputName", throughputValue.getText()));
    }

    private void latency(Series series) {
        latencyLegend.getStyleClass().setAll("legend", "band");
        latencyChart.show(
                new Frame(
                        series.fromMillis(),
                        series.stepMillis(),
                        List.of(
                                new Layer(
                                        words.get("overview.legend.p50"),
                                        series.meanOfValidations(Sample::p50Micros)),
                                new Layer(
                                        words.get("overview.legend.p99"),
                                        series.meanOfValidations(Sample::p99Micros))),
                        new Layer("", series.perSecond(Sample::validations))));
        latencyChart.setAccessibleText(
                words.get("overview.chart.latencyName", latencyValue.getText()));
    }

    private void refusals(Series series) {
        refusalsEmpty.setVisible(reasons.isEmpty());
        refusalsChart.setVisible(!reasons.isEmpty());
        List<Layer> layers = new ArrayList<>();
        int apart = Math.min(reasons.size(), MOST_REASONS);
        for (String reason : reasons.subList(0, apart)) {
            layers.add(
                    new Layer(
                            words.oneOf("refusal", reason),
                            series.counts(sample -> sample.refused(reason))));
        }
        if (apart < reasons.size()) {
            List<String> rest = reasons.subList(apart, reasons.size());
            layers.add(
                    new Layer(
                            words.get("overview.legend.others"),
                            series.counts(
                                    sample -> rest.stream().mapToLong(sample::refused).sum())));
        }
        if (layers.isEmpty()) {
            layers.add(new Layer("", series.counts(_ -> 0)));
        }
        refusalsLegend.getStyleClass().setAll("legend", "refusals");
        refusalsChart.show(new Frame(series.fromMillis(), series.stepMillis(), layers));
        legend(
                refusalsLegend,
                reasons.isEmpty() ? List.of() : layers.stream().map(Layer::name).toList(),
                this::pickedRefusals);
        String bar = formats.span(Duration.ofMillis(series.stepMillis()));
        refusalsTitle.setText(words.get("overview.chart.refusals", bar));
        refusalsChart.setAccessibleText(
                words.get("overview.chart.refusalsName", bar, refusalsValue.getText()));
    }

    /** Each name leads where its layer does, for those who do not point. */
    private static void legend(FlowPane legend, List<String> names, IntConsumer picked) {
        List<String> shown =
                legend.getChildren().stream().map(node -> ((Button) node).getText()).toList();
        if (shown.equals(names)) {
            return;
        }
        legend.getChildren().clear();
        for (int i = 0; i < names.size(); i++) {
            int layer = i;
            Region chip = new Region();
            chip.getStyleClass().addAll("chip", "chip-" + (i + 1));
            Button name = new Button(names.get(i), chip);
            name.getStyleClass().add("legend-item");
            name.setMinWidth(Region.USE_PREF_SIZE);
            name.setOnAction(_ -> picked.accept(layer));
            legend.getChildren().add(name);
        }
    }

    private void feed() {
        FeedLines lines = overview.feed();
        feed.setItems(lines.lines());
        feed.setCellFactory(_ -> new FeedCell(overview, words, formats, model.secondsProperty()));
        feed.setOnKeyPressed(event -> {
            Happening selected = feed.getSelectionModel().getSelectedItem();
            if (selected == null) {
                return;
            }
            if (event.getCode() == KeyCode.ENTER) {
                overview.follow(selected);
            } else if (event.getCode() == KeyCode.R && lines.isAlert(selected)) {
                lines.markRead(selected);
            }
        });
        topic(feedAll, Topic.ALL);
        topic(feedAlerts, Topic.ALERTS);
        topic(feedRefused, Topic.REFUSED);
        topic(feedRevoked, Topic.REVOKED);
        topics.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                });
        feedReason.managedProperty().bind(feedReason.visibleProperty());
        feedReason.setOnAction(_ -> overview.showRefused(Set.of()));
        lines.choiceProperty().subscribe(this::showChoice);
        lines.lines().subscribe(this::showFeedCount);
        showFeedCount();
    }

    private void topic(ToggleButton button, Topic topic) {
        button.setUserData(topic);
        button.setOnAction(_ -> overview.feed().choiceProperty().set(new Choice(topic, Set.of())));
    }

    private void showChoice(Choice choice) {
        topics.getButtons().stream()
                .filter(button -> button.getUserData() == choice.topic())
                .forEach(button -> button.setSelected(true));
        String only =
                choice.reasons().equals(Sample.TURNED_AWAY)
                        ? words.get("overview.legend.turnedAway")
                        : choice.reasons().stream()
                                .map(reason -> words.oneOf("refusal", reason))
                                .sorted()
                                .collect(Collectors.joining(", "));
        feedReason.setVisible(!only.isEmpty());
        feedReason.setText(only);
        feedReason.setAccessibleText(words.get("overview.feed.anyReason", only));
    }

    private void showFeedCount() {
        FeedLines lines = overview.feed();
        boolean none = lines.lines().isEmpty();
        feedEmpty.setVisible(none);
        feedEmptyText.setText(
                words.get(
                        lines.choiceProperty().get().equals(Choice.ALL)
                                ? "overview.feed.empty"
                                : "overview.feed.noneOfThese"));
        feed.setVisible(!none);
        feedCount.setText(none ? "" : words.count("overview.feed.count", lines.lines().size()));
        int alerts = lines.alerts();
        feedAlerts.setText(
                alerts == 0
                        ? words.get("overview.topic.alerts")
                        : words.get("overview.topic.alertsCount", formats.number(alerts)));
    }

    /** Puts tiles and panels side by side where there is room, else below each other. */
    private void arrange() {
        double width = Em.in(root, root.getWidth());
        int perRow = width >= WIDE ? 7 : width >= MEDIUM ? 4 : width >= NARROW ? 3 : 2;
        List<Node> shown = List.copyOf(tiles.getChildren());
        tiles.getColumnConstraints().clear();
        for (int i = 0; i < perRow; i++) {
            ColumnConstraints column = new ColumnConstraints();
            column.setPercentWidth(100.0 / perRow);
            tiles.getColumnConstraints().add(column);
        }
        for (int i = 0; i < shown.size(); i++) {
            GridPane.setConstraints(shown.get(i), i % perRow, i / perRow);
        }
        if (width >= WIDE) {
            columns(36, 36, 28);
            place(throughputCard, 0, 0, 2, 1);
            place(latencyCard, 0, 1, 1, 1);
            place(refusalsCard, 1, 1, 1, 1);
            place(feedCard, 2, 0, 1, 2);
            rows(2);
        } else if (width < MEDIUM) {
            columns(100);
            place(throughputCard, 0, 0, 1, 1);
            place(latencyCard, 0, 1, 1, 1);
            place(refusalsCard, 0, 2, 1, 1);
            place(feedCard, 0, 3, 1, 1);
            rows(4);
        } else {
            columns(50, 50);
            place(throughputCard, 0, 0, 2, 1);
            place(latencyCard, 0, 1, 1, 1);
            place(refusalsCard, 1, 1, 1, 1);
            place(feedCard, 0, 2, 2, 1);
            rows(3);
        }
    }

    private void columns(double... percents) {
        panels.getColumnConstraints().clear();
        for (double percent : percents) {
            ColumnConstraints column = new ColumnConstraints();
            column.setPercentWidth(percent);
            panels.getColumnConstraints().add(column);
        }
    }

    private static void place(Node node, int column, int row, int columns, int rows) {
        GridPane.setConstraints(node, column, row, columns, rows);
    }

    private void rows(int count) {
        while (panels.getRowConstraints().size() > count) {
            panels.getRowConstraints().removeLast();
        }
        while (panels.getRowConstraints().size() < count) {
            RowConstraints row = new RowConstraints();
            row.setVgrow(Priority.ALWAYS);
            panels.getRowConstraints().add(row);
        }
        for (int i = 0; i < count; i++) {
            double least = i == 0 ? LEAST_FIRST : LEAST_FURTHER;
            panels.getRowConstraints().get(i).setMinHeight(Math.rint(least * Em.of(root)));
        }
    }
}
