package drawbridge.console.screen.sessions;

import drawbridge.console.ui.Em;
import drawbridge.console.ui.Words;

import javafx.geometry.Bounds;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.stage.Popup;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Offers, below the filter line, how its word may go on. Tab takes the first offer, or the one that
 * the arrow keys have chosen, which Enter takes too; Esc closes it. Used on the FX thread.
 */
final class FilterPopup {
    private static final double ROW = 2.308; // em
    private static final double LEAST_WIDE = 27.7;

    private final TextField field;
    private final SessionsViewModel sessions;
    private final Words words;
    private final ListView<FilterCompletion.Offer> list = new ListView<>();
    private final Popup popup = new Popup();
    private FilterCompletion completion = new FilterCompletion(0, 0, List.of());
    private boolean isTaking;

    FilterPopup(TextField field, SessionsViewModel sessions, Words words) {
        this.field = field;
        this.sessions = sessions;
        this.words = words;
        list.getStyleClass().add("completion");
        list.setFocusTraversable(false);
        list.setAccessibleText(words.get("sessions.filter.offers"));
        list.setCellFactory(_ -> new OfferCell());
        list.setOnMouseClicked(_ -> take());
        popup.getContent().add(list);
        popup.setAutoHide(true);
        popup.setHideOnEscape(false);
        field.textProperty().subscribe((_, _) -> typed());
        field.focusedProperty()
                .subscribe(focused -> {
                    if (!focused) {
                        popup.hide();
                    }
                });
    }

    private final class OfferCell extends ListCell<FilterCompletion.Offer> {
        @Override
        protected void updateItem(FilterCompletion.@Nullable Offer offer, boolean empty) {
            super.updateItem(offer, empty);
            if (empty || offer == null) {
                setGraphic(null);
                return;
            }
            Label text = new Label(offer.text());
            text.getStyleClass().add("mono");
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            Label meaning =
                    new Label(
                            offer.key().isEmpty()
                                    ? ""
                                    : words.oneOf("sessions.help.meaning", offer.key()));
            meaning.getStyleClass().addAll("muted", "small-text");
            HBox line = new HBox(text, gap, meaning);
            line.getStyleClass().add("completion-line");
            setGraphic(line);
        }
    }

    private void typed() {
        if (isTaking || !field.isFocused()) {
            popup.hide();
            return;
        }
        String line = field.getText();
        // The caret follows the text; it is asked for once both have settled.
        sessions.complete(
                line,
                field::getCaretPosition,
                found -> {
                    if (line.equals(field.getText())) {
                        show(found);
                    }
                });
    }

    private void show(FilterCompletion found) {
        completion = found;
        if (found.offers().isEmpty() || !field.isFocused() || field.getScene() == null) {
            popup.hide();
            return;
        }
        list.getItems().setAll(found.offers());
        list.getSelectionModel().clearSelection();
        double em = Em.of(field);
        list.setFixedCellSize(ROW * em);
        list.setPrefSize(
                Math.max(LEAST_WIDE * em, field.getWidth() * 0.7),
                list.getFixedCellSize() * found.offers().size() + 10);
        Bounds at = field.localToScreen(field.getBoundsInLocal());
        if (at != null) {
            list.getStylesheets().setAll(field.getScene().getStylesheets());
            popup.show(field, at.getMinX(), at.getMaxY() + 4);
        }
    }

    /** Whether it took the key. */
    boolean pressed(KeyEvent event) {
        if (!popup.isShowing()) {
            return false;
        }
        int chosen = list.getSelectionModel().getSelectedIndex();
        KeyCode code = event.getCode();
        if (code == KeyCode.DOWN) {
            list.getSelectionModel().select(Math.min(chosen + 1, list.getItems().size() - 1));
        } else if (code == KeyCode.UP && chosen >= 0) {
            list.getSelectionModel().clearAndSelect(Math.max(0, chosen - 1));
        } else if (code == KeyCode.ESCAPE) {
            popup.hide();
        } else if ((code == KeyCode.TAB && !event.isShiftDown())
                || (code == KeyCode.ENTER && chosen >= 0)) {
            take();
        } else {
            popup.hide();
            return false;
        }
        return true;
    }

    private void take() {
        int chosen = Math.max(0, list.getSelectionModel().getSelectedIndex());
        if (chosen >= completion.offers().size()) {
            return;
        }
        FilterCompletion.Offer offer = completion.offers().get(chosen);
        popup.hide();
        isTaking = offer.isWhole();
        String text = offer.isWhole() ? offer.text() + " " : offer.text();
        int to = Math.min(completion.to(), field.getLength());
        boolean isFollowed = to < field.getLength() && field.getText().charAt(to) == ' ';
        String put = isFollowed ? text.stripTrailing() : text;
        field.replaceText(Math.min(completion.from(), to), to, put);
        field.positionCaret(Math.min(completion.from(), to) + put.length());
        isTaking = false;
    }
}
