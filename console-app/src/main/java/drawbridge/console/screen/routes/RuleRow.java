package drawbridge.console.screen.routes;

import javafx.css.PseudoClass;
import javafx.scene.control.TableRow;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;

/** A row that can be dragged to another place. */
final class RuleRow extends TableRow<RuleDraft> {
    private static final PseudoClass ABOVE = PseudoClass.getPseudoClass("drop-above");
    private static final PseudoClass BELOW = PseudoClass.getPseudoClass("drop-below");
    private static final String PREFIX = "drawbridge-rule:";

    RuleRow(RoutesViewModel routes) {
        setOnDragOver(event -> {
            int from = place(event.getDragboard());
            if (from >= 0 && !isEmpty() && from != getIndex()) {
                event.acceptTransferModes(TransferMode.MOVE);
                pseudoClassStateChanged(ABOVE, from > getIndex());
                pseudoClassStateChanged(BELOW, from < getIndex());
            }
            event.consume();
        });
        setOnDragExited(_ -> {
            pseudoClassStateChanged(ABOVE, false);
            pseudoClassStateChanged(BELOW, false);
        });
        setOnDragDropped(event -> {
            int from = place(event.getDragboard());
            int to = getIndex();
            boolean moved = !isEmpty() && routes.move(from, to);
            if (moved) {
                getTableView().getSelectionModel().clearAndSelect(to);
            }
            event.setDropCompleted(moved);
            event.consume();
        });
    }

    /** Takes the row up. */
    void beginDrag() {
        if (!isEmpty()) {
            ClipboardContent content = new ClipboardContent();
            content.putString(PREFIX + getIndex());
            Dragboard board = startDragAndDrop(TransferMode.MOVE);
            board.setContent(content);
            board.setDragView(snapshot(null, null));
        }
    }

    private static int place(Dragboard board) {
        String text = board.hasString() ? board.getString() : "";
        return text.matches(PREFIX + "[0-9]{1,4}")
                ? Integer.parseInt(text.substring(PREFIX.length()))
                : -1;
    }
}
