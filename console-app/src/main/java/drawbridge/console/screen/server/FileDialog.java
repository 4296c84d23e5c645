package drawbridge.console.screen.server;

import drawbridge.console.ui.FileChoice;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.DiagnosticPart;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks for a file, and says before what it is for and what will be in it. */
final class FileDialog {
    /**
     * What is asked.
     *
     * @param confirm the words of the button
     * @param isRead whether the file must be there, and else must not
     * @param contents what a bundle would hold; empty for nothing to list
     */
    record Question(
            String title,
            String text,
            String confirm,
            Path suggested,
            boolean isRead,
            Optional<DiagnosticContents> contents) {}

    private final Question question;
    private final FileChoice files;
    private final Words words;
    private final Formats formats;
    private final Runnable closed;
    private final Consumer<Path> chosen;

    @FXML private Label title;
    @FXML private Label text;
    @FXML private ScrollPane contentsScroll;
    @FXML private VBox contents;
    @FXML private TextField file;
    @FXML private Button browse;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button save;

    private FileDialog(
            Question question,
            FileChoice files,
            Words words,
            Formats formats,
            Runnable closed,
            Consumer<Path> chosen) {
        this.question = question;
        this.files = files;
        this.words = words;
        this.formats = formats;
        this.closed = closed;
        this.chosen = chosen;
    }

    /**
     * Asks.
     *
     * @param chosen hears the file, once
     */
    static void ask(
            Question question,
            FileChoice files,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay,
            Consumer<Path> chosen) {
        FileDialog dialog =
                new FileDialog(
                        question,
                        files,
                        words,
                        formats,
                        overlay::close,
                        path -> {
                            overlay.close();
                            chosen.accept(path);
                        });
        Node view = views.load(dialog, "file.fxml");
        overlay.show(view, dialog.file, () -> {});
    }

    @FXML
    void initialize() {
        title.setText(question.title());
        text.setText(question.text());
        save.setText(question.confirm());
        contentsScroll.setManaged(question.contents().isPresent());
        contentsScroll.setVisible(question.contents().isPresent());
        question.contents().ifPresent(this::list);
        problem.managedProperty().bind(problem.visibleProperty());
        problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
        file.setText(question.suggested().toString());
        file.textProperty().subscribe(_ -> look());
        browse.setOnAction(_ -> browse());
        cancel.setOnAction(_ -> closed.run());
        save.setOnAction(_ -> path().ifPresent(chosen));
    }

    private void list(DiagnosticContents bundle) {
        GridPane parts = new GridPane();
        parts.getStyleClass().addAll("keys", "bundle-parts");
        int row = 0;
        for (DiagnosticPart part : bundle.parts()) {
            Label name = new Label(part.name());
            name.getStyleClass().add("mono");
            name.setMinWidth(Region.USE_PREF_SIZE);
            Label about =
                    new Label(
                            part.replaced() == 0
                                    ? words.get(
                                            "care.part", part.about(), formats.bytes(part.bytes()))
                                    : words.get(
                                            "care.partReplaced",
                                            part.about(),
                                            formats.bytes(part.bytes()),
                                            part.replaced()));
            about.setWrapText(true);
            parts.addRow(row++, name, about);
        }
        Label out = new Label(words.get("care.leftOut"));
        out.getStyleClass().add("card-title");
        contents.getChildren().addAll(parts, out);
        for (String sentence : bundle.leftOut()) {
            Label line = new Label("– " + sentence);
            line.setWrapText(true);
            contents.getChildren().add(line);
        }
    }

    private Optional<Path> path() {
        try {
            String written = file.getText().strip();
            return written.isEmpty() ? Optional.empty() : Optional.of(Path.of(written));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void look() {
        Optional<Path> path = path();
        boolean isThere = path.isPresent() && Files.isRegularFile(path.get());
        boolean fits = path.isPresent() && isThere == question.isRead();
        save.setDisable(!fits);
        problem.setText(
                fits || path.isEmpty()
                        ? ""
                        : words.get(question.isRead() ? "care.noFile" : "care.isThere"));
    }

    private void browse() {
        (question.isRead()
                        ? files.toRead(question.title())
                        : files.toWrite(
                                question.title(),
                                String.valueOf(question.suggested().getFileName())))
                .ifPresent(path -> file.setText(path.toString()));
    }
}
