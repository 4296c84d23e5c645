package drawbridge.console.screen.shell;

import drawbridge.console.screen.shell.ThrowAwayViewModel.Told;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;

/** The strip that stands above everything in a throw-away window, dialogs included. */
public final class ThrowAwayStrip {
    private final ThrowAwayViewModel simulation;

    @FXML private Label state;
    @FXML private Button again;

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    public ThrowAwayStrip(ThrowAwayViewModel simulation) {
        this.simulation = simulation;
    }

    @FXML
    void initialize() {
        again.managedProperty().bind(again.visibleProperty());
        again.setOnAction(_ -> simulation.again());
        simulation.toldProperty().subscribe(this::show);
    }

    private void show(Told told) {
        state.setText(told.text());
        again.setVisible(told.hasEnded());
    }
}
