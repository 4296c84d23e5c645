package drawbridge.console.screen.shell;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.screen.ScreenAction;
import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Goes to a screen, a user, a session, a route or a caller, or runs an action, by a few letters.
 */
final class Palette {
    private final List<ScreenAction> items;
    private final LastUsed lastUsed;
    private final Consumer<String> findSessions;
    private final Words words;
    private final Runnable closed;
    private final Runnable ran;
    private final PaletteSearch search;
    private List<ScreenAction> found = List.of();

    @FXML private CustomTextField text;
    @FXML private ListView<ScreenAction> list;
    @FXML private Label note;

    Palette(
            List<ScreenAction> items,
            LastUsed lastUsed,
            Consumer<String> findSessions,
            PaletteSearch search,
            Words words,
            Runnable closed,
            Runnable ran) {
        this.search = search;
        this.items = lastUsed.sorted(items);
        this.lastUsed = lastUsed;
        this.findSessions = findSessions;
        this.words = words;
        this.closed = closed;
        this.ran = ran;
    }

    @FXML
    void initialize() {
        list.setCellFactory(_ -> new ItemCell());
        note.managedProperty().bind(note.textProperty().isNotEmpty());
        text.textProperty()
                .subscribe(typed -> {
                    found = List.of();
                    offer(typed);
                    select(0);
                    ask(typed);
                });
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

    private void ask(String typed) {
        boolean asks =
                search.ask(
                        typed,
                        () -> note.setText(words.get("palette.asking")),
                        answer -> {
                            int at = list.getSelectionModel().getSelectedIndex();
                            found = answer.items();
                            offer(typed);
                            select(Math.max(0, at));
                            note.setText(
                                    answer.failed()
                                            ? words.get("palette.notAsked")
                                            : found.isEmpty() ? words.get("palette.nothing") : "");
                        });
        if (!asks) {
            note.setText("");
        }
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
            if (items.contains(item)) {
                lastUsed.used(item);
            }
            closed.run();
            item.run().run();
            ran.run();
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
        offered.addAll(found);
        if (!wanted.isEmpty()) {
            String line = typed.strip();
            offered.add(
                    new ScreenAction(
                            "fth-search",
                            words.get("palette.find", line),
                            () -> findSessions.accept(line)));
        }
        list.getItems().setAll(offered);
    }

    /** Types that, as a person would. */
    void type(String typed) {
        text.setText(typed);
        text.end();
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
