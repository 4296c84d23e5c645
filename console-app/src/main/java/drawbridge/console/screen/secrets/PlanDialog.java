package drawbridge.console.screen.secrets;

import drawbridge.console.screen.secrets.SecretsViewModel.Asked;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.CallerRow;

import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;

import org.jspecify.annotations.Nullable;

/** Says how often a caller's secret should be another one. */
final class PlanDialog {
    private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("error");

    private final CallerRow row;
    private final SecretsViewModel secrets;
    private final Words words;
    private final Runnable closed;

    @FXML private Label title;
    @FXML private TextField every;
    @FXML private Label everyProblem;
    @FXML private TextField overlap;
    @FXML private Label overlapProblem;
    @FXML private Label problem;
    @FXML private Button none;
    @FXML private Button cancel;
    @FXML private Button save;

    private PlanDialog(CallerRow row, SecretsViewModel secrets, Words words, Runnable closed) {
        this.row = row;
        this.secrets = secrets;
        this.words = words;
        this.closed = closed;
    }

    static void open(
            CallerRow row,
            SecretsViewModel secrets,
            Words words,
            FxmlViews views,
            Overlay overlay) {
        PlanDialog dialog = new PlanDialog(row, secrets, words, overlay::close);
        Node view = views.load(dialog, "plan.fxml");
        overlay.show(view, dialog.every, () -> {});
    }

    @FXML
    void initialize() {
        title.setText(words.get("secrets.plan.title", row.name()));
        String planned = row.rotation().every();
        String both = row.rotation().overlap();
        every.setText(planned == null ? "" : planned);
        overlap.setText(both == null ? SecretsViewModel.OVERLAP : both);
        none.setDisable(planned == null);
        for (Label each : new Label[] {everyProblem, overlapProblem, problem}) {
            each.managedProperty().bind(each.visibleProperty());
            each.visibleProperty().bind(each.textProperty().isNotEmpty());
        }
        cancel.setOnAction(_ -> closed.run());
        none.setOnAction(_ -> send(null));
        save.setOnAction(_ -> {
            String wanted = every.getText().strip();
            if (wanted.isEmpty()) {
                tell("every", words.get("secrets.plan.missing"));
            } else {
                send(wanted);
            }
        });
    }

    private void send(@Nullable String wanted) {
        everyProblem.setText("");
        overlapProblem.setText("");
        problem.setText("");
        every.pseudoClassStateChanged(PROBLEM, false);
        overlap.pseudoClassStateChanged(PROBLEM, false);
        secrets.plan(
                row.id(),
                wanted,
                overlap.getText().strip(),
                asked -> {
                    switch (asked) {
                        case Asked.Well _ -> closed.run();
                        case Asked.Badly(String field, String why) -> tell(field, why);
                    }
                });
    }

    private void tell(String field, String why) {
        switch (field) {
            case "every" -> at(every, everyProblem, why);
            case "overlap" -> at(overlap, overlapProblem, why);
            default -> problem.setText(why);
        }
    }

    private static void at(TextField field, Label told, String why) {
        told.setText(why);
        field.pseudoClassStateChanged(PROBLEM, true);
        field.requestFocus();
    }
}
