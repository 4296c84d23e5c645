package drawbridge.console.ui;

import javafx.beans.value.ChangeListener;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.skin.ScrollPaneSkin;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

/**
 * A layer over the window that holds one dialog at a time: the rest of the window cannot be used
 * meanwhile, and the focus stays within the dialog and returns to where it was. A dialog is as wide
 * as its text is large; one that is higher than the window is scrolled.
 */
public final class Overlay extends StackPane {
    private final StackPane room = new StackPane();
    private @Nullable Size usual;
    private @Nullable Node behind;
    private @Nullable Runnable onDismissed;
    private @Nullable Node shown;
    private final ChangeListener<Node> keepFocus = (property, before, after) -> keep(after);

    /** How large a dialog is at most with text of the usual size. */
    private record Size(Region dialog, double width, double height, double wanted) {
        void scale(double by) {
            dialog.setMaxWidth(scaled(width, by));
            dialog.setMaxHeight(scaled(height, by));
            dialog.setPrefHeight(scaled(wanted, by));
        }

        /** A negative one says how it is computed. */
        private static double scaled(double size, double by) {
            return size < 0 ? size : size * by;
        }
    }

    /** An empty layer, not shown. */
    public Overlay() {
        getStyleClass().add("overlay");
        setMinSize(0, 0);
        room.getStyleClass().add("overlay-room");
        ScrollPane scroll = new ScrollPane(room);
        scroll.getStyleClass().add("overlay-scroll");
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setFocusTraversable(false);
        scroll.setSkin(new ScrollPaneSkin(scroll)); // so that a dialog is in the window at once
        getChildren().add(scroll);
        Em.follow(this, em -> scale(em / Em.USUAL));
        setVisible(false);
        setManaged(false);
        addEventHandler(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        dismiss();
                        event.consume();
                    }
                });
        room.setOnMousePressed(event -> {
            event.consume(); // else the scroll pane takes the focus
            if (room.equals(event.getTarget())) {
                dismiss();
            }
        });
    }

    /** Whether a dialog is shown. */
    public boolean isShown() {
        return shown != null;
    }

    /**
     * Shows a dialog instead of any other.
     *
     * @param focus what has the focus first: the safe button, or the field to fill in
     * @param dismissed told when the person leaves it by Esc or a click beside it
     */
    public void show(Node dialog, Node focus, Runnable dismissed) {
        if (shown == null) {
            behind = getScene() == null ? null : getScene().getFocusOwner();
        }
        shown = dialog;
        onDismissed = dismissed;
        scale(1);
        usual =
                dialog instanceof Region region
                        ? new Size(
                                region,
                                region.getMaxWidth(),
                                region.getMaxHeight(),
                                region.getPrefHeight())
                        : null;
        scale(Em.of(this) / Em.USUAL);
        room.getChildren().setAll(dialog);
        setManaged(true);
        setVisible(true);
        dialog.applyCss(); // fields in a scroll pane are in the window only once that has its skin
        focus.requestFocus();
        if (getScene() != null) {
            getScene().focusOwnerProperty().removeListener(keepFocus);
            getScene().focusOwnerProperty().addListener(keepFocus);
        }
    }

    private void scale(double by) {
        Size known = usual;
        if (known != null) {
            known.scale(by);
        }
    }

    /** Takes the dialog away. */
    public void close() {
        if (shown != null) {
            if (getScene() != null) {
                getScene().focusOwnerProperty().removeListener(keepFocus);
            }
            shown = null;
            scale(1);
            usual = null;
            onDismissed = null;
            room.getChildren().clear();
            setVisible(false);
            setManaged(false);
            if (behind != null) {
                behind.requestFocus();
                behind = null;
            }
        }
    }

    private void dismiss() {
        Runnable told = onDismissed;
        close();
        if (told != null) {
            told.run();
        }
    }

    private void keep(@Nullable Node focused) {
        Node dialog = shown;
        if (dialog == null || isWithin(focused, dialog)) {
            return;
        }
        Node first = firstFocusable(dialog);
        if (first != null) {
            first.requestFocus();
        }
    }

    private static boolean isWithin(@Nullable Node node, Node dialog) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (at.equals(dialog)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Node firstFocusable(Node node) {
        if (node.isFocusTraversable() && !node.isDisabled() && node.isVisible()) {
            return node;
        }
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                Node found = firstFocusable(child);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
