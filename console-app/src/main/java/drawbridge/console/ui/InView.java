package drawbridge.console.ui;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ScrollPane;

/** What the keyboard goes to is scrolled into view, also where a small window hides it. */
public final class InView {
    private InView() {}

    /** From now on, everywhere in that window. */
    public static void keepFocusIn(Scene scene) {
        // Either may be told first.
        scene.focusOwnerProperty().subscribe(_ -> showFocus(scene));
        scene.focusOwnerProperty()
                .flatMap(Node::focusVisibleProperty)
                .subscribe(_ -> showFocus(scene));
    }

    /** Who points at something sees it, and must not have it moved away. */
    private static void showFocus(Scene scene) {
        Node focused = scene.getFocusOwner();
        if (focused != null && focused.isFocusVisible()) {
            show(focused);
        }
    }

    /** Scrolls whatever it lies in as little as needed. */
    static void show(Node node) {
        for (Node at = node.getParent(); at != null; at = at.getParent()) {
            if (at instanceof ScrollPane pane && pane.getContent() != null) {
                show(node, pane);
            }
        }
    }

    private static void show(Node node, ScrollPane pane) {
        Node content = pane.getContent();
        Bounds all = content.getLayoutBounds();
        Bounds seen = pane.getViewportBounds();
        Bounds at = content.sceneToLocal(node.localToScene(node.getLayoutBounds()));
        double hidden = all.getHeight() - seen.getHeight();
        if (hidden > 0 && at.getHeight() <= seen.getHeight()) {
            double top = pane.getVvalue() * hidden;
            double wanted =
                    Math.clamp(
                            top,
                            Math.max(0, at.getMaxY() - seen.getHeight()),
                            Math.max(0, at.getMinY()));
            pane.setVvalue(wanted / hidden);
        }
        double aside = all.getWidth() - seen.getWidth();
        if (aside > 0 && at.getWidth() <= seen.getWidth()) {
            double left = pane.getHvalue() * aside;
            double wanted =
                    Math.clamp(
                            left,
                            Math.max(0, at.getMaxX() - seen.getWidth()),
                            Math.max(0, at.getMinX()));
            pane.setHvalue(wanted / aside);
        }
    }
}
