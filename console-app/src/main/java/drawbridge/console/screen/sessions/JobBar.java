package drawbridge.console.screen.sessions;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Words;
import drawbridge.model.view.RevocationJob;

import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Optional;

/** The line that says how a revocation of many sessions goes on, with its cancel and its Undo. */
public final class JobBar {
    private final ConsoleModel model;
    private final ManyViewModel many;
    private final Words words;

    @FXML private HBox jobBox;
    @FXML private FontIcon jobIcon;
    @FXML private Label jobTitle;
    @FXML private Label jobText;
    @FXML private ProgressBar jobBar;
    @FXML private Button jobUndo;
    @FXML private Button jobCancel;
    @FXML private Button jobClose;

    private JobBar(ConsoleModel model, ManyViewModel many, Words words) {
        this.model = model;
        this.many = many;
        this.words = words;
    }

    /** The line, which takes no room while there is nothing to say. */
    public static Parent load(
            ConsoleModel model, ManyViewModel many, Words words, FxmlViews views) {
        return views.load(new JobBar(model, many, words), "job.fxml");
    }

    @FXML
    void initialize() {
        jobBox.managedProperty().bind(jobBox.visibleProperty());
        jobUndo.managedProperty().bind(jobUndo.visibleProperty());
        jobCancel.managedProperty().bind(jobCancel.visibleProperty());
        jobBar.managedProperty().bind(jobBar.visibleProperty());
        jobClose.managedProperty().bind(jobClose.visibleProperty());
        jobUndo.setOnAction(_ -> many.undo());
        jobCancel.setOnAction(_ -> many.cancel());
        jobClose.setOnAction(_ -> many.dismiss());
        many.jobProperty().subscribe(this::show);
        model.secondsProperty().subscribe(_ -> show(many.jobProperty().get()));
    }

    private void show(Optional<RevocationJob> job) {
        jobBox.setVisible(job.isPresent());
        job.ifPresent(shown -> {
            jobTitle.setText(many.title(shown));
            jobText.setText(shown.problem().isEmpty() ? many.proof(shown) : shown.problem());
            jobIcon.setIconLiteral(
                    shown.state().startsWith("restor") ? "fth-rotate-ccw" : "fth-slash");
            jobBar.setVisible(shown.isWorking());
            jobBar.setProgress(ManyViewModel.progress(shown));
            jobCancel.setVisible(shown.state().equals("running"));
            jobUndo.setVisible(many.canBeUndone(shown));
            jobUndo.setText(words.get("sessions.many.undo", many.undoSeconds(shown)));
            jobClose.setVisible(!shown.isWorking());
        });
    }
}
