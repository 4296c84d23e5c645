package drawbridge.console.ui.controls;

import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;

/** A bar that is filled by a share of one. */
public final class ShareBar extends Region {
    private static final double LEAST_SEEN = 3;

    private final Region fill = new Region();
    private double share;

    /** An empty bar. */
    public ShareBar() {
        getStyleClass().add("live-bar");
        fill.getStyleClass().add("live-bar-fill");
        fill.setManaged(false);
        getChildren().add(fill);
        setAccessibleRole(AccessibleRole.TEXT);
    }

    /**
     * Fills it.
     *
     * @param filled 0 to 1; anything above 0 is seen
     * @param words what it says, for those who do not see it
     */
    public void show(double filled, String words) {
        share = Math.clamp(filled, 0, 1);
        setAccessibleText(words);
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        double width = share == 0 ? 0 : Math.max(LEAST_SEEN, getWidth() * share);
        fill.setVisible(share > 0);
        fill.resizeRelocate(0, 0, snapSizeX(width), getHeight());
    }
}
