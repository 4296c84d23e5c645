package drawbridge.console.screen.routes;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.routes.RuleDraft.Field;
import drawbridge.console.ui.Em;
import drawbridge.console.ui.FileChoice;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.console.ui.controls.ToolRow;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.RoutePolicies;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.WhatIfResult;

import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.beans.property.SimpleObjectProperty;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Callback;
import javafx.util.Subscription;

import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Binds the routes screen to its view model. */
public final class RoutesController implements ScreenController {
    /** What the lower part shows. */
    public enum Part {
        WHAT_IF,
        DIFFERENCE,
        TRY,
        VERSIONS
    }

    private static final List<String> METHODS =
            List.of("*", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
    private static final double ROOM_FOR_TREND = 86.9;

    private final ConsoleModel model;
    private final RoutesViewModel routes;
    private final RouteWords say;
    private final Words words;
    private final FxmlViews views;
    private final Overlay overlay;
    private final Navigation navigation;
    private final FileChoice files;
    private final TryPart tryPart;
    private final WhatIfPart whatIfPart;
    private final VersionsPart versionsPart;
    private final DifferenceLines differences;
    private final VBox differenceLines = new VBox();
    private String wanted = "";

    @FXML private BorderPane root;
    @FXML private ComboBox<TenantName> tenants;
    @FXML private Label version;
    @FXML private Button add;
    @FXML private MenuButton file;
    @FXML private MenuItem exportFile;
    @FXML private MenuItem importFile;
    @FXML private HBox weakness;
    @FXML private Label weaknessText;
    @FXML private ToolRow conflict;
    @FXML private Label conflictText;
    @FXML private Button showTheirs;
    @FXML private Button rebase;
    @FXML private Button takeTheirs;
    @FXML private ToolRow staged;
    @FXML private Label stagedText;
    @FXML private ProgressIndicator judging;
    @FXML private Label stagedEffect;
    @FXML private Button undo;
    @FXML private Button discard;
    @FXML private Button review;
    @FXML private HBox problemBox;
    @FXML private Label problem;
    @FXML private TableView<RuleDraft> table;
    @FXML private TableColumn<RuleDraft, RuleDraft> place;
    @FXML private TableColumn<RuleDraft, RuleDraft> method;
    @FXML private TableColumn<RuleDraft, RuleDraft> pattern;
    @FXML private TableColumn<RuleDraft, RuleDraft> mode;
    @FXML private TableColumn<RuleDraft, RuleDraft> evidence;
    @FXML private TableColumn<RuleDraft, RuleDraft> ipMatch;
    @FXML private TableColumn<RuleDraft, RuleDraft> rate;
    @FXML private TableColumn<RuleDraft, RuleDraft> traffic;
    @FXML private TableColumn<RuleDraft, RuleDraft> trend;
    @FXML private TableColumn<RuleDraft, RuleDraft> remove;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private Button emptyAction;
    @FXML private Label withoutRule;
    @FXML private Label floors;
    @FXML private SegmentedButton parts;
    @FXML private ToggleButton whatIf;
    @FXML private ToggleButton difference;
    @FXML private ToggleButton tryIt;
    @FXML private ToggleButton versions;
    @FXML private Label panelNote;
    @FXML private StackPane panelBody;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public RoutesController(
            ConsoleModel model,
            RoutesViewModel routes,
            TryViewModel trial,
            RouteWords say,
            FxmlViews views,
            Overlay overlay,
            Navigation navigation,
            FileChoice files) {
        this.model = model;
        this.routes = routes;
        this.say = say;
        this.words = say.words();
        this.views = views;
        this.overlay = overlay;
        this.navigation = navigation;
        this.files = files;
        this.tryPart = new TryPart(trial, routes, words);
        this.whatIfPart = new WhatIfPart(routes, say, navigation, this::tryCall);
        this.versionsPart = new VersionsPart(routes, say, model.nowProperty()::get);
        this.differences = new DifferenceLines(say);
    }

    @FXML
    void initialize() {
        bindTop();
        bindStrips();
        bindTable();
        bindEmpty();
        bindPanel();
        root.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        model.staleProperty().subscribe(this::showAbility);
        model.readOnlyProperty().subscribe(this::showAbility);
    }

    // ---- the frame's questions ----

    @Override
    public void shown() {
        routes.shown();
    }

    @Override
    public void hidden() {
        routes.hidden();
    }

    @Override
    public void refetch() {
        if (navigationShowsThis()) {
            routes.refetch();
        }
    }

    private boolean navigationShowsThis() {
        return root.getScene() != null;
    }

    @Override
    public void focusList() {
        if (!table.isVisible()) {
            focusEmpty();
            return;
        }
        table.requestFocus();
        if (table.getSelectionModel().isEmpty()) {
            table.getSelectionModel().selectFirst();
        }
    }

    @Override
    public void showItem(String name) {
        wanted = name;
        selectWanted();
    }

    private void selectWanted() {
        routes.draft().stream()
                .filter(rule -> rule.route().equals(wanted))
                .findFirst()
                .ifPresent(rule -> {
                    wanted = "";
                    table.getSelectionModel().select(rule);
                    table.scrollTo(rule);
                    table.requestFocus();
                });
    }

    /** Keys must get here also while there is nothing in the table. */
    private void focusEmpty() {
        if (emptyAction.isVisible()) {
            emptyAction.requestFocus();
        } else {
            root.requestFocus();
        }
    }

    @Override
    public boolean closeDrawer() {
        boolean open = parts.getToggleGroup().getSelectedToggle() != null;
        parts.getToggleGroup().selectToggle(null);
        return open;
    }

    @Override
    public boolean deleteSelected() {
        removeSelected();
        return true;
    }

    @Override
    public boolean undoSelected() {
        return routes.undo();
    }

    @Override
    public List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        actions.add(action("fth-plus", "add", this::addRule));
        actions.add(action("fth-crosshair", "try", () -> show(Part.TRY)));
        actions.add(action("fth-rotate-ccw", "versions", () -> show(Part.VERSIONS)));
        actions.add(action("fth-download", "export", this::export));
        actions.add(action("fth-upload", "import", this::importRules));
        if (routes.isDirty()) {
            actions.add(action("fth-check", "review", this::review));
            actions.add(action("fth-x", "discard", routes::discard));
        }
        return actions;
    }

    private ScreenAction action(String icon, String key, Runnable run) {
        return new ScreenAction(
                icon,
                words.oneOf("routes.action", key),
                () -> {
                    navigation.show(Screen.ROUTES);
                    run.run();
                });
    }

    private void pressed(KeyEvent event) {
        boolean done =
                switch (event.getCode()) {
                    case UP -> event.isAltDown() && moveSelected(-1);
                    case DOWN -> event.isAltDown() && moveSelected(1);
                    case S -> event.isShortcutDown() && reviewIfStaged();
                    case INSERT -> !isWriting(event) && addRuleByKey();
                    case ENTER, F2 ->
                            table.equals(event.getTarget()) && editSelected(Field.PATTERN);
                    case DIGIT1, NUMPAD1 -> !event.isShortcutDown() && setMode(event, "STANDARD");
                    case DIGIT2, NUMPAD2 -> !event.isShortcutDown() && setMode(event, "ADVANCED");
                    case DIGIT3, NUMPAD3 -> !event.isShortcutDown() && setMode(event, "STRICT");
                    default -> false;
                };
        if (done) {
            event.consume();
        }
    }

    private static boolean isWriting(KeyEvent event) {
        return event.getTarget() instanceof TextInputControl;
    }

    private boolean setMode(KeyEvent event, String mode) {
        RuleDraft rule = table.getSelectionModel().getSelectedItem();
        if (!table.equals(event.getTarget()) || rule == null) {
            return false;
        }
        rule.modeProperty().set(mode);
        return true;
    }

    private boolean moveSelected(int by) {
        int from = table.getSelectionModel().getSelectedIndex();
        if (from >= 0 && routes.move(from, from + by)) {
            table.getSelectionModel().clearAndSelect(from + by);
            table.scrollTo(Math.max(0, from + by - 2));
            table.requestFocus();
        }
        return true;
    }

    private boolean addRuleByKey() {
        addRule();
        return true;
    }

    private boolean reviewIfStaged() {
        review();
        return true;
    }

    private void addRule() {
        routes.add(table.getSelectionModel().getSelectedIndex())
                .ifPresent(rule -> {
                    table.getSelectionModel().clearAndSelect(routes.draft().indexOf(rule));
                    table.scrollTo(rule);
                    editAfterLayout();
                });
    }

    /** The row of a rule that was just added is there only once the table is laid out. */
    private void editAfterLayout() {
        Scene scene = table.getScene();
        if (scene == null) {
            return;
        }
        Runnable once =
                new Runnable() {
                    @Override
                    public void run() {
                        scene.removePostLayoutPulseListener(this);
                        editSelected(Field.PATTERN);
                    }
                };
        scene.addPostLayoutPulseListener(once);
        Platform.requestNextPulse();
    }

    private void removeSelected() {
        int at = table.getSelectionModel().getSelectedIndex();
        RuleDraft rule = table.getSelectionModel().getSelectedItem();
        if (rule != null) {
            routes.remove(rule);
            if (!routes.draft().isEmpty()) {
                table.getSelectionModel().clearAndSelect(Math.min(at, routes.draft().size() - 1));
            }
            table.requestFocus();
        }
    }

    /** Puts the cursor into a field of the selected rule. */
    private boolean editSelected(Field field) {
        int at = table.getSelectionModel().getSelectedIndex();
        for (Node node : table.lookupAll(".rule-cell")) {
            if (node instanceof RuleCell cell
                    && !cell.isEmpty()
                    && cell.getIndex() == at
                    && cell.getGraphic() != null
                    && field.equals(cell.getGraphic().getUserData())) {
                cell.getGraphic().requestFocus();
                if (cell.getGraphic() instanceof TextField text) {
                    text.selectAll();
                }
                return true;
            }
        }
        return false;
    }

    // ---- top ----

    private void bindTop() {
        tenants.setItems(routes.tenants());
        tenants.setCellFactory(_ -> new TenantLine());
        tenants.setButtonCell(new TenantLine());
        tenants.managedProperty().bind(tenants.visibleProperty());
        routes.tenants().addListener((InvalidationListener) _ -> showTenants());
        routes.tenantProperty().subscribe(_ -> showTenants());
        tenants.setOnAction(_ -> {
            TenantName chosen = tenants.getValue();
            if (chosen != null) {
                routes.choose(chosen.id());
            }
        });
        routes.inForceProperty().subscribe(_ -> showVersion());
        model.secondsProperty().subscribe(_ -> showVersion());
        add.setOnAction(_ -> addRule());
        exportFile.setOnAction(_ -> export());
        importFile.setOnAction(_ -> importRules());
    }

    private void showTenants() {
        tenants.setVisible(routes.tenants().size() > 1);
        routes.tenants().stream()
                .filter(tenant -> tenant.id().equals(routes.tenantProperty().get()))
                .findFirst()
                .ifPresent(tenants::setValue);
    }

    private void showVersion() {
        version.setText(routes.inForceProperty().get().map(this::describe).orElse(""));
    }

    private String describe(RoutePolicies policies) {
        Instant at = policies.at();
        if (at == null) {
            return words.get("routes.version.none");
        }
        String told =
                words.get(
                        "routes.version",
                        policies.version(),
                        words.oneOf("actor", policies.by()),
                        say.formats().roughlyAgo(at, model.nowProperty().get()));
        return policies.note().isEmpty()
                ? told
                : words.get("routes.version.note", told, policies.note());
    }

    private void export() {
        String name =
                words.get(
                        "routes.export.fileName",
                        routes.tenantProperty().get(),
                        Integer.toString(
                                routes.inForceProperty()
                                        .get()
                                        .map(RoutePolicies::version)
                                        .orElse(0)));
        files.toWrite(words.get("routes.file.export"), name).ifPresent(routes::exportTo);
    }

    private void importRules() {
        files.toRead(words.get("routes.file.import"))
                .ifPresent(path -> {
                    routes.importFrom(path);
                    show(Part.DIFFERENCE);
                });
    }

    private static final class TenantLine extends ListCell<TenantName> {
        @Override
        protected void updateItem(@Nullable TenantName item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : item.name());
        }
    }

    // ---- strips ----

    private void bindStrips() {
        for (Region strip : List.of(weakness, conflict, staged, problemBox)) {
            strip.managedProperty().bind(strip.visibleProperty());
        }
        routes.callers().addListener((InvalidationListener) _ -> showCallers());
        showCallers();
        routes.conflictProperty().subscribe(this::showConflict);
        showTheirs.setOnAction(_ -> showTheirs());
        rebase.setOnAction(_ -> {
            routes.rebase();
            show(Part.DIFFERENCE);
        });
        takeTheirs.setOnAction(_ -> routes.takeTheirs());
        staged.visibleProperty().bind(routes.changesProperty().greaterThan(0));
        routes.changesProperty()
                .subscribe(count ->
                        stagedText.setText(words.count("routes.staged", count.longValue())));
        routes.judgementProperty().subscribe(this::showJudgement);
        routes.savingProperty().subscribe(_ -> showAbility());
        undo.setOnAction(_ -> routes.undo());
        discard.setOnAction(_ -> routes.discard());
        review.setOnAction(_ -> review());
    }

    private void showCallers() {
        List<String> said = new ArrayList<>();
        for (CallerStrictness caller : routes.callers()) {
            if (caller.signals().equals("when-sent")) {
                said.add(words.get("routes.weak.whenSent", caller.name()));
            }
            if (caller.advancedMeans().equals("agent")) {
                said.add(words.get("routes.weak.agent", caller.name()));
            }
        }
        weakness.setVisible(!said.isEmpty());
        weaknessText.setText(String.join(" ", said));
        List<String> least = new ArrayList<>();
        for (CallerStrictness caller : routes.callers()) {
            least.add(words.get("routes.floor", caller.name(), caller.floor()));
        }
        floors.setText(
                least.isEmpty() ? "" : words.get("routes.floors", String.join(" · ", least)));
        Tooltip.install(floors, new Tooltip(words.get("routes.floors.more")));
    }

    /** Why that rule's mode asks for less of some caller; empty when it does not. */
    private String weaknessOf(RuleDraft rule) {
        List<String> said = new ArrayList<>();
        boolean asksDevice = !rule.evidenceProperty().get().equals("told");
        for (CallerStrictness caller : routes.callers()) {
            if (caller.signals().equals("when-sent")) {
                said.add(words.get("routes.weak.whenSent", caller.name()));
            }
            if (caller.advancedMeans().equals("agent")
                    && rule.modeProperty().get().equals("ADVANCED")
                    && !asksDevice) {
                said.add(words.get("routes.weak.agent", caller.name()));
            }
        }
        return String.join("\n", said);
    }

    private void showConflict(Optional<RoutePolicies> theirs) {
        conflict.setVisible(theirs.isPresent());
        theirs.ifPresent(fresh ->
                conflictText.setText(
                        words.get(
                                "routes.conflict",
                                fresh.version(),
                                words.oneOf("actor", fresh.by()))));
        showAbility();
    }

    private void showTheirs() {
        show(Part.VERSIONS);
        routes.conflictProperty().get().ifPresent(theirs -> versionsPart.show(theirs.version()));
    }

    private void showJudgement(Judgement judgement) {
        judging.setVisible(judgement instanceof Judgement.Running);
        problemBox.setVisible(judgement instanceof Judgement.Wrong);
        String text =
                switch (judgement) {
                    case Judgement.Done(WhatIfResult effect, var _) -> whatIfPart.summary(effect);
                    case Judgement.Failed(String why) -> words.get("routes.whatif.failed", why);
                    case Judgement.Running() -> words.get("routes.whatif.running");
                    case Judgement.Wrong _ -> words.get("routes.staged.wrong");
                    case Judgement.Nothing() -> "";
                };
        // What was said of the draft before stays until there is news: the lines must not jump.
        boolean isOld = judgement instanceof Judgement.Running && !stagedEffect.getText().isEmpty();
        stagedEffect.setOpacity(isOld ? 0.5 : 1);
        if (!isOld) {
            stagedEffect.setText(text);
        }
        if (judgement instanceof Judgement.Wrong(String why)) {
            problem.setText(why);
        }
        if (judgement instanceof Judgement.Done(var _, PolicyDifference told)) {
            differences.show(differenceLines, told);
        } else if (judgement instanceof Judgement.Nothing) {
            differences.show(differenceLines, new PolicyDifference(List.of()));
        }
        showAbility();
        boolean isRunning = judgement instanceof Judgement.Running;
        if (!isRunning && routes.takeAwaitedReview() && judgement instanceof Judgement.Done) {
            review();
        }
    }

    private void showAbility() {
        review.setDisable(!routes.canSave());
        undo.setDisable(!routes.canUndo());
        add.setDisable(routes.inForceProperty().get().isEmpty());
        file.setDisable(!routes.canAct());
    }

    /** Shows what the draft changes, once that is known, and saves it when that is wanted. */
    public void review() {
        if (routes.awaitReview()) {
            return;
        }
        if (routes.canSave() && routes.judgementProperty().get() instanceof Judgement.Done done) {
            int next = routes.inForceProperty().get().map(RoutePolicies::version).orElse(0) + 1;
            ReviewDialog dialog =
                    new ReviewDialog(
                            done,
                            whatIfPart.summary(done.effect()),
                            routes.suggestedNoteProperty().get(),
                            next,
                            say,
                            overlay::close,
                            note -> {
                                overlay.close();
                                routes.save(note);
                            });
            Parent view = views.load(dialog, "review.fxml");
            overlay.show(view, dialog.field(), () -> {});
        } else {
            routes.firstWrong()
                    .ifPresent(rule -> {
                        table.getSelectionModel().select(rule);
                        table.scrollTo(rule);
                        rule.wrongProperty().get().ifPresent(wrong -> editSelected(wrong.field()));
                    });
        }
    }

    // ---- table ----

    private void bindTable() {
        for (TableColumn<RuleDraft, RuleDraft> column :
                List.of(
                        place, method, pattern, mode, evidence, ipMatch, rate, traffic, trend,
                        remove)) {
            column.setCellValueFactory(cell -> new SimpleObjectProperty<>(cell.getValue()));
            column.setReorderable(false);
        }
        RuleDrag drag = new RuleDrag(table, routes);
        table.setRowFactory(_ -> new RuleRow(drag));
        place.setCellFactory(_ -> new PlaceCell(words, drag));
        method.setCellFactory(
                choice(
                        Field.METHOD,
                        METHODS,
                        text -> text.equals("*") ? words.get("routes.method.any") : text));
        pattern.setCellFactory(_ ->
                new RuleCell.Text(
                        Field.PATTERN,
                        RuleDraft::patternProperty,
                        words.get("routes.column.pattern"),
                        words.get("routes.pattern.prompt"),
                        "mono"));
        mode.setCellFactory(_ -> new RuleCell.Mode(words, this::weaknessOf, routes.callers()));
        evidence.setCellFactory(
                choice(
                        Field.EVIDENCE,
                        List.of("told", "cookie"),
                        text -> words.oneOf("routes.evidence", text)));
        ipMatch.setCellFactory(
                choice(
                        Field.IP_MATCH,
                        List.of("exact", "prefix"),
                        text -> words.oneOf("routes.ip", text)));
        rate.setCellFactory(_ ->
                new RuleCell.Text(
                        Field.RATE,
                        RuleDraft::rateProperty,
                        words.get("routes.rate.name"),
                        words.get("routes.rate.none"),
                        "rate-field"));
        traffic.setCellFactory(_ -> new TrafficCell(say));
        trend.setCellFactory(_ -> new TrendCell(words.get("routes.trend.name")));
        remove.setCellFactory(_ -> new RemoveCell());
        table.setItems(routes.draft());
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        ColumnRoom.follow(
                table, () -> trend.setVisible(Em.in(table, table.getWidth()) >= ROOM_FOR_TREND));
        routes.useProperty().subscribe(this::showWithoutRule);
    }

    private Callback<TableColumn<RuleDraft, RuleDraft>, TableCell<RuleDraft, RuleDraft>> choice(
            Field field, List<String> options, Function<String, String> shown) {
        return _ ->
                new RuleCell.Choice(
                        field,
                        options,
                        rule ->
                                switch (field) {
                                    case METHOD -> rule.methodProperty();
                                    case EVIDENCE -> rule.evidenceProperty();
                                    case IP_MATCH -> rule.ipMatchProperty();
                                    case PATTERN -> rule.patternProperty();
                                    case MODE -> rule.modeProperty();
                                    case RATE -> rule.rateProperty();
                                },
                        shown,
                        words.oneOf("routes.field", field.wireName()));
    }

    private void showWithoutRule(Optional<RouteUses> told) {
        withoutRule.setText(
                told.map(RouteUses::withoutRule)
                        .map(others ->
                                words.get(
                                        "routes.withoutRule",
                                        say.formats().number(others.no_rule().calls()),
                                        say.formats().number(others.not_told().calls()),
                                        say.formats().number(others.ambiguous().calls())))
                        .orElse(""));
    }

    private final class RemoveCell extends RuleCell {
        private final Button button = new Button(null, new FontIcon("fth-trash-2"));

        RemoveCell() {
            button.getStyleClass().addAll("flat", "button-icon", "small");
            button.setAccessibleText(words.get("routes.remove"));
            button.setTooltip(new Tooltip(words.get("routes.remove")));
            selectsRow(button);
        }

        @Override
        Node node() {
            return button;
        }

        @Override
        Subscription bind(RuleDraft rule) {
            button.setOnAction(_ -> routes.remove(rule));
            return () -> button.setOnAction(null);
        }
    }

    // ---- empty ----

    private void bindEmpty() {
        routes.draft()
                .addListener(
                        (InvalidationListener)
                                _ -> {
                                    showEmpty();
                                    selectWanted();
                                });
        routes.readingProperty().subscribe(_ -> showEmpty());
        routes.inForceProperty()
                .subscribe(_ -> {
                    showEmpty();
                    showAbility();
                });
        model.server().stateProperty().subscribe(_ -> showEmpty());
    }

    private void showEmpty() {
        boolean none = routes.draft().isEmpty();
        empty.setVisible(none);
        table.setVisible(!none);
        if (!none) {
            return;
        }
        switch (routes.readingProperty().get()) {
            case RoutesViewModel.Reading.Failed(String why) ->
                    tellEmpty(
                            "fth-alert-triangle",
                            words.get("routes.empty.failedTitle"),
                            why,
                            words.get("routes.empty.again"),
                            routes::refetch);
            case RoutesViewModel.Reading.Waiting() ->
                    tellEmpty(
                            "fth-git-branch",
                            words.get("routes.empty.offTitle"),
                            words.get("routes.empty.offText"),
                            "",
                            () -> {});
            case RoutesViewModel.Reading.Done() ->
                    tellEmpty(
                            "fth-git-branch",
                            words.get("routes.empty.noneTitle"),
                            words.get("routes.empty.noneText"),
                            words.get("routes.empty.add"),
                            this::addRule);
        }
    }

    private void tellEmpty(String icon, String title, String text, String does, Runnable run) {
        emptyIcon.setIconLiteral(icon);
        emptyTitle.setText(title);
        emptyText.setText(text);
        emptyAction.setText(does);
        emptyAction.setVisible(!does.isEmpty());
        emptyAction.setManaged(!does.isEmpty());
        emptyAction.setOnAction(_ -> run.run());
        if (root.isFocused()) {
            focusEmpty();
        }
    }

    // ---- lower part ----

    private void bindPanel() {
        ScrollPane scroll = new ScrollPane(differenceLines);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("drawer-scroll");
        differenceLines.getStyleClass().add("diff-lines");
        Node whatIfView = views.load(whatIfPart, "whatif.fxml");
        Node tryView = views.load(tryPart, "try.fxml");
        Node versionsView = views.load(versionsPart, "versions.fxml");
        parts.getToggleGroup()
                .selectedToggleProperty()
                .subscribe(chosen -> {
                    Node body =
                            chosen == null
                                    ? null
                                    : chosen.equals(whatIf)
                                            ? whatIfView
                                            : chosen.equals(difference)
                                                    ? scroll
                                                    : chosen.equals(tryIt) ? tryView : versionsView;
                    panelBody.setVisible(body != null);
                    panelBody.setManaged(body != null);
                    panelBody.getChildren().setAll(body == null ? List.of() : List.of(body));
                    panelNote.setText(body == null ? words.get("routes.part.closed") : "");
                });
        whatIf.setSelected(true);
    }

    /** Shows a part below the table. */
    public void show(Part part) {
        ToggleButton button =
                switch (part) {
                    case WHAT_IF -> whatIf;
                    case DIFFERENCE -> difference;
                    case TRY -> tryIt;
                    case VERSIONS -> versions;
                };
        button.setSelected(true);
        if (part == Part.TRY) {
            tryPart.focus();
        }
    }

    private void tryCall(WhatIfResult.Call call) {
        show(Part.TRY);
        tryPart.tryCall(call);
    }
}
