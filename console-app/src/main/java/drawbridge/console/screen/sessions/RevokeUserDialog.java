package drawbridge.console.screen.sessions;

import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;

import java.util.function.Consumer;

/** Says exactly what "revoke all" will end, and asks for a reason. */
public final class RevokeUserDialog {
    private final String email;
    private final long count;
    private final boolean isWhole;
    private final Words words;
    private final Runnable cancelled;
    private final Consumer<String> confirmed;

    @FXML private Label title;
    @FXML private Label what;
    @FXML private TextField reason;
    @FXML private Button cancel;
    @FXML private Button confirm;

    /**
     * The dialog's controller.
     *
     * @param count how many live sessions the console knows of
     * @param isWhole whether it knows of all there are
     * @param confirmed hears the reason given, which may be empty
     */
    RevokeUserDialog(
            String email,
            long count,
            boolean isWhole,
            Words words,
            Runnable cancelled,
            Consumer<String> confirmed) {
        this.email = email;
        this.count = count;
        this.isWhole = isWhole;
        this.words = words;
        this.cancelled = cancelled;
        this.confirmed = confirmed;
    }

    @FXML
    void initialize() {
        title.setText(words.get("sessions.revokeAll.title", email));
        what.setText(
                !isWhole
                        ? words.get("sessions.revokeAll.what.part", email, count)
                        : count == 1
                                ? words.get("sessions.revokeAll.what.one", email)
                                : words.get("sessions.revokeAll.what.many", count, email));
        confirm.setText(
                isWhole
                        ? words.count("sessions.revokeAll.confirm", count)
                        : words.get("sessions.revokeAll.confirm.part"));
        cancel.setOnAction(_ -> cancelled.run());
        confirm.setOnAction(_ -> confirmed.accept(reason.getText().strip()));
    }

    /** The button that changes nothing; it has the focus first. */
    Button safeButton() {
        return cancel;
    }
}
