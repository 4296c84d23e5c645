package drawbridge.console.screen.threats;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.TenantChoice;
import drawbridge.console.screen.threats.ThreatRowView.Room;
import drawbridge.console.screen.threats.ThreatsViewModel.Notice;
import drawbridge.console.screen.threats.ThreatsViewModel.Progress;
import drawbridge.console.ui.Em;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillRunRow;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.ThreatMatrix;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Binds the threat matrix to its view model. */
public final class ThreatsController implements ScreenController {
    private static final double WIDE = 83; // em
    private static final double MEDIUM = 62;
    private static final double LEAST_DRAWER = 30.8;
    private static final double DRAWER_SHARE = 0.5;
    private static final List<String> COLUMNS =
            List.of("threat", "naive", "ours", "state", "blocked", "seen", "drill", "run");
    private static final DateTimeFormatter IN_FILE_NAMES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final ConsoleModel model;
    private final ThreatsViewModel threats;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;
    private final Ways ways;
    private final Mending mending;
    private final ReportFile files;
    private final DrillDrawer drawer;
    private final List<ThreatRowView> lines = new ArrayList<>();
    private final List<Label> heads = new ArrayList<>();
    private @Nullable Room room;

    @FXML private BorderPane root;
    @FXML private ComboBox<TenantName> tenants;
    @FXML private HBox counts;
    @FXML private Label lastRun;
    @FXML private Button saveReport;
    @FXML private Button runAll;
    @FXML private HBox progressBox;
    @FXML private ProgressBar progressBar;
    @FXML private Label progressText;
    @FXML private Button cancel;
    @FXML private HBox noticeBox;
    @FXML private FontIcon noticeIcon;
    @FXML private Label noticeText;
    @FXML private Button dismiss;
    @FXML private VBox table;
    @FXML private GridPane head;
    @FXML private Region headGap;
    @FXML private ScrollPane scroll;
    @FXML private VBox rows;
    @FXML private VBox empty;
    @FXML private Label emptyText;
    @FXML private Button retry;

    /** Where it leads to. */
    public record Ways(
            Navigation navigation, Predicate<Screen> isThere, Consumer<String> showSetting) {}

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public ThreatsController(
            ConsoleModel model,
            ThreatsViewModel threats,
            Ways ways,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.threats = threats;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
        this.ways = ways;
        this.mending = new Mending(ways.navigation(), ways.isThere(), ways.showSetting(), words);
        this.files = new ReportFile(new ReportPage(words, formats));
        this.drawer = new DrillDrawer(model, threats, mending, words, formats);
    }

    @FXML
    void initialize() {
        views.load(drawer, "drill.fxml");
        for (Node optional : List.of(progressBox, noticeBox)) {
            optional.managedProperty().bind(optional.visibleProperty());
        }
        for (String column : COLUMNS) {
            Label label = new Label(words.oneOf("threats.column", column));
            label.getStyleClass().add("muted");
            label.setWrapText(true);
            label.setMinHeight(Region.USE_PREF_SIZE);
            heads.add(label);
        }
        // As wide as the rows, also beside a scroll bar.
        scroll.viewportBoundsProperty()
                .subscribe(bounds ->
                        headGap.setPrefWidth(Math.max(0, scroll.getWidth() - bounds.getWidth())));
        for (String threat : ThreatsViewModel.THREATS) {
            ThreatRowView line = new ThreatRowView(threat, threats, mending, words, formats);
            line.setOnMouseClicked(_ -> {
                line.requestFocus();
                threats.open(threat);
            });
            line.setOnKeyPressed(event -> pressed(line, event));
            lines.add(line);
            rows.getChildren().add(line);
        }
        TenantChoice.bind(tenants, threats.tenants(), threats.tenantProperty(), threats::choose);
        runAll.setOnAction(_ -> threats.runAll());
        cancel.setOnAction(_ -> threats.cancel());
        saveReport.setTooltip(new Tooltip(words.get("threats.save.title")));
        saveReport.setOnAction(_ -> askWhereToSave());
        dismiss.setOnAction(_ -> threats.dismiss());
        retry.setOnAction(_ -> threats.look());
        threats.openedProperty().subscribe(_ -> arrange());
        root.widthProperty().subscribe(_ -> arrange());
        Em.follow(root, _ -> arrange());
        threats.matrixProperty().subscribe(_ -> show());
        threats.problemProperty().subscribe(_ -> show());
        threats.progressProperty().subscribe(_ -> show());
        threats.noticeProperty().subscribe(_ -> show());
        threats.latestProperty().subscribe(_ -> show());
        threats.revisionProperty().subscribe(_ -> show());
        threats.askingProperty().subscribe(_ -> show());
        model.staleProperty().subscribe(_ -> show());
        model.readOnlyProperty().subscribe(_ -> show());
        model.secondsProperty().subscribe(_ -> show());
    }

    private void pressed(ThreatRowView line, KeyEvent event) {
        if (event.getTarget() != line) {
            return;
        }
        int at = lines.indexOf(line);
        switch (event.getCode()) {
            case UP -> lines.get(Math.max(0, at - 1)).requestFocus();
            case DOWN -> lines.get(Math.min(lines.size() - 1, at + 1)).requestFocus();
            case ENTER, SPACE -> threats.open(line.threat());
            case R -> threats.run(line.threat());
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void arrange() {
        boolean open = !threats.openedProperty().get().isEmpty();
        double width = Em.in(root, root.getWidth());
        drawer.root().setPrefWidth(Math.max(LEAST_DRAWER, width * DRAWER_SHARE) * Em.of(root));
        if (open && root.getRight() == null) {
            root.setRight(drawer.root());
        } else if (!open && root.getRight() != null) {
            root.setRight(null);
        }
        Room wanted = open || width < MEDIUM ? Room.BESIDE : width >= WIDE ? Room.WIDE : Room.TIGHT;
        if (wanted != room) {
            room = wanted;
            boolean wide = wanted == Room.WIDE;
            saveReport.setContentDisplay(wide ? ContentDisplay.LEFT : ContentDisplay.GRAPHIC_ONLY);
            for (Node less : List.of(counts, lastRun)) {
                less.setVisible(wanted != Room.BESIDE);
                less.setManaged(wanted != Room.BESIDE);
            }
            ThreatRowView.arrange(head, heads, wanted);
            lines.forEach(line -> line.arrange(wanted));
        }
        show();
    }

    private void show() {
        Instant now = model.nowProperty().get();
        Optional<ThreatMatrix> matrix = threats.matrixProperty().get();
        String problem = threats.problemProperty().get();
        boolean unread = matrix.isEmpty();
        table.setVisible(!unread);
        empty.setVisible(unread);
        emptyText.setText(
                problem.isEmpty()
                        ? words.get("threats.empty.waiting")
                        : words.get("threats.empty.why", problem));
        retry.setVisible(!problem.isEmpty());
        lines.forEach(line -> line.show(now));
        drawer.show();
        runAll.setDisable(!threats.canRun());
        Optional<DrillRunRow> latest = threats.latestProperty().get();
        saveReport.setDisable(latest.isEmpty() || model.staleProperty().get());
        lastRun.setText(
                latest.map(run -> lastRun(run, now))
                        .orElse(unread ? "" : words.get("threats.lastRun.never")));
        showCounts(matrix);
        showProgress();
        show(threats.noticeProperty().get());
    }

    private String lastRun(DrillRunRow run, Instant now) {
        Instant end = run.endedAt();
        return words.get(
                "threats.lastRun.at", formats.ago(end == null ? run.startedAt() : end, now));
    }

    private void showCounts(Optional<ThreatMatrix> matrix) {
        List<String> texts = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (Outcome outcome : List.of(Outcome.HOLDS, Outcome.WEAK, Outcome.OPEN)) {
            long count =
                    matrix.map(read ->
                                    read.rows().stream()
                                            .filter(row -> Outcome.of(row.state()) == outcome)
                                            .count())
                            .orElse(0L);
            if (count > 0) {
                outcomes.add(outcome);
                texts.add(
                        words.get(
                                "threats.count",
                                formats.number(count),
                                words.oneOf("threats.countOf", outcome.key())));
            }
        }
        List<String> shown =
                counts.getChildren().stream().map(node -> ((Label) node).getText()).toList();
        if (shown.equals(texts)) {
            return;
        }
        counts.getChildren().clear();
        for (int i = 0; i < texts.size(); i++) {
            Label label = new Label(texts.get(i), new FontIcon(outcomes.get(i).icon()));
            label.getStyleClass().addAll("outcome-count", "outcome-" + outcomes.get(i).key());
            label.setMinWidth(Label.USE_PREF_SIZE);
            counts.getChildren().add(label);
        }
    }

    private void showProgress() {
        Optional<Progress> progress = threats.progressProperty().get();
        progressBox.setVisible(progress.isPresent());
        boolean stale = model.staleProperty().get();
        cancel.setDisable(model.readOnlyProperty().get());
        progress.ifPresent(now -> {
            progressBar.setProgress(
                    stale
                            ? ProgressBar.INDETERMINATE_PROGRESS
                            : Math.max(0.03, (double) now.ended() / Math.max(1, now.drills())));
            progressText.setText(stale ? words.get("threats.progress.lost") : progressText(now));
        });
    }

    private String progressText(Progress now) {
        String which =
                words.get(
                        "threats.progress.which",
                        formats.number(Math.min(now.drills(), now.ended() + 1L)),
                        formats.number(now.drills()));
        String drill = now.drill();
        return drill == null
                ? words.get("threats.progress.between", which, now.tenant())
                : words.get(
                        "threats.progress.drill",
                        which,
                        words.oneOf("threat.name", drill),
                        words.count("threats.steps", now.steps()),
                        now.tenant());
    }

    private void show(Optional<Notice> notice) {
        boolean never =
                threats.matrixProperty().get().isPresent()
                        && threats.latestProperty().get().isEmpty()
                        && threats.progressProperty().get().isEmpty();
        boolean failing =
                threats.matrixProperty().get().isPresent()
                        && !threats.problemProperty().get().isEmpty();
        Notice shown =
                notice.orElseGet(() ->
                        failing
                                ? new Notice(
                                        Outcome.WEAK,
                                        words.get(
                                                "threats.empty.why",
                                                threats.problemProperty().get()))
                                : new Notice(Outcome.UNKNOWN, words.get("threats.first")));
        noticeBox.setVisible(notice.isPresent() || never || failing);
        dismiss.setVisible(notice.isPresent());
        noticeIcon.setIconLiteral(
                shown.outcome() == Outcome.UNKNOWN ? "fth-info" : shown.outcome().icon());
        noticeText.setText(shown.text());
        noticeBox.getStyleClass().setAll("drill-state", "outcome-" + shown.outcome().key());
    }

    private void askWhereToSave() {
        Optional<DrillRunRow> latest = threats.latestProperty().get();
        if (latest.isEmpty()) {
            return;
        }
        Path folder = Path.of(System.getProperty("user.home", "."));
        String name =
                "drawbridge-drills-%s-%s"
                        .formatted(
                                latest.get().tenant(),
                                IN_FILE_NAMES.format(latest.get().startedAt()));
        SaveDialog dialog =
                new SaveDialog(threats, files, folder.resolve(name), words, overlay::close);
        Node view = views.load(dialog, "save-report.fxml");
        overlay.show(view, dialog.field(), () -> {});
    }

    /** Opens a threat. */
    public void open(String threat) {
        if (!threats.openedProperty().get().equals(threat)) {
            threats.open(threat);
        }
    }

    /** Opens the step worth reading of the threat that is open. */
    public void openAStep() {
        drawer.openAStep();
    }

    @Override
    public void shown() {
        threats.shown();
    }

    @Override
    public void hidden() {
        threats.hidden();
    }

    @Override
    public void focusList() {
        lines.getFirst().requestFocus();
    }

    @Override
    public void refetch() {
        threats.look();
    }

    @Override
    public boolean closeDrawer() {
        String open = threats.openedProperty().get();
        if (open.isEmpty()) {
            return false;
        }
        threats.open(open);
        lines.stream().filter(line -> line.threat().equals(open)).forEach(Node::requestFocus);
        return true;
    }

    @Override
    public List<ScreenAction> actions() {
        return List.of(
                new ScreenAction(
                        "fth-play",
                        words.get("threats.action.runAll"),
                        () -> {
                            ways.navigation().show(Screen.THREATS);
                            threats.runAll();
                        }),
                new ScreenAction(
                        "fth-download", words.get("threats.action.save"), this::askWhereToSave));
    }
}
