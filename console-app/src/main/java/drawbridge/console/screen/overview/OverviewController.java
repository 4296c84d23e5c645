package drawbridge.console.screen.overview;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Happening;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.overview.OverviewViewModel.Figures;
import drawbridge.console.screen.overview.OverviewViewModel.Range;
import drawbridge.console.screen.overview.OverviewViewModel.Tile;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.TimeChart;
import drawbridge.console.ui.controls.TimeChart.Frame;
import drawbridge.console.ui.controls.TimeChart.Layer;
import drawbridge.model.view.MetricsTick;

import javafx.fxml.FXML;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Binds the overview to its view model. */
public final class OverviewController implements ScreenController {
    private static final List<String> SOURCES = List.of("memory", "redis", "database");
    private static final int MOST_REASONS = 5;
    private static final double WIDE = 1_080;

    private final ConsoleModel model;
    private final OverviewViewModel overview;
    private final Words words;
    private final Formats formats;

    @FXML private ScrollPane root;
    @FXML private VBox body;
    @FXML private GridPane tiles;
    @FXML private VBox sessionsTile;
    @FXML private Label sessionsValue;
    @FXML private Label sessionsNote;
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
    @FXML private HBox throughputLegend;
    @FXML private SegmentedButton ranges;
    @FXML private ToggleButton five;
    @FXML private ToggleButton quarter;
    @FXML private ToggleButton hour;
    @FXML private TimeChart throughputChart;
    @FXML private VBox throughputEmpty;
    @FXML private VBox latencyCard;
    @FXML private HBox latencyLegend;
    @FXML private TimeChart latencyChart;
    @FXML private VBox latencyEmpty;
    @FXML private VBox refusalsCard;
    @FXML private HBox refusalsLegend;
    @FXML private TimeChart refusalsChart;
    @FXML private VBox refusalsEmpty;
    @FXML private VBox feedCard;
    @FXML private Label feedCount;
    @FXML private ListView<Happening> feed;
    @FXML private VBox feedEmpty;

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    public OverviewController(
            ConsoleModel model, OverviewViewModel overview, Words words, Formats formats) {
        this.model = model;
        this.overview = overview;
        this.words = words;
        this.formats = formats;
    }

    @FXML
    void initialize() {
        charts();
        range(five, Range.FIVE_MINUTES);
        range(quarter, Range.QUARTER);
        range(hour, Range.HOUR);
        ranges.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                });
        overview.figuresProperty().subscribe(this::show);
        overview.rangeProperty().subscribe(_ -> showCharts());
        sessionsTile.setFocusTraversable(true);
        sessionsTile.setAccessibleRole(AccessibleRole.BUTTON);
        sessionsTile.setOnMouseClicked(_ -> overview.showSessions());
        sessionsTile.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
                overview.showSessions();
            }
        });
        feed();
        root.widthProperty().subscribe(_ -> arrange());
        root.heightProperty().subscribe(_ -> body.setMinHeight(Math.max(0, root.getHeight() - 2)));
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
        refusalsChart.setValueTexts(
                formats::rate, value -> words.get("unit.perMinute", formats.rate(value)));
        for (TimeChart chart : List.of(throughputChart, latencyChart, refusalsChart)) {
            chart.setTimeTexts(
                    at -> formats.minute(Instant.ofEpochMilli(at)),
                    at -> formats.time(Instant.ofEpochMilli(at)));
        }
        legend(
                latencyLegend,
                List.of(words.get("overview.legend.p50"), words.get("overview.legend.p99")));
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
        sessionsTile.setAccessibleText(
                words.get("overview.sessions.name", figures.sessions().value()));
        tile(figures.throughput(), throughputValue, throughputNote);
        tile(figures.hits(), hitsValue, hitsNote);
        tile(figures.latency(), latencyValue, latencyNote);
        tile(figures.refusals(), refusalsValue, refusalsNote);
        tile(figures.revocations(), revocationsValue, revocationsNote);
        refusalsTile.pseudoClassStateChanged(
                javafx.css.PseudoClass.getPseudoClass("alert"),
                !List.of("0", "–").contains(figures.refusals().value()));
        shareBar(figures.hitShares());
        showCharts();
    }

    private static void tile(Tile tile, Label value, Label note) {
        value.setText(tile.value());
        note.setText(tile.note());
        if (note.getTooltip() == null) {
            note.setTooltip(new Tooltip());
        }
        note.getTooltip().setText(tile.note());
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
        Range range = overview.rangeProperty().get();
        boolean traffic = overview.hasTraffic();
        throughputEmpty.setVisible(!traffic);
        throughputChart.setVisible(traffic);
        throughputLegend.setVisible(traffic);
        latencyEmpty.setVisible(!traffic);
        latencyChart.setVisible(traffic);
        latencyLegend.setVisible(traffic);
        throughput(overview.series(range.step()));
        latency(overview.series(range.coarseStep()));
        refusals(overview.series(range.barStep()));
    }

    private void throughput(Series series) {
        boolean redis =
                model.snapshotProperty().get().map(found -> found.server().redis()).orElse(false);
        List<Layer> layers = new ArrayList<>();
        for (String source : SOURCES) {
            if (redis || !source.equals("redis")) {
                layers.add(
                        new Layer(
                                words.oneOf("source", source),
                                series.mean(tick -> tick.bySource().getOrDefault(source, 0L))));
            }
        }
        layers.add(
                new Layer(
                        words.get("overview.legend.notFound"),
                        series.mean(
                                tick -> Math.max(0, tick.validations() - sum(tick.bySource())))));
        throughputChart.getStyleClass().setAll("time-chart", redis ? "tiers" : "two-tiers");
        throughputLegend.getStyleClass().setAll("legend", redis ? "tiers" : "two-tiers");
        throughputChart.show(new Frame(series.fromMillis(), series.stepMillis(), layers));
        legend(throughputLegend, layers.stream().map(Layer::name).toList());
        throughputChart.setAccessibleText(
                words.get("overview.chart.throughputName", throughputValue.getText()));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
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
                                        series.meanOfValidations(MetricsTick::p50Micros)),
                                new Layer(
                                        words.get("overview.legend.p99"),
                                        series.meanOfValidations(MetricsTick::p99Micros)))));
        latencyChart.setAccessibleText(
                words.get("overview.chart.latencyName", latencyValue.getText()));
    }

    private void refusals(Series series) {
        List<String> reasons = overview.reasons();
        refusalsEmpty.setVisible(reasons.isEmpty());
        refusalsChart.setVisible(!reasons.isEmpty());
        List<Layer> layers = new ArrayList<>();
        int apart = Math.min(reasons.size(), MOST_REASONS);
        for (String reason : reasons.subList(0, apart)) {
            layers.add(
                    new Layer(
                            words.oneOf("refusal", reason),
                            series.mean(tick -> 60.0 * tick.refused().getOrDefault(reason, 0L))));
        }
        if (apart < reasons.size()) {
            List<String> rest = reasons.subList(apart, reasons.size());
            layers.add(
                    new Layer(
                            words.get("overview.legend.others"),
                            series.mean(tick ->
                                    60.0
                                            * rest.stream()
                                                    .mapToLong(reason ->
                                                            tick.refused().getOrDefault(reason, 0L))
                                                    .sum())));
        }
        if (layers.isEmpty()) {
            layers.add(new Layer("", series.mean(_ -> 0)));
        }
        refusalsLegend.getStyleClass().setAll("legend", "refusals");
        refusalsChart.show(new Frame(series.fromMillis(), series.stepMillis(), layers));
        legend(
                refusalsLegend,
                reasons.isEmpty() ? List.of() : layers.stream().map(Layer::name).toList());
        refusalsChart.setAccessibleText(
                words.get("overview.chart.refusalsName", refusalsValue.getText()));
    }

    private static void legend(HBox legend, List<String> names) {
        List<String> shown =
                legend.getChildren().stream().map(node -> ((Label) node).getText()).toList();
        if (shown.equals(names)) {
            return;
        }
        legend.getChildren().clear();
        for (int i = 0; i < names.size(); i++) {
            Region chip = new Region();
            chip.getStyleClass().addAll("chip", "chip-" + (i + 1));
            Label name = new Label(names.get(i), chip);
            name.setMinWidth(0);
            legend.getChildren().add(name);
        }
    }

    private void feed() {
        feed.setItems(overview.happenings());
        feed.setCellFactory(_ -> new FeedCell(overview, words, formats, model.secondsProperty()));
        feed.setOnKeyPressed(event -> {
            Happening selected = feed.getSelectionModel().getSelectedItem();
            if (event.getCode() == KeyCode.ENTER && selected != null) {
                overview.follow(selected);
            }
        });
        overview.happenings().subscribe(this::showFeedCount);
        showFeedCount();
    }

    private void showFeedCount() {
        boolean none = overview.happenings().isEmpty();
        feedEmpty.setVisible(none);
        feed.setVisible(!none);
        feedCount.setText(
                none ? "" : words.count("overview.feed.count", overview.happenings().size()));
    }

    /** Puts tiles and panels side by side where there is room, else below each other. */
    private void arrange() {
        double width = root.getWidth();
        int perRow = width >= WIDE ? 6 : 3;
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
            row.setMinHeight(190);
            panels.getRowConstraints().add(row);
        }
    }
}
