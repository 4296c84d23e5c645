package drawbridge.console.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ChangeListener;
import javafx.scene.Scene;
import javafx.scene.text.Font;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Light or dark: by the system's wish, or by the person's, and the same in all windows. Used on the
 * FX thread.
 */
public final class Theme implements AutoCloseable {
    /** What the person chose. */
    public enum Choice {
        SYSTEM,
        LIGHT,
        DARK
    }

    private static final String KEY = "theme";
    private static final List<String> FONTS =
            List.of(
                    "Inter_400Regular.ttf",
                    "Inter_500Medium.ttf",
                    "Inter_600SemiBold.ttf",
                    "JetBrainsMono_400Regular.ttf");

    private final ObjectProperty<Choice> choice;
    private final ChangeListener<ColorScheme> system = (property, before, after) -> apply();
    private final List<Scene> dressed = new ArrayList<>();

    /** The choice last remembered, else the system's. */
    public Theme(Remembered remembered) {
        this.choice =
                new SimpleObjectProperty<>(
                        this,
                        "choice",
                        remembered.find(KEY).map(Theme::read).orElse(Choice.SYSTEM));
        choice.addListener((property, before, after) -> {
            remembered.put(KEY, after.name().toLowerCase(Locale.ROOT));
            apply();
        });
        FONTS.forEach(Theme::loadFont);
        Platform.getPreferences().colorSchemeProperty().addListener(system);
    }

    private static Choice read(String word) {
        for (Choice choice : Choice.values()) {
            if (choice.name().equalsIgnoreCase(word)) {
                return choice;
            }
        }
        return Choice.SYSTEM;
    }

    private static void loadFont(String name) {
        try (InputStream font =
                Theme.class.getResourceAsStream("/drawbridge/console/fonts/" + name)) {
            if (font == null || Font.loadFont(font, 13) == null) {
                throw new IllegalStateException("bundled font cannot be loaded: " + name);
            }
        } catch (IOException e) {
            throw new IllegalStateException("bundled font cannot be read: " + name, e);
        }
    }

    /** What the person chose; remembered when it changes. */
    public ObjectProperty<Choice> choiceProperty() {
        return choice;
    }

    /** Whether the dark one is shown. */
    public boolean isDark() {
        return switch (choice.get()) {
            case LIGHT -> false;
            case DARK -> true;
            case SYSTEM -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
        };
    }

    /** Dresses the scene, now and whenever the theme changes. */
    public void dress(Scene scene) {
        dressed.add(scene);
        apply();
    }

    /** Leaves the scene as it is from now on. */
    public void leave(Scene scene) {
        dressed.remove(scene);
    }

    private void apply() {
        boolean dark = isDark();
        Application.setUserAgentStylesheet(
                dark
                        ? new PrimerDark().getUserAgentStylesheet()
                        : new PrimerLight().getUserAgentStylesheet());
        List<String> sheets =
                List.of(sheet(dark ? "tokens-dark.css" : "tokens-light.css"), sheet("console.css"));
        dressed.forEach(scene -> scene.getStylesheets().setAll(sheets));
    }

    private static String sheet(String name) {
        URL found = Theme.class.getResource("/drawbridge/console/css/" + name);
        return Objects.requireNonNull(found, name).toExternalForm();
    }

    /** Stops following the system. */
    @Override
    public void close() {
        Platform.getPreferences().colorSchemeProperty().removeListener(system);
    }
}
