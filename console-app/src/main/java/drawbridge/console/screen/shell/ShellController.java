package drawbridge.console.screen.shell;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.shell.ShellViewModel.Banner;
import drawbridge.console.screen.shell.ShellViewModel.Pill;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.Words;
import drawbridge.model.view.RouteRule;

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
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Binds the frame: navigation, pill, banner, status line, keys. */
public final class ShellController {
    private static final double COMPACT_BELOW = 1_180;
    private static final String WELCOMED = "welcomed";
    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");
    private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");
    private static final PseudoClass THROW_AWAY = PseudoClass.getPseudoClass("throw-away");

    private final ConsoleModel model;
    private final ShellViewModel shell;
    private final Closing closing;
    private final Theme themeChoice;
    private final Words words;
    private final FxmlViews views;
    private final Profile profile;
    private final Map<Screen, Part> parts = new EnumMap<>(Screen.class);
    private final PaletteSearch search;

    @FXML private StackPane root;
    @FXML private VBox navigation;
    @FXML private Label brand;
    @FXML private ToggleGroup screens;
    @FXML private VBox items;
    @FXML private Button shortcuts;
    @FXML private Label title;
    @FXML private Button pill;
    @FXML private Button palette;
    @FXML private MenuButton theme;
    @FXML private FontIcon themeIcon;
    @FXML private RadioMenuItem themeSystem;
    @FXML private RadioMenuItem themeLight;
    @FXML private RadioMenuItem themeDark;
    @FXML private BorderPane page;
    @FXML private VBox welcome;
    @FXML private Button welcomeDone;
    @FXML private Button welcomeHealth;
    @FXML private Button welcomeWho;
    @FXML private Button welcomeNext;
    @FXML private Button welcomeSimulate;
    @FXML private Button welcomeKeys;
    @FXML private HBox banner;
    @FXML private FontIcon bannerIcon;
    @FXML private Label bannerText;
    @FXML private Button bannerAction;
    @FXML private StackPane content;
    @FXML private HBox figures;
    @FXML private Label feed;
    @FXML private Overlay overlay;

    /**
     * A screen in the frame.
     *
     * @param item what leads to it
     */
    private record Part(Node view, ScreenController controller, ToggleButton item) {}

    /** A controller; its view is loaded by {@link FxmlViews}, its screens are put in afterwards. */
    public ShellController(
            ConsoleModel model,
            ShellViewModel shell,
            Closing closing,
            Theme theme,
            Words words,
            FxmlViews views,
            Background background,
            Later later,
            Profile profile) {
        this.model = model;
        this.shell = shell;
        this.closing = closing;
        this.themeChoice = theme;
        this.words = words;
        this.views = views;
        this.profile = profile;
        this.search =
                new PaletteSearch(
                        model,
                        background,
                        later,
                        shell,
                        words,
                        parts::containsKey,
                        this::showRoute);
    }

    @FXML
    void initialize() {
        keepOneSelected();
        root.widthProperty().subscribe(this::fitNavigation);
        pill.setOnAction(_ -> shell.show(Screen.SERVER));
        pill.setTooltip(new Tooltip(words.get("shell.pill.tooltip")));
        shell.pillProperty().subscribe(this::showPill);
        shell.feedProperty().subscribe(this::showFeed);
        shell.figuresProperty().subscribe(this::showFigures);
        banner.managedProperty().bind(banner.visibleProperty());
        welcome.managedProperty().bind(welcome.visibleProperty());
        welcome.setVisible(false);
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

    /**
     * Says what this is to who sees it for the first time, until told not to. It stands above the
     * screen and is in nobody's way.
     */
    public void welcomeOnce(Remembered remembered) {
        if (remembered.find(WELCOMED).isPresent()) {
            return;
        }
        welcome.setVisible(true);
        welcomeDone.setOnAction(_ -> {
            remembered.put(WELCOMED, "yes");
            welcome.setVisible(false);
        });
        welcomeHealth.setOnAction(_ -> shell.show(Screen.OVERVIEW));
        welcomeWho.setOnAction(_ -> shell.show(Screen.SESSIONS));
        Screen next =
                parts.containsKey(Screen.CHECKLIST)
                        ? Screen.CHECKLIST
                        : parts.containsKey(Screen.SECRETS) ? Screen.SECRETS : Screen.ROUTES;
        welcomeNext.setOnAction(_ -> shell.show(next));
        welcomeKeys.setOnAction(_ -> showShortcuts());
        if (profile instanceof Profile.Own(Runnable simulate)) {
            welcomeSimulate.setOnAction(_ -> simulate.run());
        }
    }

    /** Marks the whole window as one that shows nothing real. */
    public void mark(Node strip) {
        page.setTop(strip);
        root.pseudoClassStateChanged(THROW_AWAY, true);
    }

    /** Puts a screen in; the order of the navigation is that of the screens. */
    public void put(Screen screen, Node view, ScreenController controller) {
        ToggleButton item = new ToggleButton(name(screen), new FontIcon(screen.icon()));
        item.setId("nav-" + key(screen));
        item.setToggleGroup(screens);
        item.setMaxWidth(Double.MAX_VALUE);
        item.getStyleClass().add("nav-item");
        item.setOnAction(_ -> shell.show(screen));
        long above = parts.keySet().stream().filter(other -> other.compareTo(screen) < 0).count();
        items.getChildren().add(Math.toIntExact(above), item);
        parts.put(screen, new Part(view, controller, item));
    }

    /** Whether there is that screen. */
    public boolean has(Screen screen) {
        return parts.containsKey(screen);
    }

    /** Shows the first screen, and from then on whichever is asked for. */
    public void begin() {
        fitNavigation();
        shell.screenProperty().subscribe(this::showScreen);
        shell.screenProperty()
                .addListener((property, before, after) -> {
                    part(before).ifPresent(part -> part.controller().hidden());
                    part(after).ifPresent(part -> part.controller().shown());
                });
    }

    private Optional<Part> part(Screen screen) {
        return Optional.ofNullable(parts.get(screen));
    }

    private Optional<ScreenController> current() {
        return part(shell.screenProperty().get()).map(Part::controller);
    }

    private static String key(Screen screen) {
        return screen.name().toLowerCase(Locale.ROOT);
    }

    private String name(Screen screen) {
        return words.oneOf("shell.nav", key(screen));
    }

    /** In a narrow window the navigation keeps its icons only; its words become tooltips. */
    private void fitNavigation() {
        boolean compact = root.getWidth() < COMPACT_BELOW;
        navigation.pseudoClassStateChanged(COMPACT, compact);
        brand.setVisible(!compact);
        brand.setManaged(!compact);
        parts.values().forEach(part -> fit(part.item(), compact));
        fit(shortcuts, compact);
    }

    private static void fit(ButtonBase item, boolean compact) {
        item.setContentDisplay(compact ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT);
        item.setTooltip(compact ? new Tooltip(item.getText()) : null);
    }

    private void keepOneSelected() {
        screens.selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                });
    }

    private void showScreen(Screen screen) {
        part(screen)
                .ifPresent(part -> {
                    content.getChildren().setAll(List.of(part.view()));
                    part.item().setSelected(true);
                });
        title.setText(name(screen));
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
                    case K -> command && run(this::showPalette);
                    case F5 -> run(this::refetch);
                    case DELETE -> !writing && ask(ScreenController::deleteSelected);
                    case Z -> command && !writing && ask(ScreenController::undoSelected);
                    case ESCAPE -> !writing && ask(ScreenController::closeDrawer);
                    default -> command && go(event.getCode());
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

    private boolean go(KeyCode code) {
        for (Map.Entry<Screen, Part> each : parts.entrySet()) {
            if (each.getKey().isReachedBy(code)) {
                shell.show(each.getKey());
                each.getValue().controller().focusList();
                return true;
            }
        }
        return false;
    }

    private static boolean run(Runnable action) {
        action.run();
        return true;
    }

    private boolean ask(Predicate<ScreenController> asked) {
        return current().filter(asked).isPresent();
    }

    private void refetch() {
        model.refetch();
        parts.values().forEach(part -> part.controller().refetch());
    }

    /** A screen without a filter leads to the sessions, which have one. */
    private void focusFilter() {
        if (!ask(ScreenController::focusFilter)) {
            shell.show(Screen.SESSIONS);
            ask(ScreenController::focusFilter);
        }
    }

    private void showShortcuts() {
        ShortcutSheet sheet = new ShortcutSheet(words, overlay::close);
        Node view = views.load(sheet, "shortcuts.fxml");
        overlay.show(view, sheet.safeButton(), () -> {});
    }

    private void showPalette() {
        showPalette("");
    }

    /** Opens the palette with something typed into it. */
    public void showPalette(String typed) {
        Palette offered =
                new Palette(actions(), shell::showSessions, search, words, this::closePalette);
        Node view = views.load(offered, "palette.fxml");
        overlay.show(view, offered.field(), search::cancel);
        offered.type(typed);
    }

    private void showRoute(RouteRule rule) {
        shell.show(Screen.ROUTES);
        part(Screen.ROUTES).ifPresent(part -> part.controller().showItem(rule.route()));
    }

    private void closePalette() {
        search.cancel();
        overlay.close();
    }

    private List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        parts.keySet()
                .forEach(screen ->
                        actions.add(
                                new ScreenAction(
                                        screen.icon(),
                                        words.get("palette.go", name(screen)),
                                        () -> shell.show(screen))));
        parts.values().forEach(part -> actions.addAll(part.controller().actions()));
        actions.add(action("fth-download", "refetch", this::refetch));
        if (profile instanceof Profile.Own(Runnable simulate)) {
            actions.add(action("fth-play", "simulate", simulate));
        }
        boolean dark = themeChoice.isDark();
        actions.add(
                action(
                        dark ? "fth-sun" : "fth-moon",
                        dark ? "light" : "dark",
                        () ->
                                themeChoice
                                        .choiceProperty()
                                        .set(dark ? Theme.Choice.LIGHT : Theme.Choice.DARK)));
        actions.add(action("fth-command", "shortcuts", this::showShortcuts));
        if (closing.isRemembered()) {
            actions.add(action("fth-help-circle", "askAgain", closing::askAgain));
        }
        return actions;
    }

    private ScreenAction action(String icon, String key, Runnable run) {
        return new ScreenAction(icon, words.oneOf("palette.action", key), run);
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
