package drawbridge.console.screen.sessions;

import drawbridge.console.client.RevocationCalls.Which;
import drawbridge.console.screen.sessions.ManyViewModel.Preview;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

/**
 * Says exactly how many live sessions would be revoked and whose they are, and asks for a reason;
 * above 100, also for their number. A count that moved meanwhile is shown anew, and what was
 * written stays.
 */
public final class RevokeManyDialog {
    private final ManyViewModel many;
    private final Which which;
    private final Words words;
    private final Formats formats;
    private final Runnable closed;

    @FXML private Label title;
    @FXML private Label filter;
    @FXML private Label what;
    @FXML private Label whose;
    @FXML private TextField reason;
    @FXML private VBox typedBox;
    @FXML private Label typedLabel;
    @FXML private TextField typed;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button confirm;

    private @Nullable Preview preview;
    private boolean working;

    /**
     * The dialog's controller.
     *
     * @param closed hears that it is to be closed, whichever way
     */
    RevokeManyDialog(
            ManyViewModel many, Which which, Words words, Formats formats, Runnable closed) {
        this.many = many;
        this.which = which;
        this.words = words;
        this.formats = formats;
        this.closed = closed;
    }

    @FXML
    void initialize() {
        title.setText(
                which instanceof Which.Named
                        ? words.get("sessions.many.titleNamed")
                        : words.get("sessions.many.title"));
        filter.setText(
                switch (which) {
                    case Which.Matching(String line) ->
                            line.isBlank() ? words.get("sessions.many.everything") : line;
                    case Which.Named _ -> "";
                });
        filter.setVisible(!filter.getText().isEmpty());
        for (var node : new javafx.scene.Node[] {filter, typedBox, problem, whose}) {
            node.managedProperty().bind(node.visibleProperty());
        }
        problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
        whose.visibleProperty().bind(whose.textProperty().isNotEmpty());
        typedBox.setVisible(false);
        what.setText(words.get("sessions.many.counting"));
        cancel.setOnAction(_ -> closed.run());
        confirm.setOnAction(_ -> confirm());
        reason.setOnAction(_ -> confirm());
        typed.setOnAction(_ -> confirm());
        typed.textProperty().subscribe(_ -> allow());
        allow();
        look();
    }

    private void look() {
        many.preview(
                which,
                this::show,
                why -> {
                    preview = null;
                    what.setText("");
                    problem.setText(words.get("sessions.many.notCounted", why));
                    allow();
                });
    }

    private void show(Preview found) {
        preview = found;
        what.setText(
                found.count() == 0
                        ? words.get("sessions.many.none")
                        : found.isWhole()
                                ? words.get("sessions.many.what", found.count(), found.users())
                                : words.get(
                                        "sessions.many.whatMore",
                                        formats.number(found.count()),
                                        found.users()));
        whose.setText(
                found.whose().isEmpty()
                        ? ""
                        : String.join(" · ", found.whose())
                                + (found.users() > found.whose().size()
                                        ? " · " + words.get("sessions.many.others")
                                        : ""));
        typedBox.setVisible(found.count() > ManyViewModel.MOST_UNTYPED);
        typedLabel.setText(words.get("sessions.many.type", Long.toString(found.count())));
        confirm.setText(words.count("sessions.many.confirm", found.count()));
        allow();
    }

    private boolean isAllowed() {
        Preview found = preview;
        return found != null
                && !working
                && found.count() > 0
                && (found.count() <= ManyViewModel.MOST_UNTYPED
                        || typed.getText().strip().equals(Long.toString(found.count())));
    }

    private void allow() {
        confirm.setDisable(!isAllowed());
    }

    private void confirm() {
        Preview found = preview;
        if (found == null || !isAllowed()) {
            return;
        }
        working = true;
        problem.setText("");
        allow();
        many.begin(
                found,
                reason.getText().strip(),
                closed,
                why -> {
                    working = false;
                    problem.setText(words.get("sessions.many.notBegun", why));
                    look(); // the count may be what was wrong
                });
    }

    /** The field that changes nothing; it has the focus first. */
    TextField firstField() {
        return reason;
    }
}
