package drawbridge.console.screen.threats;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.ThreatReason;
import drawbridge.model.view.ThreatRow;

import javafx.css.PseudoClass;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One row of the matrix. Stays where it is and changes its words, so that the focus stays too. */
final class ThreatRowView extends GridPane {
    /** How much room there is. */
    enum Room {
        /** Every column. */
        WIDE(13, 12, 17, 25, 7, 8, 9, 9),
        /** Every column, buttons without words. */
        TIGHT(14, 13, 16, 25, 9, 8, 10, 5),
        /** Beside the steps: threat, state, last drill. */
        BESIDE(32, 0, 0, 42, 0, 0, 26, 0);

        private final int[] percents;

        Room(int... percents) {
            this.percents = percents;
        }

        int columns() {
            return percents.length;
        }

        int percent(int column) {
            return percents[column];
        }
    }

    private static final PseudoClass OPENED = PseudoClass.getPseudoClass("opened");
    private static final int MOST_REASONS = 2;

    private final String threat;
    private final ThreatsViewModel threats;
    private final Mending mending;
    private final Words words;
    private final Formats formats;
    private final Label stateWord = new Label();
    private final FontIcon stateIcon = new FontIcon(Outcome.UNKNOWN.icon());
    private final VBox reasons = new VBox();
    private final Label blocked = new Label();
    private final Label lastSeen = new Label();
    private final FontIcon drillIcon = new FontIcon(Outcome.UNKNOWN.icon());
    private final Label drillWord = new Label();
    private final Label drillWhen = new Label();
    private final HBox drillLine = new HBox(drillIcon, drillWord);
    private final Button run = new Button();
    private final List<Node> cells;
    private List<ThreatReason> shownReasons = List.of();
    private boolean isShowingReasons;

    ThreatRowView(
            String threat,
            ThreatsViewModel threats,
            Mending mending,
            Words words,
            Formats formats) {
        this.threat = threat;
        this.threats = threats;
        this.mending = mending;
        this.words = words;
        this.formats = formats;
        getStyleClass().add("threat-row");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.BUTTON);
        Label name = wrapped(words.oneOf("threat.name", threat), "threat-name");
        Label naive = wrapped(words.oneOf("threat.naive", threat), "muted");
        Label ours = wrapped(words.oneOf("threat.ours", threat), "threat-ours");
        stateWord.getStyleClass().add("outcome-word");
        HBox stateLine = new HBox(stateIcon, stateWord);
        stateLine.getStyleClass().add("outcome-line");
        VBox state = new VBox(stateLine, reasons);
        reasons.getStyleClass().add("threat-reasons");
        blocked.getStyleClass().add("figure");
        lastSeen.setWrapText(true);
        lastSeen.setTooltip(new Tooltip());
        drillLine.getStyleClass().add("outcome-line");
        drillWord.getStyleClass().add("outcome-word");
        drillWord.setWrapText(true);
        drillWhen.getStyleClass().addAll("muted", "small-text");
        drillWhen.setWrapText(true);
        drillWhen.setTooltip(new Tooltip());
        VBox drill = new VBox(drillLine, drillWhen);
        run.setGraphic(new FontIcon("fth-play"));
        run.setText(words.get("threats.run.one"));
        run.getStyleClass().add("small");
        run.setMinWidth(Region.USE_PREF_SIZE);
        run.setId("run-" + threat);
        run.setAccessibleText(words.get("threats.run.name", words.oneOf("threat.name", threat)));
        run.setTooltip(new Tooltip(run.getAccessibleText()));
        run.setOnAction(_ -> threats.run(threat));
        cells = List.of(name, naive, ours, state, blocked, lastSeen, drill, run);
        setId("threat-" + threat);
    }

    private static Label wrapped(String text, String styleClass) {
        Label label = new Label(text);
        label.getStyleClass().add(styleClass);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    String threat() {
        return threat;
    }

    /** Lays the columns out; those without room are left away. */
    void arrange(Room room) {
        arrange(this, cells, room);
        run.setContentDisplay(
                room == Room.WIDE ? ContentDisplay.LEFT : ContentDisplay.GRAPHIC_ONLY);
    }

    static void arrange(GridPane grid, List<? extends Node> cells, Room room) {
        grid.getChildren().clear();
        grid.getColumnConstraints().clear();
        RowConstraints top = new RowConstraints();
        top.setValignment(VPos.TOP);
        grid.getRowConstraints().setAll(top);
        int column = 0;
        for (int i = 0; i < room.columns(); i++) {
            if (room.percent(i) > 0) {
                ColumnConstraints constraints = new ColumnConstraints();
                constraints.setPercentWidth(room.percent(i));
                constraints.setHgrow(Priority.SOMETIMES);
                grid.getColumnConstraints().add(constraints);
                grid.add(cells.get(i), column, 0);
                column++;
            }
        }
    }

    /** Says how things stand now. */
    void show(Instant now) {
        Optional<ThreatRow> found = threats.row(threat);
        Outcome outcome = found.map(row -> Outcome.of(row.state())).orElse(Outcome.UNKNOWN);
        stateIcon.setIconLiteral(outcome.icon());
        stateWord.setText(words.oneOf("threats.state", outcome.key()));
        look(stateIcon.getParent(), "outcome-line", outcome);
        show(found.map(ThreatRow::reasons).orElse(List.of()));
        blocked.setText(found.map(row -> formats.number(row.blocked24h())).orElse("–"));
        lastSeen.setText(
                found.map(ThreatRow::lastSeenAt)
                        .map(at -> formats.ago(at, now))
                        .orElse(words.get("threats.notSeen")));
        lastSeen.getTooltip()
                .setText(
                        found.map(ThreatRow::lastSeenAt)
                                .map(at -> formats.exact(at, now))
                                .orElse(words.get("threats.notSeenAbout")));
        drill(threats.lastDrill(threat), now);
        run.setDisable(!threats.canRun());
        pseudoClassStateChanged(OPENED, threats.openedProperty().get().equals(threat));
        setAccessibleText(
                words.get(
                        "threats.row.name",
                        words.oneOf("threat.name", threat),
                        stateWord.getText(),
                        drillWord.getText()));
    }

    private static void look(Node node, String base, Outcome outcome) {
        node.getStyleClass().setAll(base, "outcome-" + outcome.key());
    }

    private void drill(Optional<DrillMark> last, Instant now) {
        if (threats.isPlaying(threat)) {
            int steps = threats.progressProperty().get().map(p -> p.steps()).orElse(0);
            drillIcon.setIconLiteral("fth-play-circle");
            drillWord.setText(words.get("threats.playing"));
            drillWhen.setText(words.count("threats.steps", steps));
            drillLine.getStyleClass().setAll("outcome-line", "outcome-playing");
            return;
        }
        Outcome outcome = Outcome.of(last.map(DrillMark::outcome).orElse(null));
        drillIcon.setIconLiteral(last.isEmpty() ? "fth-minus" : outcome.icon());
        drillWord.setText(
                last.isEmpty()
                        ? words.get("threats.never")
                        : words.oneOf("threats.drilled", outcome.key()));
        drillWhen.setText(last.map(mark -> formats.ago(mark.at(), now)).orElse(""));
        drillWhen.getTooltip().setText(last.map(mark -> formats.exact(mark.at(), now)).orElse(""));
        look(drillLine, "outcome-line", outcome);
    }

    private void show(List<ThreatReason> wanted) {
        if (isShowingReasons && wanted.equals(shownReasons)) {
            return;
        }
        isShowingReasons = true;
        shownReasons = wanted;
        List<Node> lines = new ArrayList<>();
        wanted.stream()
                .limit(MOST_REASONS)
                .forEach(reason -> {
                    lines.add(wrapped(Sentence.of(reason.what()), "threat-reason"));
                    mending.button(reason).ifPresent(lines::add);
                });
        if (wanted.size() > MOST_REASONS) {
            lines.add(
                    wrapped(
                            words.count("threats.moreReasons", wanted.size() - MOST_REASONS),
                            "muted"));
        }
        reasons.getChildren().setAll(lines);
    }
}
