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
import java.util.function.Predicate;

/** A cell that writes one thing about a row, and again every second where time is in it. */
final class RowCell extends TableCell<SessionEntry, SessionRow> {
    private final BiFunction<SessionRow, Instant, String> words;
    private final Predicate<SessionRow> hasTooltip;
    private final BiFunction<SessionRow, Instant, String> tooltip;
    private final ObservableValue<Instant> seconds;
    private final Tooltip more = new Tooltip();
    private final InvalidationListener changed = _ -> render();

    /**
     * A cell.
     *
     * @param hasTooltip whether a longer look says more
     * @param tooltip what it says then
     * @param ticking whether the words change with time
     */
    RowCell(
            BiFunction<SessionRow, Instant, String> words,
            Predicate<SessionRow> hasTooltip,
            BiFunction<SessionRow, Instant, String> tooltip,
            ObservableValue<Instant> seconds,
            boolean ticking,
            String styleClass) {
        this.words = words;
        this.hasTooltip = hasTooltip;
        this.tooltip = tooltip;
        this.seconds = seconds;
        if (!styleClass.isEmpty()) {
            getStyleClass().add(styleClass);
        }
        more.setOnShowing(_ -> more.setText(tooltipNow()));
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
        setTooltip(hasTooltip.test(row) ? more : null);
    }

    /** Only for the one that is looked at: dates in words, for every row and second, cost much. */
    private String tooltipNow() {
        SessionRow row = getItem();
        return row == null ? "" : tooltip.apply(row, seconds.getValue());
    }
}
