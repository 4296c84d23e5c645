package drawbridge.console.screen.alerts;

import drawbridge.console.ui.Remembered;
import drawbridge.model.view.AlertView;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

import java.util.Locale;

/** Of which new alerts a notice comes up in the window's corner. Used on the FX thread. */
public final class AlertNotices {
    private static final String KEY = "alerts.notices";

    /** What the person chose. */
    public enum Choice {
        CRITICAL,
        EVERY,
        NONE
    }

    private final ObjectProperty<Choice> choice;

    /** The choice last remembered, else of the critical ones. */
    public AlertNotices(Remembered remembered) {
        choice =
                new SimpleObjectProperty<>(
                        this,
                        "choice",
                        remembered.find(KEY).map(AlertNotices::read).orElse(Choice.CRITICAL));
        choice.addListener((property, before, after) ->
                remembered.put(KEY, after.name().toLowerCase(Locale.ROOT)));
    }

    private static Choice read(String word) {
        for (Choice one : Choice.values()) {
            if (one.name().equalsIgnoreCase(word)) {
                return one;
            }
        }
        return Choice.CRITICAL;
    }

    /** What the person chose; remembered when it changes. */
    public ObjectProperty<Choice> choiceProperty() {
        return choice;
    }

    boolean wants(AlertView alert) {
        return switch (choice.get()) {
            case CRITICAL -> alert.severity().equals("critical");
            case EVERY -> true;
            case NONE -> false;
        };
    }
}
