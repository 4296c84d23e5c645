package drawbridge.console.screen.shell;

import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;

import java.util.List;

/** The keys and what they do. */
final class ShortcutSheet {
    private static final List<String> KEYS =
            List.of(
                    "palette",
                    "screens",
                    "alerts",
                    "settings",
                    "filter",
                    "table",
                    "open",
                    "revoke",
                    "revokeMatching",
                    "acknowledge",
                    "snooze",
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
            key.setMinWidth(Region.USE_PREF_SIZE);
            keys.add(key, 0, i);
            Label does = new Label(words.oneOf("shortcuts.does", KEYS.get(i)));
            does.setWrapText(true);
            does.setMinHeight(Region.USE_PREF_SIZE);
            keys.add(does, 1, i);
        }
        close.setOnAction(_ -> closed.run());
    }

    Button safeButton() {
        return close;
    }
}
