package drawbridge.console.screen.threats;

import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ThreatReason;

import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Leads from a reason to the screen where it is mended. */
final class Mending {
    private final Navigation navigation;
    private final Predicate<Screen> isThere;
    private final Consumer<String> showSetting;
    private final Words words;

    /**
     * @param isThere whether this console has that screen
     * @param showSetting goes to that setting among those in effect; to all of them when empty
     */
    Mending(
            Navigation navigation,
            Predicate<Screen> isThere,
            Consumer<String> showSetting,
            Words words) {
        this.navigation = navigation;
        this.isThere = isThere;
        this.showSetting = showSetting;
        this.words = words;
    }

    /** A button that leads there; empty when no screen mends it. */
    Optional<Button> button(ThreatReason reason) {
        return switch (reason.mend()) {
            case "routes" -> leading(Screen.ROUTES, "routes", () -> navigation.show(Screen.ROUTES));
            case "callers" ->
                    leading(Screen.SECRETS, "callers", () -> navigation.show(Screen.SECRETS));
            case "settings" -> {
                String setting = reason.setting();
                yield leading(
                        Screen.SERVER,
                        "settings",
                        () -> showSetting.accept(setting == null ? "" : setting));
            }
            case "server" -> leading(Screen.SERVER, "server", () -> navigation.show(Screen.SERVER));
            default -> Optional.empty();
        };
    }

    private Optional<Button> leading(Screen screen, String key, Runnable go) {
        if (!isThere.test(screen)) {
            return Optional.empty();
        }
        Button button =
                new Button(words.oneOf("threats.mend", key), new FontIcon("fth-arrow-right"));
        button.setContentDisplay(ContentDisplay.RIGHT);
        button.getStyleClass().addAll("link-button", "mend-" + key);
        button.setOnAction(_ -> go.run());
        return Optional.of(button);
    }
}
