package drawbridge.console.ui.controls;

import drawbridge.console.ui.Em;

import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.layout.BorderPane;

/**
 * A screen in the centre with a drawer at the right. Where the screen would be squeezed beside the
 * drawer, the drawer lies over it instead.
 */
public final class DrawerPane extends BorderPane {
    /** What a screen needs at least. */
    private static final double LEAST_BESIDE = 30;

    private static final PseudoClass OVER = PseudoClass.getPseudoClass("over");

    /** An empty one. */
    public DrawerPane() {
        getStyleClass().add("drawer-pane");
    }

    private boolean isOver(Node drawer, double room) {
        return room - drawer.prefWidth(-1) < LEAST_BESIDE * Em.of(this);
    }

    @Override
    protected double computeMinWidth(double height) {
        Node screen = getCenter();
        return screen == null ? 0 : screen.minWidth(-1);
    }

    @Override
    protected void layoutChildren() {
        Node drawer = getRight();
        Node screen = getCenter();
        if (drawer == null || screen == null) {
            super.layoutChildren();
            return;
        }
        Insets around = getInsets();
        double left = around.getLeft();
        double top = around.getTop();
        double width = getWidth() - left - around.getRight();
        double height = getHeight() - top - around.getBottom();
        boolean over = isOver(drawer, width);
        double taken = Math.min(width, snapSizeX(drawer.prefWidth(-1)));
        drawer.pseudoClassStateChanged(OVER, over);
        drawer.setViewOrder(over ? -1 : 0);
        screen.resizeRelocate(left, top, over ? width : width - taken, height);
        drawer.resizeRelocate(left + width - taken, top, taken, height);
    }
}
