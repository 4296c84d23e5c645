package drawbridge.console.ui;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.scene.Node;
import javafx.scene.Scene;

import java.util.function.DoubleConsumer;

/**
 * How many pixels an em is where a node is shown, for what the stylesheets cannot measure: when a
 * screen has little room, and how wide a column is. Used on the FX thread.
 */
public final class Em {
    /** At the usual size of the text; {@code console.css} says the same. */
    public static final double USUAL = 13;

    private Em() {}

    /** Says how large the text of a window is from now on. */
    static void tell(Scene scene, Theme.Size size) {
        property(scene).set(USUAL * size.percent() / 100);
    }

    // Kept by the scene itself, so that nothing holds a window that was closed.
    private static DoubleProperty property(Scene scene) {
        return (DoubleProperty)
                scene.getProperties()
                        .computeIfAbsent(Em.class, _ -> new SimpleDoubleProperty(USUAL));
    }

    /** What it is now; that of the usual size while the node is in no window. */
    public static double of(Node node) {
        return node.getScene() == null ? USUAL : property(node.getScene()).get();
    }

    /** How many of them are as wide as that where the node is. */
    public static double in(Node node, double pixels) {
        return pixels / of(node);
    }

    /** Tells what it is now, and whenever it changes while the node is in a window. */
    public static void follow(Node node, DoubleConsumer told) {
        node.sceneProperty()
                .flatMap(Em::property)
                .subscribe(em -> {
                    if (em != null) {
                        told.accept(em.doubleValue());
                    }
                });
    }
}
