package drawbridge.console.screen.server;

import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** The two labels of one fact in a grid: what it is called, and what it is. */
final class FactLabels {
    private FactLabels() {}

    /** Never cut. */
    static Label name(String text) {
        Label name = new Label(text);
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        return name;
    }

    /** Empty yet, with an empty tooltip; takes all the width and as many lines as it needs. */
    static Label value() {
        Label value = new Label();
        value.setWrapText(true);
        value.setMinHeight(Region.USE_PREF_SIZE);
        value.getStyleClass().add("fact-value");
        value.setTooltip(new Tooltip());
        GridPane.setHgrow(value, Priority.ALWAYS);
        return value;
    }
}
