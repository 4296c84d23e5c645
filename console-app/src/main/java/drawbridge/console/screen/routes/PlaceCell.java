package drawbridge.console.screen.routes;

import drawbridge.console.ui.Words;

import javafx.beans.value.ObservableValue;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.util.Subscription;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Locale;

/** The line's number, the handle it is dragged by, and what the draft makes of the rule. */
final class PlaceCell extends RuleCell {
    private final Words words;
    private final FontIcon mark = new FontIcon("fth-menu");
    private final Label number = new Label();
    private final HBox box = new HBox(mark, number);
    private final Tooltip what = new Tooltip();

    PlaceCell(Words words, RuleDrag drag) {
        this.words = words;
        box.getStyleClass().add("place-box");
        box.setCursor(Cursor.OPEN_HAND);
        // Not by DRAG_DETECTED: it comes to the row that the mouse is over by then.
        box.setOnMousePressed(event -> {
            if (event.getButton() == MouseButton.PRIMARY) {
                box.setCursor(Cursor.CLOSED_HAND);
                drag.hold(getTableRow(), event.getSceneY());
            }
        });
        box.setOnMouseDragged(event -> {
            drag.moveTo(event.getSceneY());
            event.consume(); // nor does the table scroll or select by it
        });
        box.setOnMouseReleased(event -> {
            box.setCursor(Cursor.OPEN_HAND);
            if (drag.drop()) {
                event.consume(); // it would select what is in the old place now
            }
        });
        indexProperty().subscribe(index -> number.setText(Integer.toString(index.intValue() + 1)));
    }

    @Override
    Node node() {
        return box;
    }

    @Override
    Subscription bind(RuleDraft rule) {
        ObservableValue<String> warning = rule.warningProperty();
        return Subscription.combine(
                rule.changeProperty().subscribe(_ -> show(rule)),
                warning.subscribe(_ -> show(rule)));
    }

    private void show(RuleDraft rule) {
        String change = rule.changeProperty().get().name().toLowerCase(Locale.ROOT);
        String warning = rule.warningProperty().get();
        boolean warned = !warning.isEmpty();
        mark.setIconLiteral(
                warned
                        ? "fth-alert-triangle"
                        : switch (rule.changeProperty().get()) {
                            case SAME -> "fth-menu";
                            case ADDED -> "fth-plus";
                            case CHANGED -> "fth-edit-2";
                            case MOVED -> "fth-move";
                        });
        box.getStyleClass().setAll("place-box", warned ? "place-warned" : "place-" + change);
        what.setText(warned ? warning : words.oneOf("routes.place", change));
        setTooltip(what);
        box.setAccessibleText(what.getText());
    }
}
