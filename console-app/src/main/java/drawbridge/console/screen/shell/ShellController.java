package drawbridge.console.screen.shell;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.server.ServerController;
import drawbridge.console.screen.sessions.SessionsController;
import drawbridge.console.screen.shell.ShellViewModel.Banner;
import drawbridge.console.screen.shell.ShellViewModel.Pill;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.Words;

import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Binds the frame: navigation, pill, banner, status line, keys. */
public final class ShellController {
    private static final double COMPACT_BELOW = 1_180;
    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");
    private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");

    private final ConsoleModel model;
    private final ShellViewModel shell;
    private final Closing closing;
    private final Theme themeChoice;
    private final Words words;
    private final FxmlViews views;
    private final Map<Screen, Node> screenViews = new EnumMap<>(Screen.class);

    private @Nullable SessionsController sessionsController;
    private @Nullable ServerController serverController;

    @FXML private StackPane root;
    @FXML private VBox navigation;
    @FXML private Label brand;
    @FXML private ToggleGroup screens;
    @FXML private ToggleButton overview;
    @FXML private ToggleButton sessions;
    @FXML private ToggleButton server;
    @FXML private Button shortcuts;
    @FXML private Label title;
    @FXML private Button pill;
    @FXML private Button palette;
    @FXML private MenuButton theme;
    @FXML private FontIcon themeIcon;
    @FXML private RadioMenuItem themeSystem;
    @FXML private RadioMenuItem themeLight;
    @FXML private RadioMenuItem themeDark;
    @FXML private HBox banner;
    @FXML private FontIcon bannerIcon;
    @FXML private Label bannerText;
    @FXML private Button bannerAction;
    @FXML private StackPane content;
    @FXML private HBox figures;
    @FXML private Label feed;
    @FXML private Overlay overlay;

    /** A controller; its view is loaded by {@link FxmlViews}, its screens are put in afterwards. */
    public ShellController(
            ConsoleModel model,
            ShellViewModel shell,
            Closing closing,
            Theme theme,
            Words words,
            FxmlViews views) {
        this.model = model;
        this.shell = shell;
        this.closing = closing;
        this.themeChoice = theme;
        this.words = words;
        this.views = views;
    }

    @FXML
    void initialize() {
        bindNavigation();
        root.widthProperty().subscribe(this::fitNavigation);
        pill.setOnAction(_ -> shell.show(Screen.SERVER));
        pill.setTooltip(new Tooltip(words.get("shell.pill.tooltip")));
        shell.pillProperty().subscribe(this::showPill);
        shell.feedProperty().subscribe(this::showFeed);
        shell.figuresProperty().subscribe(this::showFigures);
        banner.managedProperty().bind(banner.visibleProperty());
        shell.bannerProperty().subscribe(this::showBanner);
        model.staleProperty().subscribe(this::showStale);
        palette.setOnAction(_ -> showPalette());
        shortcuts.setOnAction(_ -> showShortcuts());
        themes();
        root.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        root.addEventHandler(KeyEvent.KEY_TYPED, this::typed);
    }

    /** The layer for dialogs. */
    public Overlay overlay() {
        return overlay;
    }

    /** Puts the screens in; the first is shown. */
    public void put(
            Node overviewView,
            Node sessionsView,
            SessionsController ofSessions,
            Node serverView,
            ServerController ofServer) {
        sessionsController = ofSessions;
        serverController = ofServer;
        screenViews.put(Screen.OVERVIEW, overviewView);
        screenViews.put(Screen.SESSIONS, sessionsView);
        screenViews.put(Screen.SERVER, serverView);
        shell.screenProperty().subscribe(this::showScreen);
    }

    /** In a narrow window the navigation keeps its icons only; its words become tooltips. */
    private void fitNavigation() {
        boolean compact = root.getWidth() < COMPACT_BELOW;
        navigation.pseudoClassStateChanged(COMPACT, compact);
        brand.setVisible(!compact);
        brand.setManaged(!compact);
        for (ButtonBase item : List.of(overview, sessions, server, shortcuts)) {
            item.setContentDisplay(compact ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT);
            item.setTooltip(compact ? new Tooltip(item.getText()) : null);
        }
    }

    private void bindNavigation() {
        overview.setOnAction(_ -> shell.show(Screen.OVERVIEW));
        sessions.setOnAction(_ -> shell.show(Screen.SESSIONS));
        server.setOnAction(_ -> shell.show(Screen.SERVER));
        screens.selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                });
    }

    private void showScreen(Screen screen) {
        content.getChildren().setAll(List.of(screenViews.get(screen)));
        overview.setSelected(screen == Screen.OVERVIEW);
        sessions.setSelected(screen == Screen.SESSIONS);
        server.setSelected(screen == Screen.SERVER);
        title.setText(words.oneOf("shell.nav", screen.name().toLowerCase(Locale.ROOT)));
        showStale(model.staleProperty().get());
        showBanner(shell.bannerProperty().get());
    }

    private void showStale(boolean stale) {
        // The server screen tells of the process itself: it is right also when nothing runs.
        content.pseudoClassStateChanged(
                STALE, stale && shell.screenProperty().get() != Screen.SERVER);
        figures.pseudoClassStateChanged(STALE, stale);
    }

    private void showPill(Pill state) {
        pill.setText(state.text());
        tone(pill, state.tone());
    }

    private void showFeed(Pill state) {
        feed.setText(state.text());
        tone(feed, state.tone());
    }

    private static void tone(Node node, ShellViewModel.Tone tone) {
        String wanted = "tone-" + tone.name().toLowerCase(Locale.ROOT);
        if (!node.getStyleClass().contains(wanted)) {
            node.getStyleClass().removeIf(name -> name.startsWith("tone-"));
            node.getStyleClass().add(wanted);
        }
    }

    private void showFigures(List<String> values) {
        if (figures.getChildren().size() != values.size()) {
            figures.getChildren().clear();
            values.forEach(_ -> figures.getChildren().add(new Label()));
        }
        for (int i = 0; i < values.size(); i++) {
            ((Label) figures.getChildren().get(i)).setText(values.get(i));
        }
    }

    private void showBanner(Optional<Banner> trouble) {
        banner.setVisible(trouble.isPresent() && !saysServerScreen());
        trouble.ifPresent(shown -> {
            bannerText.setText(shown.text());
            bannerIcon.setIconLiteral(
                    shown.tone() == ShellViewModel.Tone.BAD ? "fth-alert-triangle" : "fth-info");
            bannerAction.setText(shown.action());
            bannerAction.setVisible(!shown.action().isEmpty());
            bannerAction.setManaged(!shown.action().isEmpty());
            bannerAction.setOnAction(_ -> shown.run().run());
            tone(banner, shown.tone());
        });
    }

    /** The server screen says itself that nothing runs; only a lost feed is news there. */
    private boolean saysServerScreen() {
        return shell.screenProperty().get() == Screen.SERVER
                && !(model.server().stateProperty().get() instanceof ServerState.Running);
    }

    private void themes() {
        themeChoice
                .choiceProperty()
                .subscribe(choice -> {
                    themeSystem.setSelected(choice == Theme.Choice.SYSTEM);
                    themeLight.setSelected(choice == Theme.Choice.LIGHT);
                    themeDark.setSelected(choice == Theme.Choice.DARK);
                    themeIcon.setIconLiteral(themeChoice.isDark() ? "fth-moon" : "fth-sun");
                });
        themeSystem.setOnAction(_ -> themeChoice.choiceProperty().set(Theme.Choice.SYSTEM));
        themeLight.setOnAction(_ -> themeChoice.choiceProperty().set(Theme.Choice.LIGHT));
        themeDark.setOnAction(_ -> themeChoice.choiceProperty().set(Theme.Choice.DARK));
        theme.setTooltip(new Tooltip(words.get("shell.theme.name")));
    }

    private void pressed(KeyEvent event) {
        if (overlay.isShown()) {
            return;
        }
        boolean command = event.isShortcutDown();
        boolean writing = isWriting(event.getTarget());
        boolean done =
                switch (event.getCode()) {
                    case DIGIT1, NUMPAD1 -> command && go(Screen.OVERVIEW);
                    case DIGIT2, NUMPAD2 -> command && go(Screen.SESSIONS);
                    case DIGIT3, NUMPAD3 -> command && go(Screen.SERVER);
                    case K -> command && run(this::showPalette);
                    case F5 -> run(this::refetch);
                    case DELETE -> !writing && onSessions(SessionsController::revokeSelected);
                    case Z -> command && !writing && onSessions(SessionsController::undoSelected);
                    case ESCAPE -> !writing && closeDrawer();
                    default -> false;
                };
        if (done) {
            event.consume();
        }
    }

    private void typed(KeyEvent event) {
        if (overlay.isShown() || isWriting(event.getTarget())) {
            return;
        }
        switch (event.getCharacter()) {
            case "/" -> focusFilter();
            case "?" -> showShortcuts();
            default -> {}
        }
    }

    private static boolean isWriting(EventTarget target) {
        return target instanceof TextInputControl field && field.isEditable();
    }

    private boolean go(Screen screen) {
        shell.show(screen);
        onSessions(SessionsController::focusTable);
        return true;
    }

    private static boolean run(Runnable action) {
        action.run();
        return true;
    }

    private boolean onSessions(Consumer<SessionsController> action) {
        SessionsController shown = sessionsController;
        if (shown == null || shell.screenProperty().get() != Screen.SESSIONS) {
            return false;
        }
        action.accept(shown);
        return true;
    }

    private boolean closeDrawer() {
        SessionsController shown = sessionsController;
        return shown != null
                && shell.screenProperty().get() == Screen.SESSIONS
                && shown.closeDrawer();
    }

    private void refetch() {
        model.refetch();
        if (sessionsController != null) {
            sessionsController.refetch();
        }
    }

    private void focusFilter() {
        if (shell.screenProperty().get() == Screen.SERVER) {
            if (serverController != null) {
                serverController.focusFilter();
            }
        } else {
            shell.show(Screen.SESSIONS);
            if (sessionsController != null) {
                sessionsController.focusFilter();
            }
        }
    }

    private void showShortcuts() {
        ShortcutSheet sheet = new ShortcutSheet(words, overlay::close);
        Node view = views.load(sheet, "shortcuts.fxml");
        overlay.show(view, sheet.safeButton(), () -> {});
    }

    private void showPalette() {
        Palette offered = new Palette(actions(), shell::showSessions, words, overlay::close);
        Node view = views.load(offered, "palette.fxml");
        overlay.show(view, offered.field(), () -> {});
    }

    private List<Palette.Item> actions() {
        List<Palette.Item> items = new ArrayList<>();
        items.add(item("fth-activity", "overview", () -> shell.show(Screen.OVERVIEW)));
        items.add(item("fth-users", "sessions", () -> shell.show(Screen.SESSIONS)));
        items.add(item("fth-server", "server", () -> shell.show(Screen.SERVER)));
        items.add(item("fth-file-text", "log", () -> part(ServerController.Part.LOG)));
        items.add(item("fth-sliders", "config", () -> part(ServerController.Part.CONFIGURATION)));
        items.add(item("fth-list", "exits", () -> part(ServerController.Part.EXITS)));
        if (model.server().stateProperty().get() instanceof ServerState.Running) {
            items.add(item("fth-refresh-cw", "restart", model.server()::restart));
            items.add(item("fth-square", "stop", model.server()::stop));
        } else {
            items.add(item("fth-play", "start", model.server()::start));
        }
        items.add(item("fth-download", "refetch", this::refetch));
        items.add(
                item(
                        themeChoice.isDark() ? "fth-sun" : "fth-moon",
                        themeChoice.isDark() ? "light" : "dark",
                        () ->
                                themeChoice
                                        .choiceProperty()
                                        .set(
                                                themeChoice.isDark()
                                                        ? Theme.Choice.LIGHT
                                                        : Theme.Choice.DARK)));
        items.add(item("fth-command", "shortcuts", this::showShortcuts));
        if (closing.isRemembered()) {
            items.add(item("fth-help-circle", "askAgain", closing::askAgain));
        }
        return items;
    }

    private void part(ServerController.Part part) {
        shell.show(Screen.SERVER);
        if (serverController != null) {
            serverController.show(part);
        }
    }

    private Palette.Item item(String icon, String key, Runnable run) {
        return new Palette.Item(icon, words.oneOf("palette.action", key), run);
    }

    /** Asks what becomes of the server; the answer is told unless the person stays. */
    public void askToClose(Consumer<Closing.Choice> chosen) {
        CloseDialog dialog =
                new CloseDialog(
                        closing,
                        words,
                        overlay::close,
                        choice -> {
                            overlay.close();
                            chosen.accept(choice);
                        });
        Node view = views.load(dialog, "close.fxml");
        overlay.show(view, dialog.safeButton(), () -> {});
    }
}
