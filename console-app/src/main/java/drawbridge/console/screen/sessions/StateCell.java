package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.model.view.SessionRow;

import javafx.beans.InvalidationListener;
import javafx.beans.WeakInvalidationListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TableCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;

/** The last column: the state in words, and the one thing that can be done about it. */
final class StateCell extends TableCell<SessionEntry, SessionRow> {
    private static final PseudoClass LIVE = PseudoClass.getPseudoClass("live");

    private final SessionsViewModel sessions;
    private final SessionsController controller;
    private final FontIcon icon = new FontIcon();
    private final Label text = new Label();
    private final Button button = new Button();
    private final Tooltip more = new Tooltip();
    private final HBox box;
    private final InvalidationListener changed = _ -> render();
    private RowStatus.@Nullable Look shown;

    StateCell(SessionsViewModel sessions, SessionsController controller) {
        this.sessions = sessions;
        this.controller = controller;
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        text.setTextOverrun(OverrunStyle.ELLIPSIS);
        text.setMinWidth(0);
        text.setWrapText(true);
        text.getStyleClass().add("receipt"); // it takes two small lines where one is too narrow
        more.setOnShowing(_ -> more.setText(tooltipNow()));
        text.setTooltip(more);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setFocusTraversable(false); // Del and Ctrl+Z do the same for the selected row
        button.getStyleClass().addAll("small", "row-action");
        button.setOnAction(_ -> act());
        box = new HBox(icon, text, gap, button);
        box.getStyleClass().add("state-box");
        box.setAlignment(Pos.CENTER_LEFT);
        getStyleClass().add("state-cell");
        controller.seconds().addListener(new WeakInvalidationListener(changed));
        sessions.notesRevisionProperty().addListener(new WeakInvalidationListener(changed));
        controller.readOnly().addListener(new WeakInvalidationListener(changed));
    }

    @Override
    protected void updateItem(SessionRow row, boolean empty) {
        super.updateItem(row, empty);
        render();
    }

    private void render() {
        SessionEntry entry = getTableRow() == null ? null : getTableRow().getItem();
        if (isEmpty() || entry == null) {
            setGraphic(null);
            return;
        }
        Instant now = controller.now();
        RowStatus status = sessions.statusOf(entry, now);
        if (status.look() != shown) { // icons and styles are looked up anew, every second otherwise
            shown = status.look();
            icon.setIconLiteral(shown.icon());
            box.getStyleClass().setAll("state-box", "look-" + shown.styleClass());
        }
        text.setText(status.text());
        button.pseudoClassStateChanged(LIVE, status.action() == RowStatus.Action.REVOKE);
        button.setVisible(status.action() != RowStatus.Action.NONE && sessions.canAct());
        button.setManaged(button.isVisible());
        switch (status.action()) {
            case REVOKE -> {
                button.setText(controller.words().get("sessions.row.revoke"));
                button.setAccessibleText(
                        controller.words().get("sessions.row.revokeName", entry.told().email()));
            }
            case UNDO -> {
                button.setText(sessions.undoText(entry, now));
                button.setAccessibleText(
                        controller.words().get("sessions.row.undoName", entry.told().email()));
            }
            case NONE -> {}
        }
        setGraphic(box);
    }

    private String tooltipNow() {
        SessionEntry entry = getTableRow() == null ? null : getTableRow().getItem();
        return entry == null
                ? ""
                : controller.endWords(entry, sessions.statusOf(entry, controller.now()));
    }

    private void act() {
        SessionEntry entry = getTableRow() == null ? null : getTableRow().getItem();
        if (entry != null) {
            RowStatus status = sessions.statusOf(entry, controller.now());
            if (status.action() == RowStatus.Action.REVOKE) {
                sessions.revoke(entry);
            } else if (status.action() == RowStatus.Action.UNDO) {
                sessions.undo(entry);
            }
        }
    }
}
