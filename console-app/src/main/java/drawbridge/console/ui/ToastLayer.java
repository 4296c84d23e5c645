package drawbridge.console.ui;

import javafx.collections.ListChangeListener;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;

/**
 * Toasts over the work, in the middle below: the buttons of dialogs are at the right, those of
 * screens at the left, and a drawer, which has its own below, is left free as far as it leaves room
 * beside it. What is beside them can be clicked.
 */
public final class ToastLayer extends VBox implements Toasts {
    private static final Duration SHOWN = Duration.ofSeconds(6);
    private static final int MOST = 3;

    /** Toasts are not squeezed into less, in em. */
    private static final double LEAST_ROOM = 18;

    private final Later later;
    private final Words words;

    /** An empty layer. */
    public ToastLayer(Later later, Words words) {
        this.later = later;
        this.words = words;
        getStyleClass().add("toasts");
        setPickOnBounds(false);
        Runnable giveWay = this::giveWay; // one and the same, so that it can be taken away
        getChildren()
                .addListener(
                        (ListChangeListener<Node>)
                                _ -> {
                                    Scene scene = getScene();
                                    if (scene != null) {
                                        scene.removePreLayoutPulseListener(giveWay);
                                        if (!getChildren().isEmpty()) {
                                            scene.addPreLayoutPulseListener(giveWay);
                                        }
                                    }
                                });
    }

    /** Drawers come and go while a toast is there. */
    private void giveWay() {
        Scene scene = getScene();
        if (scene == null) {
            return;
        }
        double taken = 0;
        for (Node drawer : scene.getRoot().lookupAll(".drawer")) {
            if (isSeen(drawer)) {
                Bounds bounds = sceneToLocal(drawer.localToScene(drawer.getLayoutBounds()));
                taken = Math.max(taken, getWidth() - bounds.getMinX());
            }
        }
        boolean hasRoom = Em.in(this, getWidth() - taken) >= LEAST_ROOM;
        Insets left = hasRoom && taken > 0 ? new Insets(0, taken, 0, 0) : Insets.EMPTY;
        for (Node toast : getChildren()) {
            if (!left.equals(VBox.getMargin(toast))) {
                VBox.setMargin(toast, left);
            }
        }
    }

    private static boolean isSeen(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
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
        FontIcon icon =
                new FontIcon(
                        switch (tone) {
                            case DONE -> "fth-check-circle";
                            case UNDER_WAY -> "fth-clock";
                            case PROBLEM -> "fth-alert-triangle";
                        });
        icon.getStyleClass()
                .add(
                        switch (tone) {
                            case DONE -> "success-icon";
                            case UNDER_WAY -> "accent-icon";
                            case PROBLEM -> "danger-icon";
                        });
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
