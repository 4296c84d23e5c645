package drawbridge.console.ui;

import javafx.fxml.FXMLLoader;
import javafx.scene.Parent;

import java.io.IOException;
import java.net.URL;
import java.util.Objects;

/** Loads views: the file beside the controller's class, the controller made by its constructor. */
public final class FxmlViews {
    private final Words words;

    /** Views in those words. */
    public FxmlViews(Words words) {
        this.words = words;
    }

    /**
     * The view of that controller.
     *
     * @param name the file's name, such as {@code sessions.fxml}
     */
    public Parent load(Object controller, String name) {
        URL file =
                Objects.requireNonNull(
                        controller.getClass().getResource(name),
                        () -> name + " beside " + controller.getClass().getName());
        FXMLLoader loader = new FXMLLoader(file, words.bundle());
        loader.setControllerFactory(type -> {
            throw new IllegalStateException(
                    name + " names a controller of its own: " + type.getName());
        });
        loader.setController(controller);
        try {
            return loader.load();
        } catch (IOException e) {
            throw new IllegalStateException("view cannot be loaded: " + file, e);
        }
    }
}
