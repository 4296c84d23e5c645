package drawbridge.console.screen.checklist;

import drawbridge.console.ui.Em;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ChecklistItem;

import javafx.geometry.VPos;
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
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One practice: its verdict, what was found, how old that is, and where it is mended. */
final class PracticeRow extends GridPane {
    /** So many lines of what holds are enough; what does not is shown whole. */
    private static final int MOST_NOTES = 2;

    private static final double ROOM_FOR_ALL = 58; // em, as the columns
    private static final double STATE = 8.85;
    private static final double NAME = 15.77;
    private static final double AGE = 8.6;

    /** Where a piece of evidence leads; empty when nowhere. */
    interface Ways {
        Optional<Runnable> to(ChecklistEvidence evidence);
    }

    private final Words words;
    private final Formats formats;
    private final Ways ways;
    private final Label age = new Label();
    private final VBox named;
    private final List<Node> cells;
    private boolean isArrangedWide;
    private double arrangedEm;
    private ChecklistItem item;

    PracticeRow(ChecklistItem item, int number, Words words, Formats formats, Ways ways) {
        this.item = item;
        this.words = words;
        this.formats = formats;
        this.ways = ways;
        Mark mark = Mark.of(item.verdict());
        getStyleClass().addAll("practice-row", mark.style());
        setFocusTraversable(true);
        Label word = new Label(words.oneOf("checklist.verdict", mark.key()));
        word.getStyleClass().add("outcome-word");
        HBox state = new HBox(new FontIcon(mark.icon()), word);
        state.getStyleClass().add("outcome-line");
        Label title = wrapped(number + ". " + words.oneOf("checklist.practice", item.id()));
        title.getStyleClass().add("threat-name");
        Label about = wrapped(words.oneOf("checklist.about", item.id()));
        about.getStyleClass().addAll("muted", "small-text");
        VBox evidence = new VBox();
        evidence.getStyleClass().add("practice-evidence");
        int notes = 0;
        for (ChecklistEvidence each : item.evidence()) {
            Mark its = Mark.of(each.verdict());
            boolean isBad = its == Mark.WARN || its == Mark.FAIL;
            if (isBad || notes++ < MOST_NOTES) {
                evidence.getChildren().add(line(each, its, isBad));
            }
        }
        age.getStyleClass().addAll("muted", "small-text");
        age.setWrapText(true);
        age.setMinHeight(Region.USE_PREF_SIZE);
        named = new VBox(title, about);
        cells = List.of(state, named, evidence, age);
        widthProperty().subscribe(_ -> arrange());
        Em.follow(this, _ -> arrange());
        setAccessibleText(
                words.get(
                        "checklist.row.name",
                        words.oneOf("checklist.practice", item.id()),
                        word.getText(),
                        item.evidence().getFirst().what()));
    }

    /** With little room what was found stands below its practice. */
    private void arrange() {
        double em = Em.of(this);
        boolean isWide = getWidth() <= 0 || getWidth() >= ROOM_FOR_ALL * em;
        if (!getChildren().isEmpty() && isWide == isArrangedWide && em == arrangedEm) {
            return;
        }
        isArrangedWide = isWide;
        arrangedEm = em;
        getChildren().clear();
        if (isWide) {
            getColumnConstraints()
                    .setAll(fixed(STATE * em), fixed(NAME * em), rest(), fixed(AGE * em));
            addRow(0, cells.toArray(Node[]::new));
        } else {
            getColumnConstraints().setAll(fixed(STATE * em), rest());
            addRow(0, cells.getFirst(), named);
            add(cells.get(2), 1, 1);
            add(age, 1, 2);
        }
        cells.forEach(cell -> setValignment(cell, VPos.TOP));
    }

    /** The same in every row, so that the columns stand below each other. */
    private static ColumnConstraints fixed(double width) {
        double whole = Math.rint(width);
        return new ColumnConstraints(whole, whole, whole);
    }

    private static ColumnConstraints rest() {
        ColumnConstraints column = new ColumnConstraints();
        column.setHgrow(Priority.ALWAYS);
        column.setMinWidth(0);
        return column;
    }

    private HBox line(ChecklistEvidence evidence, Mark mark, boolean isBad) {
        Label what = wrapped(evidence.what());
        what.getStyleClass().add(isBad ? "practice-against" : "practice-for");
        HBox.setHgrow(what, Priority.ALWAYS);
        HBox line = new HBox(new FontIcon(mark.icon()), what);
        line.getStyleClass().addAll("practice-line", mark.style());
        if (isBad) {
            ways.to(evidence).ifPresent(go -> line.getChildren().add(mend(evidence, go)));
        }
        return line;
    }

    private Button mend(ChecklistEvidence evidence, Runnable go) {
        Button button =
                new Button(
                        words.oneOf("checklist.mend", evidence.mend()),
                        new FontIcon("fth-arrow-right"));
        button.setContentDisplay(ContentDisplay.RIGHT);
        button.getStyleClass().add("link-button");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> go.run());
        return button;
    }

    private static Label wrapped(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.setMaxWidth(Double.MAX_VALUE);
        return label;
    }

    /** Tells how old it is now. */
    void tell(ChecklistItem now, Instant at) {
        item = now;
        Instant tried = item.triedAt();
        String judged = words.get("checklist.judged", formats.justAgo(item.judgedAt(), at));
        age.setText(
                tried == null
                        ? judged
                        : judged
                                + "\n"
                                + words.get("checklist.triedAgo", formats.roughlyAgo(tried, at)));
        if (age.getTooltip() == null) {
            age.setTooltip(new Tooltip());
        }
        age.getTooltip().setText(formats.exact(item.judgedAt(), at));
    }
}
