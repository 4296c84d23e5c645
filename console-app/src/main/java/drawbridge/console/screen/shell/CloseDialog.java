package drawbridge.console.screen.shell;

import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;

import java.util.function.Consumer;

/** Asks whether the server is to go on without its console. */
final class CloseDialog {
    private final Closing closing;
    private final Words words;
    private final Runnable cancelled;
    private final Consumer<Closing.Choice> chosen;

    @FXML private Label what;
    @FXML private CheckBox remember;
    @FXML private Button cancel;
    @FXML private Button stop;
    @FXML private Button keep;

    CloseDialog(Closing closing, Words words, Runnable cancelled, Consumer<Closing.Choice> chosen) {
        this.closing = closing;
        this.words = words;
        this.cancelled = cancelled;
        this.chosen = chosen;
    }

    @FXML
    void initialize() {
        what.setText(words.count("close.what", closing.liveSessions()));
        cancel.setOnAction(_ -> cancelled.run());
        stop.setOnAction(_ -> choose(Closing.Choice.STOP));
        keep.setOnAction(_ -> choose(Closing.Choice.KEEP));
    }

    private void choose(Closing.Choice choice) {
        if (remember.isSelected()) {
            closing.remember(choice);
        }
        chosen.accept(choice);
    }

    Button safeButton() {
        return keep;
    }
}
