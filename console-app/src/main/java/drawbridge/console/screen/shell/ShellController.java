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
import drawbridge.console.ui.Em;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.AsManyAsFit;
import drawbridge.model.view.RouteRule;

import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ScrollPane;
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
import javafx.stage.Window;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Binds the frame: navigation, pill, banner, status line, keys. */
public final class ShellController {
    private static final double COMPACT_BELOW = 90.8; // em
    private static final String WELCOMED = "welcomed";
    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");
    private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");
    private static final PseudoClass THROW_AWAY = PseudoClass.getPseudoClass("throw-away");

    private final ConsoleModel model;
    private final ShellViewModel shell;
    private final Closing closing;
    private final LastUsed lastUsed;
    private final Theme themeChoice;
    private final Words words;
    private final FxmlViews views;
    private final Profile profile;
    private final Map<Screen, Part> parts = new EnumMap<>(Screen.class);
    private final PaletteSearch search;
    private final Tooltip pillWhole = new Tooltip();
    private Supplier<List<ScreenAction>> serverActions = List::of;

    @FXML private StackPane root;
    @FXML private VBox navigation;
    @FXML private Label brand;
    @FXML private ToggleGroup screens;
    @FXML private VBox items;
    @FXML private VBox lowerItems;
    @FXML private ToggleButton bell;
    @FXML private Button shortcuts;
    @FXML private HBox topBar;
    @FXML private Label title;
    @FXML private MenuButton servers;
    @FXML private FontIcon serversIcon;
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
    @FXML private StackPane work;
    @FXML private StackPane content;
    @FXML private AsManyAsFit figures;
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
            LastUsed lastUsed,
            Theme theme,
            Words words,
            FxmlViews views,
            Background background,
            Later later,
            Profile profile) {
        this.model = model;
        this.shell = shell;
        this.closing = closing;
        this.lastUsed = lastUsed;
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
        Em.follow(root, _ -> fitNavigation());
        topBar.widthProperty().subscribe(this::fitTopBar);
        servers.managedProperty().bind(servers.visibleProperty());
        servers.setVisible(false);
        pill.setOnAction(_ -> shell.show(Screen.SERVER));
        pill.setTooltip(pillWhole);
        shell.pillProperty().subscribe(this::showPill);
        topBar.sceneProperty()
                .flatMap(Scene::windowProperty)
                .flatMap(Window::showingProperty)
                .subscribe(showing -> {
                    if (showing != null && showing) {
                        fitTopBar();
                    }
                });
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
        if (remembered.find(WELCOMED).isEmpty()) {
            welcome(remembered);
        }
    }

    /** Says what this is, until told not to. */
    public void welcome(Remembered remembered) {
        remembered.forget(WELCOMED);
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

    /** Puts a layer over whichever screen is shown. */
    public void putOver(Node layer) {
        work.getChildren().add(layer);
    }

    /**
     * Marks the whole window as one on a server elsewhere.
     *
     * @param colour the style class of its colour
     */
    public void mark(Node strip, String colour) {
        page.setTop(strip);
        root.getStyleClass().addAll("elsewhere", colour);
    }

    /**
     * Offers the servers this console knows.
     *
     * @param name whose window this is
     * @param icon what stands for it
     * @param offered what the menu holds, asked for whenever it opens
     * @param actions the same for the palette
     */
    public void offerServers(
            String name,
            String icon,
            Supplier<List<MenuItem>> offered,
            Supplier<List<ScreenAction>> actions) {
        servers.setText(name);
        servers.setAccessibleText(words.get("remote.menu.name", name));
        serversIcon.setIconLiteral(icon);
        servers.setVisible(true);
        fitTopBar();
        servers.getItems().setAll(offered.get());
        servers.showingProperty()
                .subscribe(showing -> {
                    if (showing) {
                        servers.getItems().setAll(offered.get());
                    }
                });
        serverActions = actions;
    }

    /** Puts a screen in; the order of the navigation is that of the screens. */
    public void put(Screen screen, Node view, ScreenController controller) {
        ToggleButton item = screen == Screen.ALERTS ? bell : navigationItem(screen);
        item.setOnAction(_ -> shell.show(screen));
        if (screen == Screen.SETTINGS) {
            lowerItems.getChildren().addFirst(item);
        } else if (!item.equals(bell)) {
            long above =
                    parts.keySet().stream().filter(other -> other.compareTo(screen) < 0).count();
            items.getChildren().add(Math.toIntExact(above), item);
        }
        parts.put(screen, new Part(reachable(view), controller, item));
    }

    private ToggleButton navigationItem(Screen screen) {
        ToggleButton item = new ToggleButton(name(screen), new FontIcon(screen.icon()));
        item.setId("nav-" + key(screen));
        item.setToggleGroup(screens);
        item.setMaxWidth(Double.MAX_VALUE);
        item.getStyleClass().add("nav-item");
        return item;
    }

    /** Says with the bell how many alerts are open. */
    public void ring(int open, boolean isCritical, boolean isKnown) {
        String none = words.get(isKnown ? "shell.bell.none" : "shell.bell.unknown");
        String text = open == 0 ? none : words.count("shell.bell.open", open);
        bell.setText(open == 0 ? "" : Integer.toString(open));
        bell.setContentDisplay(open == 0 ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT);
        bell.setAccessibleText(text);
        bell.setTooltip(new Tooltip(words.get("shell.bell.tooltip", text)));
        tone(
                bell,
                open == 0
                        ? ShellViewModel.Tone.OFF
                        : isCritical ? ShellViewModel.Tone.BAD : ShellViewModel.Tone.BUSY);
        fitTopBar();
    }

    /** What finds no room in a low window is scrolled to. */
    private static Node reachable(Node view) {
        if (view instanceof ScrollPane) {
            return view;
        }
        ScrollPane pane = new ScrollPane(view);
        pane.getStyleClass().addAll("edge-to-edge", "screen-scroll");
        pane.setFitToWidth(true);
        pane.setFitToHeight(true);
        pane.setFocusTraversable(false);
        return pane;
    }

    /** Whether there is that screen. */
    public boolean has(Screen screen) {
        return parts.containsKey(screen);
    }

    /** Shows the first screen, and from then on whichever is asked for. */
    public void begin() {
        fitNavigation();
        shell.screenProperty().subscribe(this::showScreen);
        shell.onItem(name -> current().ifPresent(screen -> screen.showItem(name)));
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
        boolean compact = Em.in(root, root.getWidth()) < COMPACT_BELOW;
        navigation.pseudoClassStateChanged(COMPACT, compact);
        brand.setVisible(!compact);
        brand.setManaged(!compact);
        parts.values().stream()
                .map(Part::item)
                .filter(item -> !item.equals(bell))
                .forEach(item -> fit(item, compact));
        fit(shortcuts, compact);
        fitTopBar();
    }

    /** How much the bar above the screens says; each one less than the one before. */
    private enum Said {
        ALL,
        KEY_BY_ICON,
        STATE_IN_A_WORD,
        SERVER_BY_ICON
    }

    /** What finds no room in the bar is said by its tooltip, and to who is read to. */
    private void fitTopBar() {
        Scene scene = topBar.getScene();
        Window window = scene == null ? null : scene.getWindow();
        // What is hidden has no styles to measure by; it is fitted when it is shown.
        boolean isHidden = window != null && !window.isShowing();
        if (scene == null || isHidden || topBar.getWidth() <= 0) {
            say(Said.ALL);
            return;
        }
        for (Said said : Said.values()) {
            say(said);
            topBar.applyCss();
            if (topBar.prefWidth(-1) <= topBar.getWidth()) {
                return;
            }
        }
    }

    private void say(Said said) {
        boolean named = said.compareTo(Said.KEY_BY_ICON) < 0;
        palette.setContentDisplay(named ? ContentDisplay.LEFT : ContentDisplay.GRAPHIC_ONLY);
        palette.setTooltip(named ? null : new Tooltip(palette.getText()));
        Pill state = shell.pillProperty().get();
        pill.setText(said.compareTo(Said.STATE_IN_A_WORD) < 0 ? state.text() : state.brief());
        boolean known = said.compareTo(Said.SERVER_BY_ICON) < 0;
        servers.setContentDisplay(known ? ContentDisplay.LEFT : ContentDisplay.GRAPHIC_ONLY);
        servers.setTooltip(known ? null : new Tooltip(servers.getText()));
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
                    content.applyCss(); // so that it can be worked on at once
                    part.item().setSelected(true);
                });
        title.setText(name(screen));
        fitTopBar();
        showStale(model.staleProperty().get());
        showBanner(shell.bannerProperty().get());
    }

    private void showStale(boolean stale) {
        // The server screen tells of the process itself: it is right also when nothing runs.
        content.pseudoClassStateChanged(
                STALE, stale && shell.screenProperty().get() != Screen.SERVER);
        figures.pseudoClassStateChanged(STALE, stale);
        bell.pseudoClassStateChanged(STALE, stale);
    }

    private void showPill(Pill state) {
        pill.setAccessibleText(state.text());
        pillWhole.setText(words.get("shell.pill.tooltip", state.text()));
        tone(pill, state.tone());
        fitTopBar();
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

    /** Shows which keys do what. */
    public void showShortcuts() {
        ShortcutSheet sheet = new ShortcutSheet(words, overlay::close);
        Node view = views.load(sheet, "shortcuts.fxml");
        overlay.show(view, sheet.safeButton(), () -> {});
    }

    private void showPalette() {
        showPalette("");
    }

    /** Opens the palette with something typed into it. */
    public void showPalette(String typed) {
        Screen before = shell.screenProperty().get();
        Palette offered =
                new Palette(
                        actions(),
                        lastUsed,
                        shell::showSessions,
                        search,
                        words,
                        this::closePalette,
                        () -> goOnFrom(before));
        Node view = views.load(offered, "palette.fxml");
        overlay.show(view, offered.field(), search::cancel);
        offered.type(typed);
    }

    private void showRoute(RouteRule rule) {
        shell.show(Screen.ROUTES);
        part(Screen.ROUTES).ifPresent(part -> part.controller().showItem(rule.route()));
    }

    /** Who came to another screen works on there without a mouse, too. */
    private void goOnFrom(Screen before) {
        if (!overlay.isShown() && shell.screenProperty().get() != before) {
            current().ifPresent(ScreenController::focusList);
        }
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
        actions.addAll(serverActions.get());
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
