package drawbridge.console.ui;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;

/**
 * Toasts over the work, in the middle below: the buttons of drawers and dialogs are at the right,
 * those of screens at the left. What is beside them can be clicked.
 */
public final class ToastLayer extends VBox implements Toasts {
    private static final Duration SHOWN = Duration.ofSeconds(6);
    private static final int MOST = 3;

    private final Later later;
    private final Words words;

    /** An empty layer. */
    public ToastLayer(Later later, Words words) {
        this.later = later;
        this.words = words;
        getStyleClass().add("toasts");
        setPickOnBounds(false);
    }

    @Override
    public void tell(Tone tone, String title, String text) {
        HBox _ = show(tone, title, text);
    }

    @Override
    public void tell(Tone tone, String title, String text, Runnable open) {
        HBox toast = show(tone, title, text);
        toast.getStyleClass().add("leading");
        toast.setOnMouseClicked(_ -> {
            getChildren().remove(toast);
            open.run();
        });
    }

    private HBox show(Tone tone, String title, String text) {
        FontIcon icon = new FontIcon(tone == Tone.DONE ? "fth-check-circle" : "fth-alert-triangle");
        icon.getStyleClass().add(tone == Tone.DONE ? "success-icon" : "danger-icon");
        VBox told = new VBox(line(title, "toast-title"));
        if (!text.isEmpty()) {
            told.getChildren().add(line(text, "toast-text"));
        }
        told.setMinWidth(0);
        HBox.setHgrow(told, Priority.ALWAYS);
        Button close = new Button("", new FontIcon("fth-x"));
        close.getStyleClass().addAll("flat", "button-icon", "small");
        close.setAccessibleText(words.get("toast.close"));
        close.setMinWidth(Region.USE_PREF_SIZE);
        close.setFocusTraversable(false); // it goes by itself
        HBox toast = new HBox(icon, told, close);
        toast.getStyleClass().add("toast");
        toast.setPickOnBounds(false); // its shadow would take clicks for what lies beside it
        toast.setAccessibleText(title + " " + text);
        close.setOnAction(_ -> getChildren().remove(toast));
        getChildren().add(toast);
        if (getChildren().size() > MOST) {
            getChildren().removeFirst();
        }
        later.after(SHOWN, () -> getChildren().remove(toast));
        return toast;
    }

    private static Node line(String text, String style) {
        Label label = new Label(text);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }
}
