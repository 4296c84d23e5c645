package drawbridge.console.screen.threats;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillFigure;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillStep;
import drawbridge.model.view.ThreatReason;
import drawbridge.model.view.ThreatRow;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One threat in full: what stands against it, why it does not hold, and each step of its drill. */
final class DrillDrawer {
    private final ConsoleModel model;
    private final ThreatsViewModel threats;
    private final Mending mending;
    private final Words words;
    private final Formats formats;

    @FXML private Region root;
    @FXML private Label title;
    @FXML private Label naive;
    @FXML private Label ours;
    @FXML private Button run;
    @FXML private Button close;
    @FXML private HBox stateBox;
    @FXML private FontIcon stateIcon;
    @FXML private Label stateText;
    @FXML private VBox reasons;
    @FXML private Label drillTitle;
    @FXML private Label drillNote;
    @FXML private Label says;
    @FXML private Label before;
    @FXML private GridPane figures;
    @FXML private VBox steps;
    @FXML private Label none;

    private List<ThreatReason> shownReasons = List.of();
    private String shown = "";
    private Optional<Instant> shownSince = Optional.empty();

    DrillDrawer(
            ConsoleModel model,
            ThreatsViewModel threats,
            Mending mending,
            Words words,
            Formats formats) {
        this.model = model;
        this.threats = threats;
        this.mending = mending;
        this.words = words;
        this.formats = formats;
    }

    @FXML
    void initialize() {
        close.setOnAction(_ -> threats.open(threats.openedProperty().get()));
        run.setOnAction(_ -> threats.run(threats.openedProperty().get()));
        for (Node optional : List.of(says, before, figures, none)) {
            optional.managedProperty().bind(optional.visibleProperty());
        }
    }

    Region root() {
        return root;
    }

    Button closeButton() {
        return close;
    }

    /** Says how things stand now. */
    void show() {
        String threat = threats.openedProperty().get();
        if (threat.isEmpty()) {
            shown = "";
            return;
        }
        Instant now = model.nowProperty().get();
        title.setText(words.oneOf("threat.name", threat));
        naive.setText(words.oneOf("threat.naive", threat));
        ours.setText(words.oneOf("threat.ours", threat));
        run.setDisable(!threats.canRun());
        Optional<ThreatRow> row = threats.row(threat);
        Outcome outcome = Outcome.of(row.map(ThreatRow::state).orElse(null));
        stateIcon.setIconLiteral(outcome.icon());
        stateText.setText(words.oneOf("threats.stateSentence", outcome.key()));
        stateBox.getStyleClass().setAll("drill-state", "outcome-" + outcome.key());
        showReasons(threat, row.map(ThreatRow::reasons).orElse(List.of()));
        Optional<DrillResult> result = threats.result(threat);
        boolean isOther =
                !threat.equals(shown)
                        || !result.flatMap(found -> Optional.ofNullable(found.startedAt()))
                                .equals(shownSince);
        shown = threat;
        shownSince = result.flatMap(found -> Optional.ofNullable(found.startedAt()));
        if (isOther) {
            steps.getChildren().clear();
        }
        none.setVisible(result.isEmpty());
        none.setText(
                words.get(
                        row.map(ThreatRow::lastDrill).isPresent()
                                ? "threats.steps.reading"
                                : "threats.steps.never"));
        show(result, now);
    }

    private void showReasons(String threat, List<ThreatReason> wanted) {
        if (threat.equals(shown) && wanted.equals(shownReasons)) {
            return;
        }
        shownReasons = wanted;
        List<Node> lines = new ArrayList<>();
        for (ThreatReason reason : wanted) {
            Outcome outcome = Outcome.of(reason.state());
            Label what = new Label(Sentence.of(reason.what()));
            what.setWrapText(true);
            what.setMinHeight(Region.USE_PREF_SIZE);
            VBox text = new VBox(what);
            mending.button(reason).ifPresent(text.getChildren()::add);
            HBox.setHgrow(text, Priority.ALWAYS);
            HBox line = new HBox(new FontIcon(outcome.icon()), text);
            line.getStyleClass().addAll("outcome-line", "outcome-" + outcome.key());
            lines.add(line);
        }
        reasons.getChildren().setAll(lines);
    }

    private void show(Optional<DrillResult> found, Instant now) {
        String text = found.map(DrillResult::says).orElse("");
        says.setText(Sentence.of(text));
        says.setVisible(!text.isEmpty());
        drillNote.setText(found.map(result -> note(result, now)).orElse(""));
        drillTitle.setText(
                words.get(
                        found.filter(result -> result.state().equals("running")).isPresent()
                                ? "threats.drill.now"
                                : "threats.drill.last"));
        Optional<DrillMark> earlier = found.flatMap(result -> Optional.ofNullable(result.before()));
        before.setVisible(earlier.isPresent());
        earlier.ifPresent(mark ->
                before.setText(
                        words.get(
                                "threats.drill.before",
                                words.oneOf("threats.drilled", Outcome.of(mark.outcome()).key()),
                                formats.ago(mark.at(), now))));
        List<DrillFigure> measured = found.map(DrillResult::figures).orElse(List.of());
        figures.setVisible(!measured.isEmpty());
        figures.getChildren().clear();
        for (int i = 0; i < measured.size(); i++) {
            Label name = new Label(measured.get(i).name());
            name.getStyleClass().add("fact-name");
            name.setWrapText(true);
            Label value = new Label(measured.get(i).value());
            value.getStyleClass().addAll("fact-value", "mono");
            value.setWrapText(true);
            value.setMinHeight(Region.USE_PREF_SIZE);
            GridPane.setHgrow(value, Priority.ALWAYS);
            figures.addRow(i, name, value);
        }
        List<DrillStep> taken = found.map(DrillResult::steps).orElse(List.of());
        for (int i = steps.getChildren().size(); i < taken.size(); i++) {
            steps.getChildren().add(new StepView(taken.get(i), words, formats));
        }
    }

    private String note(DrillResult result, Instant now) {
        String count = words.count("threats.steps", result.steps().size());
        Instant end = result.endedAt();
        return end == null ? count : words.get("threats.drill.note", count, formats.ago(end, now));
    }

    /** Opens the first step that did not hold, or else the first. */
    void openAStep() {
        List<StepView> views = steps.getChildren().stream().map(StepView.class::cast).toList();
        views.stream()
                .filter(view -> Outcome.of(view.step().verdict()) != Outcome.HOLDS)
                .filter(view -> !view.step().verdict().equals("done"))
                .findFirst()
                .or(() -> views.stream().findFirst())
                .ifPresent(view -> view.open(true));
    }
}
