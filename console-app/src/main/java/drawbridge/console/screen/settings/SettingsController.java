package drawbridge.console.screen.settings;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.alerts.AlertNotices;
import drawbridge.console.screen.shell.Closing;
import drawbridge.console.settings.Version;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ServerInfo;

import javafx.beans.property.Property;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Binds the settings of this console: each holds at once and is remembered. */
public final class SettingsController implements ScreenController {
    /** What is chosen here. */
    public record Choices(Theme theme, AlertNotices notices, Closing closing) {}

    /**
     * Where it leads to.
     *
     * @param welcome shows the welcome again
     * @param showServerSettings goes to what the server is set to
     */
    public record Ways(Runnable welcome, Runnable showServerSettings) {}

    private final ConsoleModel model;
    private final Choices choices;
    private final Remembered remembered;
    private final Profile profile;
    private final Ways ways;
    private final Words words;

    @FXML private FlowPane themeChoices;
    @FXML private FlowPane sizeChoices;
    @FXML private CheckBox compact;
    @FXML private VBox noticeChoices;
    @FXML private VBox closeChoices;
    @FXML private VBox closeCard;
    @FXML private Button welcome;
    @FXML private GridPane places;
    @FXML private Button serverSettings;
    @FXML private Label profileText;

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    public SettingsController(
            ConsoleModel model,
            Choices choices,
            Remembered remembered,
            Profile profile,
            Ways ways,
            Words words) {
        this.model = model;
        this.choices = choices;
        this.remembered = remembered;
        this.profile = profile;
        this.ways = ways;
        this.words = words;
    }

    @FXML
    void initialize() {
        choice(
                List.of(Theme.Choice.values()),
                choices.theme().choiceProperty(),
                one -> words.oneOf("settings.theme", key(one)),
                button -> themeChoices.getChildren().add(button));
        choice(
                List.of(Theme.Size.values()),
                choices.theme().sizeProperty(),
                one -> words.get("settings.size.percent", one.percent()),
                button -> sizeChoices.getChildren().add(button));
        compact.selectedProperty().bindBidirectional(choices.theme().compactProperty());
        choice(
                List.of(AlertNotices.Choice.values()),
                choices.notices().choiceProperty(),
                one -> words.oneOf("settings.notices", key(one)),
                button -> noticeChoices.getChildren().add(button));
        boolean isOwn = profile instanceof Profile.Own;
        profileText.setText(words.oneOf("settings.profile", isOwn ? "own" : "throwAway"));
        closeCard.setVisible(isOwn); // a throw-away server always ends with its window
        closeCard.managedProperty().bind(closeCard.visibleProperty());
        welcome.setVisible(isOwn);
        welcome.managedProperty().bind(welcome.visibleProperty());
        welcome.setOnAction(_ -> ways.welcome().run());
        serverSettings.setOnAction(_ -> ways.showServerSettings().run());
        model.snapshotProperty().subscribe(_ -> showPlaces());
        showClosing();
    }

    @Override
    public void shown() {
        showClosing(); // also the dialog that asks sets it
        showPlaces();
    }

    @Override
    public List<ScreenAction> actions() {
        Theme theme = choices.theme();
        return List.of(
                action("fth-zoom-in", "larger", () -> step(theme, 1)),
                action("fth-zoom-out", "smaller", () -> step(theme, -1)),
                action(
                        "fth-align-justify",
                        theme.compactProperty().get() ? "roomy" : "compact",
                        () -> theme.compactProperty().set(!theme.compactProperty().get())));
    }

    private ScreenAction action(String icon, String key, Runnable run) {
        return new ScreenAction(icon, words.oneOf("settings.action", key), run);
    }

    private static void step(Theme theme, int step) {
        theme.sizeProperty().set(theme.sizeProperty().get().next(step));
    }

    private static String key(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    /** Radio buttons that say and set the same. */
    private static <T> void choice(
            List<T> values,
            Property<T> property,
            Function<T, String> text,
            Consumer<RadioButton> place) {
        ToggleGroup group = new ToggleGroup();
        for (T value : values) {
            RadioButton button = new RadioButton(text.apply(value));
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setOnAction(_ -> property.setValue(value));
            property.subscribe(now -> {
                if (value.equals(now)) {
                    button.setSelected(true);
                }
            });
            place.accept(button);
        }
    }

    private void showClosing() {
        ToggleGroup group = new ToggleGroup();
        Optional<Closing.Choice> now = choices.closing().remembered();
        closeChoices.getChildren().clear();
        closing(group, "ask", now.isEmpty(), () -> choices.closing().askAgain());
        for (Closing.Choice one : Closing.Choice.values()) {
            closing(
                    group,
                    key(one),
                    now.equals(Optional.of(one)),
                    () -> choices.closing().remember(one));
        }
    }

    private void closing(ToggleGroup group, String key, boolean selected, Runnable set) {
        RadioButton button = new RadioButton(words.oneOf("settings.close", key));
        button.setId("close-" + key);
        button.setToggleGroup(group);
        button.setSelected(selected);
        button.setOnAction(_ -> set.run());
        closeChoices.getChildren().add(button);
    }

    private void showPlaces() {
        places.getChildren().clear();
        place("folder", String.valueOf(remembered.file().getParent()));
        place("file", String.valueOf(remembered.file().getFileName()));
        model.snapshotProperty()
                .get()
                .ifPresent(snapshot -> {
                    ServerInfo server = snapshot.server();
                    place("server", server.dataDir());
                    place("public", server.publicUrl());
                    place("admin", server.adminUrl());
                    place("serverVersion", server.version());
                });
        place("version", Version.current());
        place("java", Runtime.version().toString());
    }

    private void place(String key, String value) {
        Label name = new Label(words.oneOf("settings.place", key));
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.getStyleClass().addAll("fact-value", "mono");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        Button copy = new Button("", new FontIcon("fth-copy"));
        copy.getStyleClass().addAll("flat", "button-icon", "small");
        copy.setAccessibleText(words.get("settings.copy", name.getText()));
        copy.setOnAction(_ -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(value);
            Clipboard.getSystemClipboard().setContent(content);
        });
        places.addRow(places.getRowCount(), name, text, copy);
    }
}
