package drawbridge.console.screen.audit;

import javafx.fxml.FXML;
import javafx.scene.control.Button;

/** Asks whether the chain that is shown now is to be believed from here on. */
public final class AnewDialog {
    private final Runnable cancelled;
    private final Runnable confirmed;

    @FXML private Button cancel;
    @FXML private Button confirm;

    AnewDialog(Runnable cancelled, Runnable confirmed) {
        this.cancelled = cancelled;
        this.confirmed = confirmed;
    }

    @FXML
    void initialize() {
        cancel.setOnAction(_ -> cancelled.run());
        confirm.setOnAction(_ -> confirmed.run());
    }

    /** The button that changes nothing; it has the focus first. */
    Button safeButton() {
        return cancel;
    }
}
