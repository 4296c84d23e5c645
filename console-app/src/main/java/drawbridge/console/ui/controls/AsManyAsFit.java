package drawbridge.console.ui.controls;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.HBox;

/** Things side by side in one line, the first ones first; those without room are not shown. */
public final class AsManyAsFit extends HBox {
    /** An empty line. */
    public AsManyAsFit() {
        getStyleClass().add("as-many-as-fit");
        setAlignment(Pos.CENTER_LEFT);
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected void layoutChildren() {
        Insets around = getInsets();
        double end = getWidth() - around.getRight();
        double left = around.getLeft();
        boolean fits = true;
        for (Node node : getManagedChildren()) {
            double width = Math.ceil(node.prefWidth(-1));
            double height = Math.ceil(node.prefHeight(-1));
            fits = fits && left + width <= end;
            node.setVisible(fits);
            node.resizeRelocate(
                    snapPositionX(left),
                    snapPositionY(Math.max(0, (getHeight() - height) / 2)),
                    width,
                    height);
            left += width + getSpacing();
        }
    }
}
