package drawbridge.console.ui;

import javafx.scene.Scene;
import javafx.stage.FileChooser;
import javafx.stage.Window;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The system's own dialogs, over the console's window. */
public final class WindowFileChoice implements FileChoice {
    private final Supplier<Scene> scene;

    /**
     * @param scene the one whose window the dialogs belong to
     */
    public WindowFileChoice(Supplier<Scene> scene) {
        this.scene = scene;
    }

    @Override
    public Optional<Path> toRead(String title) {
        return path(chooser(title).showOpenDialog(window()));
    }

    @Override
    public Optional<Path> toWrite(String title, String suggestedName) {
        FileChooser chooser = chooser(title);
        chooser.setInitialFileName(suggestedName);
        return path(chooser.showSaveDialog(window()));
    }

    private static FileChooser chooser(String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        return chooser;
    }

    private Window window() {
        return scene.get().getWindow();
    }

    private static Optional<Path> path(File file) {
        return Optional.ofNullable(file).map(File::toPath);
    }
}
