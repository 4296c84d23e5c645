package drawbridge.console.screen;

import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

import java.util.function.Consumer;

/** Says what an action will do to what, and asks before it is done. */
public final class ConfirmDialog {
    /**
     * What is asked.
     *
     * @param title the question
     * @param what what it will do
     * @param effect what follows from that; empty for nothing more
     * @param confirm the words of the button that does it
     * @param isDanger whether it refuses or revokes something
     * @param typed what has to be typed before; empty when nothing has
     * @param typedName the words over the field for that, or over the one for a reason
     * @param asksReason whether a reason may be given
     */
    public record Question(
            String title,
            String what,
            String effect,
            String confirm,
            boolean isDanger,
            String typed,
            String typedName,
            boolean asksReason) {
        /** One that needs no more than a click. */
        public static Question click(
                String title, String what, String effect, String confirm, boolean isDanger) {
            return new Question(title, what, effect, confirm, isDanger, "", "", false);
        }
    }

    private final Question question;
    private final Runnable cancelled;
    private final Consumer<String> confirmed;

    @FXML private Label title;
    @FXML private Label what;
    @FXML private Label effect;
    @FXML private VBox field;
    @FXML private Label fieldName;
    @FXML private TextField text;
    @FXML private Button cancel;
    @FXML private Button confirm;

    private ConfirmDialog(Question question, Runnable cancelled, Consumer<String> confirmed) {
        this.question = question;
        this.cancelled = cancelled;
        this.confirmed = confirmed;
    }

    /**
     * Asks.
     *
     * @param confirmed hears the reason, which may be empty
     */
    public static void ask(
            Question question, FxmlViews views, Overlay overlay, Consumer<String> confirmed) {
        ConfirmDialog dialog =
                new ConfirmDialog(
                        question,
                        overlay::close,
                        reason -> {
                            overlay.close();
                            confirmed.accept(reason);
                        });
        Node view = views.load(dialog, "confirm.fxml");
        boolean writes = !question.typed().isEmpty() || question.asksReason();
        overlay.show(view, writes ? dialog.text : dialog.cancel, () -> {});
    }

    @FXML
    void initialize() {
        title.setText(question.title());
        what.setText(question.what());
        effect.setText(question.effect());
        effect.setVisible(!question.effect().isEmpty());
        effect.setManaged(!question.effect().isEmpty());
        boolean hasField = !question.typed().isEmpty() || question.asksReason();
        field.setVisible(hasField);
        field.setManaged(hasField);
        fieldName.setText(question.typedName());
        text.setAccessibleText(question.typedName());
        confirm.setText(question.confirm());
        confirm.getStyleClass().add(question.isDanger() ? "danger" : "accent");
        if (!question.typed().isEmpty()) {
            confirm.disableProperty().bind(text.textProperty().isNotEqualTo(question.typed()));
        }
        cancel.setOnAction(_ -> cancelled.run());
        confirm.setOnAction(
                _ -> confirmed.accept(question.asksReason() ? text.getText().strip() : ""));
        text.setOnAction(_ -> confirm.fire());
    }
}
