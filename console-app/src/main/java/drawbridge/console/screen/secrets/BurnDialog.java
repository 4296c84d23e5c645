package drawbridge.console.screen.secrets;

import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;

/** The emergency: a version of a secret has leaked. */
final class BurnDialog {
    /** What is said. */
    record Told(String title, String what, String effect) {}

    private final Told told;
    private final Runnable cancelled;
    private final Runnable burning;
    private final Runnable replacing;

    @FXML private Label title;
    @FXML private Label what;
    @FXML private Label effect;
    @FXML private Button cancel;
    @FXML private Button burn;
    @FXML private Button replace;

    private BurnDialog(Told told, Runnable cancelled, Runnable burning, Runnable replacing) {
        this.told = told;
        this.cancelled = cancelled;
        this.burning = burning;
        this.replacing = replacing;
    }

    static void ask(
            Told told, FxmlViews views, Overlay overlay, Runnable burning, Runnable replacing) {
        BurnDialog dialog =
                new BurnDialog(
                        told,
                        overlay::close,
                        () -> {
                            overlay.close();
                            burning.run();
                        },
                        () -> {
                            overlay.close();
                            replacing.run();
                        });
        Node view = views.load(dialog, "burn.fxml");
        overlay.show(view, dialog.cancel, () -> {});
    }

    @FXML
    void initialize() {
        title.setText(told.title());
        what.setText(told.what());
        effect.setText(told.effect());
        cancel.setOnAction(_ -> cancelled.run());
        burn.setOnAction(_ -> burning.run());
        replace.setOnAction(_ -> replacing.run());
    }
}
