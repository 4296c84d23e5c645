package drawbridge.console.screen.threats;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillStep;

import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

/** One step of a drill: a line that opens to its request and answer. */
final class StepView extends VBox {
    private static final int MOST_LINES = 14;

    private final DrillStep step;
    private final Words words;
    private final Formats formats;
    private boolean isOpen;
    private final FontIcon arrow = new FontIcon("fth-chevron-right");

    StepView(DrillStep step, Words words, Formats formats) {
        this.step = step;
        this.words = words;
        this.formats = formats;
        Outcome outcome = Outcome.of(step.verdict());
        getStyleClass().addAll("step", "outcome-" + outcome.key());
        Label number = new Label(formats.number(step.number()));
        number.getStyleClass().addAll("muted", "step-number");
        number.setMinWidth(Region.USE_PREF_SIZE);
        Label tries = new Label(Sentence.of(step.tries()));
        tries.setWrapText(true);
        tries.getStyleClass().add("step-tries");
        HBox.setHgrow(tries, Priority.ALWAYS);
        tries.setMaxWidth(Double.MAX_VALUE);
        boolean prepared = step.verdict().equals("done");
        Label verdict =
                new Label(
                        words.oneOf("threats.verdict", step.verdict()),
                        new FontIcon(prepared ? "fth-minus" : outcome.icon()));
        verdict.getStyleClass().add("step-verdict");
        verdict.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(arrow, number, tries, verdict);
        head.getStyleClass().add("step-head");
        head.setFocusTraversable(true);
        head.setAccessibleRole(AccessibleRole.BUTTON);
        head.setAccessibleText(
                words.get(
                        "threats.step.name",
                        formats.number(step.number()),
                        step.tries(),
                        words.oneOf("threats.verdict", step.verdict())));
        head.setOnMouseClicked(_ -> {
            head.requestFocus();
            open(!isOpen);
        });
        head.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
                open(!isOpen);
                event.consume();
            }
        });
        getChildren().add(head);
    }

    DrillStep step() {
        return step;
    }

    /** Opens or closes it. */
    void open(boolean wanted) {
        isOpen = wanted;
        arrow.setIconLiteral(wanted ? "fth-chevron-down" : "fth-chevron-right");
        while (getChildren().size() > 1) {
            getChildren().removeLast();
        }
        if (wanted) {
            getChildren().add(body());
        }
    }

    private VBox body() {
        VBox body = new VBox();
        body.getStyleClass().add("step-body");
        GridPane facts = new GridPane();
        facts.getStyleClass().add("facts");
        fact(facts, words.get("threats.step.must"), step.must());
        if (step.saw() != null) {
            fact(facts, words.get("threats.step.saw"), step.saw());
        }
        body.getChildren().add(facts);
        if (!step.request().isEmpty()) {
            text(body, words.get("threats.step.request"), "", step.request(), "request");
        }
        if (!step.answer().isEmpty()) {
            text(
                    body,
                    words.get("threats.step.answer"),
                    StepWords.took(step, words, formats),
                    step.answer(),
                    "answer");
        } else if (!step.request().isEmpty()) {
            body.getChildren().add(sentence(words.get("threats.step.noAnswer")));
        }
        return body;
    }

    private static void fact(GridPane to, String name, String text) {
        Label left = new Label(name);
        left.getStyleClass().add("muted");
        left.setMinWidth(Region.USE_PREF_SIZE);
        GridPane.setValignment(left, VPos.TOP);
        to.addRow(to.getRowCount(), left, sentence(Sentence.of(text)));
    }

    private static Label sentence(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private void text(VBox to, String name, String note, String content, String styleClass) {
        Label title = new Label(name);
        title.getStyleClass().add("step-title");
        Label beside = new Label(note);
        beside.getStyleClass().addAll("muted", "small-text");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button copy = new Button(words.get("threats.step.copy"), new FontIcon("fth-copy"));
        copy.getStyleClass().addAll("small", "flat");
        copy.setMinWidth(Region.USE_PREF_SIZE);
        copy.setAccessibleText(words.get("threats.step.copyName", name));
        copy.setOnAction(_ -> {
            ClipboardContent put = new ClipboardContent();
            put.putString(content);
            Clipboard.getSystemClipboard().setContent(put);
        });
        HBox line = new HBox(title, beside, gap, copy);
        line.getStyleClass().add("step-title-line");
        TextArea area = new TextArea(content);
        area.setEditable(false);
        area.setWrapText(true);
        area.setPrefRowCount((int) Math.min(MOST_LINES, rows(content)));
        area.getStyleClass().addAll("mono", "step-text", "step-" + styleClass);
        area.setAccessibleText(name);
        to.getChildren().addAll(line, area);
    }

    /** About as many as it takes where long lines are wrapped. */
    private static long rows(String content) {
        return Math.max(2, content.lines().mapToLong(line -> 1 + line.length() / 68).sum() + 1);
    }
}
