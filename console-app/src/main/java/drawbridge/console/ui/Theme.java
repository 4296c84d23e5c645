package drawbridge.console.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
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
 * Light or dark: by the system's wish, or by the person's, how large, and how dense; the same in
 * all windows. Used on the FX thread.
 */
public final class Theme implements AutoCloseable {
    /** What the person chose. */
    public enum Choice {
        SYSTEM,
        LIGHT,
        DARK
    }

    /** How large everything is, beside the usual. */
    public enum Size {
        SMALL(90),
        USUAL(100),
        LARGE(115),
        LARGER(130),
        HALF_MORE(150),
        DOUBLE(200);

        private final int percent;

        Size(int percent) {
            this.percent = percent;
        }

        /** Of the usual size. */
        public int percent() {
            return percent;
        }

        /** The next one; itself at the end. */
        public Size next(int step) {
            List<Size> all = List.of(values());
            return all.get(Math.clamp(all.indexOf(this) + step, 0, all.size() - 1));
        }
    }

    private static final String KEY = "theme";
    private static final String SIZE = "look.size";
    private static final String COMPACT = "look.compact";
    private static final List<String> FONTS =
            List.of(
                    "Inter_400Regular.ttf",
                    "Inter_500Medium.ttf",
                    "Inter_600SemiBold.ttf",
                    "JetBrainsMono_400Regular.ttf");

    private final ObjectProperty<Choice> choice;
    private final ObjectProperty<Size> size;
    private final BooleanProperty compact;
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
        size =
                new SimpleObjectProperty<>(
                        this, "size", remembered.find(SIZE).map(Theme::sizeOf).orElse(Size.USUAL));
        size.addListener((property, before, after) -> {
            remembered.put(SIZE, Integer.toString(after.percent()));
            apply();
        });
        compact =
                new SimpleBooleanProperty(
                        this,
                        "compact",
                        remembered.find(COMPACT).filter("true"::equals).isPresent());
        compact.addListener((property, before, after) -> {
            remembered.put(COMPACT, after.toString());
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

    private static Size sizeOf(String percent) {
        for (Size size : Size.values()) {
            if (Integer.toString(size.percent()).equals(percent)) {
                return size;
            }
        }
        return Size.USUAL;
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

    /** How large everything is; remembered when it changes. */
    public ObjectProperty<Size> sizeProperty() {
        return size;
    }

    /** Whether tables show more rows in less room; remembered when it changes. */
    public BooleanProperty compactProperty() {
        return compact;
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
        List<String> sheets = new ArrayList<>();
        sheets.add(sheet(dark ? "tokens-dark.css" : "tokens-light.css"));
        sheets.add(sheet("console.css"));
        if (size.get() != Size.USUAL) {
            sheets.add(sheet("size-" + size.get().percent() + ".css"));
        }
        if (compact.get()) {
            sheets.add(sheet("compact.css"));
        }
        dressed.forEach(scene -> {
            scene.getStylesheets().setAll(sheets);
            Em.tell(scene, size.get());
        });
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
