package drawbridge.console.screen.routes;

import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** Shows once more what would change and what that would do, before it is done. */
final class ReviewDialog {
    private final Judgement.Done judged;
    private final String summary;
    private final String suggestedNote;
    private final int next;
    private final RouteWords say;
    private final Words words;
    private final Runnable cancelled;
    private final Consumer<String> confirmed;

    @FXML private Label title;
    @FXML private VBox lines;
    @FXML private HBox effectBox;
    @FXML private FontIcon effectIcon;
    @FXML private Label effect;
    @FXML private TextField note;
    @FXML private Button cancel;
    @FXML private Button save;

    /**
     * @param summary what the draft would have done
     * @param next the number of the version it becomes
     * @param confirmed hears the note, which may be empty
     */
    ReviewDialog(
            Judgement.Done judged,
            String summary,
            String suggestedNote,
            int next,
            RouteWords say,
            Runnable cancelled,
            Consumer<String> confirmed) {
        this.judged = judged;
        this.summary = summary;
        this.suggestedNote = suggestedNote;
        this.next = next;
        this.say = say;
        this.words = say.words();
        this.cancelled = cancelled;
        this.confirmed = confirmed;
    }

    @FXML
    void initialize() {
        title.setText(words.get("routes.review.title", next));
        new DifferenceLines(say).show(lines, judged.difference());
        boolean harms = judged.effect().newlyRefused().total() > 0;
        effectBox.getStyleClass().add(harms ? "look-problem" : "look-live");
        effectIcon.setIconLiteral(harms ? "fth-alert-triangle" : "fth-check");
        effect.setText(summary);
        note.setText(suggestedNote);
        save.setText(words.get("routes.review.save", next));
        cancel.setOnAction(_ -> cancelled.run());
        save.setOnAction(_ -> confirm());
        note.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                confirm();
                event.consume();
            }
        });
    }

    private void confirm() {
        confirmed.accept(note.getText().strip());
    }

    /** The field to fill in; it has the focus first. */
    Node field() {
        return note;
    }
}
