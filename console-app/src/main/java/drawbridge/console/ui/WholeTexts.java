package drawbridge.console.ui;

import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;

import org.jspecify.annotations.Nullable;

/** Says the whole of a text that is cut, to who points at it: there is no room for it, ever. */
public final class WholeTexts {
    private final Tooltip whole = new Tooltip();
    private @Nullable Labeled told;

    private WholeTexts() {}

    /** From now on, everywhere in that window. */
    public static void tellIn(Scene scene) {
        WholeTexts texts = new WholeTexts();
        scene.addEventFilter(
                MouseEvent.MOUSE_MOVED,
                event -> texts.pointed(labeled(event.getPickResult().getIntersectedNode())));
    }

    private static @Nullable Labeled labeled(@Nullable Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (at instanceof Labeled labeled) {
                return labeled;
            }
        }
        return null;
    }

    private void pointed(@Nullable Labeled at) {
        Labeled before = told;
        if (before != null && (!before.equals(at) || !before.isTextTruncated())) {
            Tooltip.uninstall(before, whole);
            told = null;
        }
        if (at != null && told == null && at.isTextTruncated() && at.getTooltip() == null) {
            whole.setText(at.getText());
            Tooltip.install(at, whole);
            told = at;
        }
    }
}
