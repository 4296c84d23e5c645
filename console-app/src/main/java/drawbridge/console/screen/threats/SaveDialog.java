package drawbridge.console.screen.threats;

import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.stage.FileChooser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Asks where the report of the last run is saved, and as what. */
final class SaveDialog {
    private final ThreatsViewModel threats;
    private final ReportFile files;
    private final Path suggested;
    private final Words words;
    private final Runnable closed;

    @FXML private RadioButton html;
    @FXML private RadioButton json;
    @FXML private TextField file;
    @FXML private Button browse;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button save;

    /**
     * @param suggested a file without its ending
     */
    SaveDialog(
            ThreatsViewModel threats,
            ReportFile files,
            Path suggested,
            Words words,
            Runnable closed) {
        this.threats = threats;
        this.files = files;
        this.suggested = suggested;
        this.words = words;
        this.closed = closed;
    }

    @FXML
    void initialize() {
        file.setText(suggested + ReportFile.Form.HTML.ending());
        html.setSelected(true);
        html.setOnAction(_ -> ending(ReportFile.Form.JSON, ReportFile.Form.HTML));
        json.setOnAction(_ -> ending(ReportFile.Form.HTML, ReportFile.Form.JSON));
        problem.managedProperty().bind(problem.visibleProperty());
        problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
        file.textProperty().subscribe(_ -> look());
        browse.setOnAction(_ -> choose());
        cancel.setOnAction(_ -> closed.run());
        save.setOnAction(_ -> save());
    }

    private ReportFile.Form form() {
        return json.isSelected() ? ReportFile.Form.JSON : ReportFile.Form.HTML;
    }

    private void ending(ReportFile.Form from, ReportFile.Form to) {
        String text = file.getText();
        if (text.endsWith(from.ending())) {
            file.setText(text.substring(0, text.length() - from.ending().length()) + to.ending());
        }
    }

    private Optional<Path> path() {
        try {
            String text = file.getText().strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void look() {
        Optional<Path> path = path();
        save.setDisable(path.isEmpty());
        problem.setText(
                path.isPresent() && Files.exists(path.get())
                        ? words.get("threats.save.exists")
                        : "");
    }

    private void choose() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(words.get("threats.save.title"));
        path().map(Path::getFileName).ifPresent(name -> chooser.setInitialFileName(name + ""));
        File chosen = chooser.showSaveDialog(browse.getScene().getWindow());
        if (chosen != null) {
            file.setText(chosen.getPath());
        }
    }

    private void save() {
        path().ifPresent(path -> {
            save.setDisable(true);
            threats.save(
                    path,
                    form(),
                    files,
                    closed,
                    why -> {
                        save.setDisable(false);
                        problem.setText(words.get("threats.save.failed", why));
                    });
        });
    }

    Node field() {
        return file;
    }
}
