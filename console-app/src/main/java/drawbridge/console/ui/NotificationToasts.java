package drawbridge.console.ui;

import javafx.geometry.Pos;
import javafx.scene.Scene;
import javafx.util.Duration;

import org.controlsfx.control.Notifications;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Supplier;

/** Toasts as notifications in the window's corner. */
public final class NotificationToasts implements Toasts {
    private static final Duration SHOWN = Duration.seconds(6);

    private final Supplier<Scene> owner;

    /** Notifications over the window of that scene; none before it is shown. */
    public NotificationToasts(Supplier<Scene> owner) {
        this.owner = owner;
    }

    @Override
    public void tell(Tone tone, String title, String text) {
        Scene scene = owner.get();
        if (scene.getWindow() == null || !scene.getWindow().isShowing()) {
            return;
        }
        FontIcon icon = new FontIcon(tone == Tone.DONE ? "fth-check-circle" : "fth-alert-triangle");
        icon.getStyleClass().add(tone == Tone.DONE ? "success-icon" : "danger-icon");
        Notifications.create()
                .owner(scene.getWindow())
                .position(Pos.BOTTOM_RIGHT)
                .styleClass("toast")
                .hideAfter(SHOWN)
                .graphic(icon)
                .title(title)
                .text(text)
                .show();
    }
}
