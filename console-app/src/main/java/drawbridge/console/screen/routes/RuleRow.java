package drawbridge.console.screen.routes;

import drawbridge.console.screen.routes.RuleDrag.Carried;

import javafx.css.PseudoClass;
import javafx.scene.control.TableRow;

/**
 * A row that follows the mouse while it is carried, or shows that what is carried goes beside it.
 */
final class RuleRow extends TableRow<RuleDraft> {
    private static final PseudoClass CARRIED = PseudoClass.getPseudoClass("carried");
    private static final PseudoClass ABOVE = PseudoClass.getPseudoClass("drop-above");
    private static final PseudoClass BELOW = PseudoClass.getPseudoClass("drop-below");

    private final RuleDrag drag;

    RuleRow(RuleDrag drag) {
        this.drag = drag;
        drag.carriedProperty().subscribe(_ -> show());
        indexProperty().subscribe(_ -> show());
        layoutYProperty().subscribe(_ -> show());
    }

    private void show() {
        Carried carried = drag.carriedProperty().get();
        boolean mine = !isEmpty() && getIndex() == carried.from();
        boolean target = !isEmpty() && !mine && getIndex() == carried.to();
        pseudoClassStateChanged(CARRIED, mine);
        pseudoClassStateChanged(ABOVE, target && carried.to() < carried.from());
        pseudoClassStateChanged(BELOW, target && carried.to() > carried.from());
        setViewOrder(mine ? -1 : 0);
        setTranslateY(mine ? carried.y() - getLayoutY() : 0);
    }
}
