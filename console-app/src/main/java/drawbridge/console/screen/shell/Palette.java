package drawbridge.console.screen.shell;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.screen.ScreenAction;
import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Goes to a screen, finds sessions or runs an action, by a few letters of its name. */
final class Palette {
    private final List<ScreenAction> items;
    private final Consumer<String> findSessions;
    private final Words words;
    private final Runnable closed;

    @FXML private CustomTextField text;
    @FXML private ListView<ScreenAction> list;

    Palette(List<ScreenAction> items, Consumer<String> findSessions, Words words, Runnable closed) {
        this.items = List.copyOf(items);
        this.findSessions = findSessions;
        this.words = words;
        this.closed = closed;
    }

    @FXML
    void initialize() {
        list.setCellFactory(_ -> new ItemCell());
        text.textProperty().subscribe(this::offer);
        text.setOnKeyPressed(event -> {
            int at = list.getSelectionModel().getSelectedIndex();
            if (event.getCode() == KeyCode.DOWN) {
                select(at + 1);
                event.consume();
            } else if (event.getCode() == KeyCode.UP) {
                select(at - 1);
                event.consume();
            } else if (event.getCode() == KeyCode.ENTER) {
                run(list.getSelectionModel().getSelectedItem());
                event.consume();
            }
        });
        list.setOnMouseClicked(_ -> run(list.getSelectionModel().getSelectedItem()));
    }

    private void select(int index) {
        int count = list.getItems().size();
        if (count > 0) {
            int wrapped = Math.floorMod(index, count);
            list.getSelectionModel().select(wrapped);
            list.scrollTo(wrapped);
        }
    }

    private void run(ScreenAction item) {
        if (item != null) {
            closed.run();
            item.run().run();
        }
    }

    private void offer(String typed) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        List<ScreenAction> offered = new ArrayList<>();
        for (ScreenAction item : items) {
            if (item.name().toLowerCase(Locale.ROOT).contains(wanted)) {
                offered.add(item);
            }
        }
        if (!wanted.isEmpty()) {
            String line = typed.strip();
            offered.add(
                    new ScreenAction(
                            "fth-search",
                            words.get("palette.find", line),
                            () -> findSessions.accept(line)));
        }
        list.getItems().setAll(offered);
        select(0);
    }

    Node field() {
        return text;
    }

    /** One line of the list. */
    private static final class ItemCell extends ListCell<ScreenAction> {
        @Override
        protected void updateItem(ScreenAction item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : item.name());
            setGraphic(empty || item == null ? null : new FontIcon(item.icon()));
        }
    }
}
