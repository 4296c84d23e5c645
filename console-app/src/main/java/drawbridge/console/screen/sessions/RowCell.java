package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.model.view.SessionRow;

import javafx.beans.InvalidationListener;
import javafx.beans.WeakInvalidationListener;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.TableCell;
import javafx.scene.control.Tooltip;

import java.time.Instant;
import java.util.function.BiFunction;

/** A cell that writes one thing about a row, and again every second where time is in it. */
final class RowCell extends TableCell<SessionEntry, SessionRow> {
    private final BiFunction<SessionRow, Instant, String> words;
    private final BiFunction<SessionRow, Instant, String> tooltip;
    private final ObservableValue<Instant> seconds;
    private final InvalidationListener changed = _ -> render();

    /**
     * A cell.
     *
     * @param tooltip what a longer look says; an empty text for nothing
     * @param ticking whether the words change with time
     */
    RowCell(
            BiFunction<SessionRow, Instant, String> words,
            BiFunction<SessionRow, Instant, String> tooltip,
            ObservableValue<Instant> seconds,
            boolean ticking,
            String styleClass) {
        this.words = words;
        this.tooltip = tooltip;
        this.seconds = seconds;
        if (!styleClass.isEmpty()) {
            getStyleClass().add(styleClass);
        }
        if (ticking) {
            seconds.addListener(new WeakInvalidationListener(changed));
        }
    }

    @Override
    protected void updateItem(SessionRow row, boolean empty) {
        super.updateItem(row, empty);
        render();
    }

    private void render() {
        SessionRow row = getItem();
        if (isEmpty() || row == null) {
            setText(null);
            setTooltip(null);
            return;
        }
        setText(words.apply(row, seconds.getValue()));
        String more = tooltip.apply(row, seconds.getValue());
        if (more.isEmpty()) {
            setTooltip(null);
        } else if (getTooltip() == null) {
            setTooltip(new Tooltip(more));
        } else {
            getTooltip().setText(more);
        }
    }
}
