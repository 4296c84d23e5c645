package drawbridge.console.ui.controls;

import drawbridge.console.ui.Em;

import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;

import java.util.ArrayList;
import java.util.List;

/**
 * Panels side by side, as wide as the columns say; below each other where there is too little room
 * for that. Each panel has its column. Used on the FX thread.
 */
public final class SideBySide extends GridPane {
    private final List<ColumnConstraints> beside = new ArrayList<>();
    private double least;

    /** An empty one. */
    public SideBySide() {
        getStyleClass().add("side-by-side");
        getChildren().addListener((ListChangeListener<Node>) _ -> arrange());
        widthProperty().subscribe(_ -> arrange());
        Em.follow(this, _ -> arrange());
    }

    /** How wide it must be for panels side by side, in em. */
    public double getLeast() {
        return least;
    }

    /** How wide it must be for panels side by side, in em. */
    public void setLeast(double least) {
        this.least = least;
        arrange();
    }

    private void arrange() {
        if (beside.isEmpty()) {
            beside.addAll(getColumnConstraints());
        }
        boolean room = getWidth() <= 0 || Em.in(this, getWidth()) >= least;
        List<ColumnConstraints> wanted = room ? beside : List.of(whole());
        if (room != getColumnConstraints().equals(beside)) {
            getColumnConstraints().setAll(wanted);
        }
        for (int i = 0; i < getChildren().size(); i++) {
            setConstraints(getChildren().get(i), room ? i : 0, room ? 0 : i);
        }
    }

    private static ColumnConstraints whole() {
        ColumnConstraints column = new ColumnConstraints();
        column.setPercentWidth(100);
        return column;
    }
}
