package drawbridge.console.screen.shell;

import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;

import java.util.List;

/** The keys and what they do. */
final class ShortcutSheet {
    private static final List<String> KEYS =
            List.of(
                    "palette",
                    "screens",
                    "filter",
                    "table",
                    "open",
                    "revoke",
                    "revokeMatching",
                    "undo",
                    "refetch",
                    "close",
                    "sheet",
                    "rules",
                    "mode",
                    "move",
                    "save");

    private final Words words;
    private final Runnable closed;

    @FXML private GridPane keys;
    @FXML private Button close;

    ShortcutSheet(Words words, Runnable closed) {
        this.words = words;
        this.closed = closed;
    }

    @FXML
    void initialize() {
        for (int i = 0; i < KEYS.size(); i++) {
            Label key = new Label(words.oneOf("shortcuts.key", KEYS.get(i)));
            key.getStyleClass().add("key-cap");
            keys.add(key, 0, i);
            keys.add(new Label(words.oneOf("shortcuts.does", KEYS.get(i))), 1, i);
        }
        close.setOnAction(_ -> closed.run());
    }

    Button safeButton() {
        return close;
    }
}
