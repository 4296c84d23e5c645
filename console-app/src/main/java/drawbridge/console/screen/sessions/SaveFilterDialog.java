package drawbridge.console.screen.sessions;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;

import java.util.function.Consumer;

/** Asks for the name of a filter. */
public final class SaveFilterDialog {
    private final String text;
    private final Runnable cancelled;
    private final Consumer<String> named;

    @FXML private Label line;
    @FXML private TextField name;
    @FXML private Button cancel;
    @FXML private Button save;

    SaveFilterDialog(String line, Runnable cancelled, Consumer<String> named) {
        this.text = line;
        this.cancelled = cancelled;
        this.named = named;
    }

    @FXML
    void initialize() {
        line.setText(text);
        cancel.setOnAction(_ -> cancelled.run());
        save.setOnAction(_ -> save());
        name.setOnAction(_ -> save());
        save.disableProperty().bind(name.textProperty().map(given -> given.isBlank()).orElse(true));
    }

    private void save() {
        if (!name.getText().isBlank()) {
            named.accept(name.getText().strip());
        }
    }

    TextField firstField() {
        return name;
    }
}
