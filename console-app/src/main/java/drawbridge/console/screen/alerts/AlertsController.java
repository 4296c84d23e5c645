package drawbridge.console.screen.alerts;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.alerts.AlertsViewModel.Shown;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Words;
import drawbridge.model.view.AlertFact;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertView;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Binds the alerts screen to its view model. */
public final class AlertsController implements ScreenController {
    private static final List<String> LENGTHS = List.of("15m", "1h", "8h", "1d", "7d");
    private static final String USUAL_LENGTH = "1h";

    /** What it shows. */
    public enum Part {
        ALERTS,
        RULES,
        DELIVERY
    }

    /** Where it leads to. */
    public record Ways(Navigation navigation, Predicate<Screen> isThere, Runnable showSettings) {}

    private final ConsoleModel model;
    private final AlertsViewModel alerts;
    private final Ways ways;
    private final Words words;
    private final Formats formats;
    private final AlertWords says;
    private final List<DeliveryCard> cards = new ArrayList<>();
    private @Nullable Toggle last;

    @FXML private BorderPane root;
    @FXML private SegmentedButton tabs;
    @FXML private ToggleButton alertsTab;
    @FXML private ToggleButton rulesTab;
    @FXML private ToggleButton deliveryTab;
    @FXML private ChoiceBox<Shown> shown;
    @FXML private HBox noticeBox;
    @FXML private FontIcon noticeIcon;
    @FXML private Label noticeText;
    @FXML private Button noticeUndo;
    @FXML private Button noticeDismiss;
    @FXML private VBox alertsPane;
    @FXML private TableView<AlertView> table;
    @FXML private TableColumn<AlertView, AlertView> stateColumn;
    @FXML private TableColumn<AlertView, AlertView> whatColumn;
    @FXML private TableColumn<AlertView, AlertView> sinceColumn;
    @FXML private TableColumn<AlertView, AlertView> clearedColumn;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private Button emptyAction;
    @FXML private Label about;
    @FXML private VBox rulesPane;
    @FXML private TableView<AlertRuleRow> ruleTable;
    @FXML private TableColumn<AlertRuleRow, AlertRuleRow> ruleColumn;
    @FXML private TableColumn<AlertRuleRow, AlertRuleRow> ruleStateColumn;
    @FXML private TableColumn<AlertRuleRow, AlertRuleRow> nowColumn;
    @FXML private TableColumn<AlertRuleRow, AlertRuleRow> usualColumn;
    @FXML private TableColumn<AlertRuleRow, AlertRuleRow> limitColumn;
    @FXML private Label aboutRules;
    @FXML private VBox ruleEmpty;
    @FXML private Label ruleEmptyText;
    @FXML private ScrollPane deliveryPane;
    @FXML private VBox deliveryCards;
    @FXML private BorderPane drawer;
    @FXML private Label drawerTitle;
    @FXML private Label drawerId;
    @FXML private Button drawerClose;
    @FXML private HBox stateBox;
    @FXML private FontIcon stateIcon;
    @FXML private Label stateText;
    @FXML private Label summary;
    @FXML private GridPane evidence;
    @FXML private GridPane facts;
    @FXML private Label advice;
    @FXML private Button toCause;
    @FXML private Button toRule;
    @FXML private Button acknowledge;
    @FXML private Button reopen;
    @FXML private MenuButton snooze;
    @FXML private Button wake;
    @FXML private BorderPane ruleDrawer;
    @FXML private Label ruleTitle;
    @FXML private Label ruleId;
    @FXML private Button ruleClose;
    @FXML private HBox ruleStateBox;
    @FXML private FontIcon ruleStateIcon;
    @FXML private Label ruleStateText;
    @FXML private Label ruleAbout;
    @FXML private GridPane ruleFacts;
    @FXML private Label ruleAdvice;
    @FXML private CheckBox ruleOn;
    @FXML private VBox leastBox;
    @FXML private Label leastName;
    @FXML private TextField least;
    @FXML private Label leastProblem;
    @FXML private VBox factorBox;
    @FXML private TextField factor;
    @FXML private Label factorProblem;
    @FXML private Label ruleProblem;
    @FXML private Button ruleSave;
    @FXML private Button ruleUsual;
    @FXML private Button ruleToCause;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public AlertsController(
            ConsoleModel model, AlertsViewModel alerts, Ways ways, Words words, Formats formats) {
        this.model = model;
        this.alerts = alerts;
        this.ways = ways;
        this.words = words;
        this.formats = formats;
        this.says = new AlertWords(words, formats);
    }

    @FXML
    void initialize() {
        bindTabs();
        bindTable();
        bindRules();
        for (String channel : List.of("webhook", "mail")) {
            cards.add(new DeliveryCard(channel, alerts, ways.showSettings(), words, formats));
        }
        deliveryCards.getChildren().addAll(cards);
        bindDrawers();
        bindNotice();
        alerts.problemProperty().subscribe(_ -> show());
        alerts.readProperty().subscribe(_ -> show());
        alerts.workingProperty().subscribe(_ -> show());
        alerts.rows().subscribe(this::show);
        alerts.rules().subscribe(this::show);
        alerts.channels().subscribe(this::show);
        model.staleProperty().subscribe(_ -> show());
        model.readOnlyProperty().subscribe(_ -> show());
        model.secondsProperty().subscribe(_ -> showAges());
    }

    @Override
    public void shown() {
        alerts.shown();
    }

    @Override
    public void hidden() {
        alerts.hidden();
    }

    @Override
    public void focusList() {
        if (rulesTab.isSelected()) {
            ruleTable.requestFocus();
        } else if (alertsTab.isSelected()) {
            table.requestFocus();
        }
    }

    @Override
    public void refetch() {
        alerts.look();
    }

    @Override
    public boolean closeDrawer() {
        return alerts.close();
    }

    @Override
    public boolean undoSelected() {
        return selected().filter(alerts::undo).isPresent();
    }

    @Override
    public List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        actions.add(action("fth-sliders", "rules", () -> show(Part.RULES)));
        actions.add(action("fth-send", "delivery", () -> show(Part.DELIVERY)));
        alerts.rows().stream()
                .filter(alert -> alerts.state(alert) == AlertState.OPEN)
                .limit(5)
                .forEach(alert ->
                        actions.add(
                                new ScreenAction(
                                        "fth-bell",
                                        words.get("alerts.action.open", alert.title()),
                                        () -> showAlert(alert.id()))));
        alerts.channels()
                .forEach(way ->
                        actions.add(
                                new ScreenAction(
                                        "fth-send",
                                        words.oneOf("alerts.action.test", way.name()),
                                        () -> {
                                            ways.navigation().show(Screen.ALERTS);
                                            show(Part.DELIVERY);
                                            alerts.test(way.name());
                                        })));
        return actions;
    }

    private ScreenAction action(String icon, String key, Runnable run) {
        return new ScreenAction(
                icon,
                words.oneOf("alerts.action", key),
                () -> {
                    ways.navigation().show(Screen.ALERTS);
                    run.run();
                });
    }

    /** Shows that part. */
    public void show(Part part) {
        (switch (part) {
                    case ALERTS -> alertsTab;
                    case RULES -> rulesTab;
                    case DELIVERY -> deliveryTab;
                })
                .setSelected(true);
    }

    /** Goes to the alert of that id. */
    public void showAlert(String id) {
        ways.navigation().showAlert(id);
    }

    @Override
    public void showItem(String id) {
        show(Part.ALERTS);
        alerts.open(id);
        alerts.openProperty().get().ifPresent(table.getSelectionModel()::select);
    }

    /** Opens the alert at that place of the list. */
    public void open(int index) {
        table.getSelectionModel().select(index);
        alerts.open(alerts.rows().get(index));
    }

    /** Opens the rule of that name. */
    public void openRule(String name) {
        show(Part.RULES);
        alerts.openRule(name);
        alerts.ruleProperty().get().ifPresent(ruleTable.getSelectionModel()::select);
    }

    private void bindTabs() {
        last = alertsTab;
        tabs.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    } else if (after != null && !after.equals(last)) {
                        last = after; // taking the buttons into the picture selects anew
                        alerts.close();
                    }
                });
        for (Node node : List.of(shown, alertsPane, rulesPane, deliveryPane, noticeBox)) {
            node.managedProperty().bind(node.visibleProperty());
        }
        shown.visibleProperty().bind(alertsTab.selectedProperty());
        alertsPane.visibleProperty().bind(alertsTab.selectedProperty());
        rulesPane.visibleProperty().bind(rulesTab.selectedProperty());
        deliveryPane.visibleProperty().bind(deliveryTab.selectedProperty());
        shown.getItems().setAll(Arrays.asList(Shown.values()));
        shown.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(Shown value) {
                        return value == null
                                ? ""
                                : words.oneOf(
                                        "alerts.shown", value.name().toLowerCase(Locale.ROOT));
                    }

                    @Override
                    public Shown fromString(String text) {
                        return Shown.ALL; // a choice is not typed
                    }
                });
        shown.valueProperty().bindBidirectional(alerts.shownProperty());
    }

    private Instant now() {
        return model.nowProperty().get();
    }

    private Optional<AlertView> selected() {
        return alertsTab.isSelected()
                ? Optional.ofNullable(table.getSelectionModel().getSelectedItem())
                : Optional.empty();
    }

    private void bindTable() {
        PagedTable.states(stateColumn, alert -> says.state(alert, alerts.state(alert)));
        PagedTable.words(whatColumn, "", AlertView::summary, AlertView::advice);
        PagedTable.ages(
                sinceColumn,
                model.secondsProperty(),
                alert -> formats.roughlyAgo(alert.since(), now()),
                alert -> formats.exact(alert.since(), now()));
        PagedTable.ages(
                clearedColumn,
                model.secondsProperty(),
                alert -> {
                    Instant at = alert.clearedAt();
                    return at == null ? "–" : formats.when(at, now());
                },
                alert -> {
                    Instant at = alert.clearedAt();
                    return at == null ? "" : formats.exact(at, now());
                });
        PagedTable.bind(table, alerts.rows(), AlertView::id, alerts::open);
        table.addEventHandler(KeyEvent.KEY_TYPED, this::typed);
        emptyAction.managedProperty().bind(emptyAction.visibleProperty());
    }

    private void typed(KeyEvent event) {
        Optional<AlertView> alert = selected();
        if (alert.isEmpty() || !alerts.canAct()) {
            return;
        }
        switch (event.getCharacter().toLowerCase(Locale.ROOT)) {
            case "a" -> alerts.acknowledge(alert.get());
            case "s" -> alerts.snooze(alert.get(), USUAL_LENGTH);
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void bindRules() {
        PagedTable.words(ruleColumn, "", AlertRuleRow::title, AlertRuleRow::about);
        PagedTable.states(ruleStateColumn, says::state);
        PagedTable.words(nowColumn, "", says::now, AlertRuleRow::unit);
        PagedTable.words(usualColumn, "", says::usual);
        PagedTable.words(limitColumn, "", says::limit);
        PagedTable.bind(ruleTable, alerts.rules(), AlertRuleRow::rule, alerts::open);
    }

    private void bindNotice() {
        noticeDismiss.setOnAction(_ -> alerts.dismiss());
        noticeUndo.managedProperty().bind(noticeUndo.visibleProperty());
        alerts.noticeProperty()
                .subscribe(notice -> {
                    noticeBox.setVisible(notice.isPresent());
                    notice.ifPresent(said -> {
                        noticeText.setText(said.text());
                        noticeIcon.setIconLiteral(
                                said.isProblem() ? "fth-alert-triangle" : "fth-check-circle");
                        noticeBox
                                .getStyleClass()
                                .setAll(
                                        "drill-state",
                                        said.isProblem() ? "outcome-weak" : "outcome-holds");
                        noticeUndo.setVisible(said.undo().isPresent());
                        noticeUndo.setOnAction(_ -> said.undo().ifPresent(Runnable::run));
                    });
                });
    }

    private void show() {
        showEmpty();
        showAges();
        boolean canAct = alerts.canAct();
        noticeUndo.setDisable(!canAct);
        for (Node button : List.of(acknowledge, reopen, snooze, wake)) {
            button.setDisable(!canAct);
        }
        table.refresh();
    }

    private void showAges() {
        cards.forEach(card -> card.show(now(), !model.staleProperty().get()));
        alerts.openProperty().get().ifPresent(this::showDrawer);
        alerts.ruleProperty().get().ifPresent(this::showRule);
    }

    private void showEmpty() {
        boolean none = alerts.rows().isEmpty();
        String problem = alerts.problemProperty().get();
        boolean isRead = alerts.readProperty().get();
        PagedTable.Empty shownEmpty = new PagedTable.Empty(empty, emptyIcon, emptyTitle, emptyText);
        boolean filtered = isRead && alerts.total() > 0;
        emptyAction.setVisible(isRead || !problem.isEmpty());
        if (!isRead && !problem.isEmpty()) {
            shownEmpty.show(none, "fth-alert-triangle", words.get("alerts.empty.failed"), problem);
            emptyAction.setText(words.get("alerts.empty.retry"));
            emptyAction.setOnAction(_ -> alerts.look());
        } else if (!isRead) {
            shownEmpty.show(
                    none,
                    "fth-power",
                    words.get("alerts.empty.offTitle"),
                    words.get("alerts.empty.offText"));
        } else if (filtered) {
            shownEmpty.show(
                    none,
                    "fth-search",
                    words.get("alerts.empty.filteredTitle"),
                    words.get("alerts.empty.filteredText"));
            emptyAction.setText(words.get("alerts.empty.all"));
            emptyAction.setOnAction(_ -> alerts.shownProperty().set(Shown.ALL));
        } else {
            shownEmpty.show(
                    none,
                    "fth-bell",
                    words.get("alerts.empty.title"),
                    words.get("alerts.empty.text"));
            emptyAction.setText(words.get("alerts.empty.rules"));
            emptyAction.setOnAction(_ -> show(Part.RULES));
        }
        ruleEmpty.setVisible(alerts.rules().isEmpty());
        ruleEmptyText.setText(problem.isEmpty() ? words.get("alerts.empty.offText") : problem);
    }

    private void bindDrawers() {
        root.setRight(null);
        for (Node said : List.of(about, aboutRules)) {
            said.managedProperty().bind(said.visibleProperty());
            said.visibleProperty().bind(root.rightProperty().isNull()); // the drawer takes the room
        }
        drawerClose.setOnAction(_ -> alerts.close());
        ruleClose.setOnAction(_ -> alerts.close());
        for (Node node : List.of(acknowledge, reopen, snooze, wake, toCause, ruleToCause)) {
            node.managedProperty().bind(node.visibleProperty());
        }
        for (String length : LENGTHS) {
            MenuItem item = new MenuItem(words.oneOf("alerts.snoozeFor", length));
            item.setOnAction(
                    _ -> alerts.openProperty().get().ifPresent(a -> alerts.snooze(a, length)));
            snooze.getItems().add(item);
        }
        RuleForm form =
                new RuleForm(
                        alerts,
                        new RuleForm.Controls(
                                ruleOn,
                                leastBox,
                                leastName,
                                least,
                                leastProblem,
                                factorBox,
                                factor,
                                factorProblem,
                                ruleProblem,
                                ruleSave,
                                ruleUsual),
                        words);
        alerts.workingProperty().subscribe(_ -> form.allow());
        model.readOnlyProperty().subscribe(_ -> form.allow());
        alerts.openProperty().subscribe(_ -> showRight());
        alerts.ruleProperty()
                .subscribe(rule -> {
                    rule.ifPresentOrElse(form::show, form::forget);
                    showRight();
                });
    }

    private void showRight() {
        boolean wasOpen = root.getRight() != null;
        boolean isAlert = alerts.openProperty().get().isPresent();
        boolean isRule = alerts.ruleProperty().get().isPresent();
        root.setRight(isAlert ? drawer : isRule ? ruleDrawer : null);
        alerts.openProperty().get().ifPresent(this::showDrawer);
        alerts.ruleProperty().get().ifPresent(this::showRule);
        if (wasOpen && root.getRight() == null && root.getScene() != null) {
            focusList();
        }
    }

    private void showDrawer(AlertView alert) {
        AlertState state = alerts.state(alert);
        drawerTitle.setText(alert.title());
        drawerId.setText(alert.rule());
        PagedTable.show(says.state(alert, state), stateBox, stateIcon, stateText);
        stateText.setText(stateText(alert, state));
        summary.setText(alert.summary());
        evidence.getChildren().clear();
        for (AlertFact seen : alert.evidence()) {
            line(evidence, seen.label(), seen.value(), "");
        }
        facts.getChildren().clear();
        fact("since", alert.since());
        fact("seen", alert.seenAt());
        Instant cleared = alert.clearedAt();
        if (cleared != null) {
            fact("cleared", cleared);
        }
        line(facts, words.oneOf("alerts.fact", "subject"), alert.subject(), "");
        line(facts, words.oneOf("alerts.fact", "node"), alert.node(), "");
        Instant known = alert.acknowledgedAt();
        if (known != null) {
            line(
                    facts,
                    words.oneOf("alerts.fact", "acknowledged"),
                    words.get(
                            "alerts.byAt",
                            words.oneOf("actor", String.valueOf(alert.acknowledgedBy())),
                            formats.ago(known, now())),
                    formats.exact(known, now()));
        }
        advice.setText(alert.advice());
        lead(toCause, way(alert.mend(), alert), alert.mend());
        toRule.setOnAction(_ -> openRule(alert.rule()));
        boolean snoozed = AlertState.isSnoozed(alert, now());
        acknowledge.setVisible(alert.isFiring() && alert.acknowledgedBy() == null);
        acknowledge.setOnAction(_ -> alerts.acknowledge(alert));
        reopen.setVisible(alert.isFiring() && alert.acknowledgedBy() != null);
        reopen.setOnAction(_ -> alerts.reopen(alert));
        snooze.setVisible(!snoozed);
        wake.setVisible(snoozed);
        wake.setOnAction(_ -> alerts.wake(alert));
    }

    private String stateText(AlertView alert, AlertState state) {
        Instant until = alert.snoozedUntil();
        Instant cleared = alert.clearedAt();
        return switch (state) {
            case OPEN ->
                    words.oneOf("alerts.severity", alert.severity())
                            + words.get("alerts.stateText.open");
            case ACKNOWLEDGED ->
                    words.get(
                            "alerts.stateText.acknowledged",
                            words.oneOf("actor", String.valueOf(alert.acknowledgedBy())));
            case SNOOZED ->
                    words.get(
                            "alerts.stateText.snoozed",
                            until == null ? "" : formats.until(until, now()));
            case CLEARED ->
                    words.get(
                            "alerts.stateText.cleared",
                            cleared == null ? "" : formats.when(cleared, now()),
                            cleared == null
                                    ? ""
                                    : formats.span(
                                            java.time.Duration.between(alert.since(), cleared)));
        };
    }

    private void fact(String key, Instant at) {
        line(
                facts,
                words.oneOf("alerts.fact", key),
                formats.ago(at, now()),
                formats.exact(at, now()));
    }

    private static void line(GridPane into, String label, String value, String tooltip) {
        Label name = new Label(label);
        name.getStyleClass().add("fact-name");
        name.setWrapText(true);
        Label text = new Label(value);
        text.getStyleClass().add("fact-value");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        if (!tooltip.isEmpty()) {
            text.setTooltip(new Tooltip(tooltip));
        }
        into.addRow(into.getRowCount(), name, text);
    }

    private void lead(Button button, Optional<Runnable> way, String mend) {
        button.setVisible(way.isPresent());
        button.setText(words.oneOf("alerts.mend", mend));
        button.setOnAction(_ -> way.ifPresent(Runnable::run));
    }

    /** Where its cause is looked at. */
    private Optional<Runnable> way(String mend, AlertView alert) {
        boolean isOfUser =
                alert.rule().equals("unusual_geography")
                        || alert.rule().equals("impossible_travel");
        return isOfUser
                ? leading(
                        Screen.SESSIONS,
                        () -> ways.navigation().showSessions("user:" + alert.subject()))
                : way(mend);
    }

    private Optional<Runnable> way(String mend) {
        if (mend.equals("settings")) {
            return leading(Screen.SERVER, ways.showSettings());
        }
        return Arrays.stream(Screen.values())
                .filter(screen -> screen.name().equalsIgnoreCase(mend))
                .findFirst()
                .flatMap(screen -> leading(screen, () -> ways.navigation().show(screen)));
    }

    private Optional<Runnable> leading(Screen screen, Runnable go) {
        return ways.isThere().test(screen) ? Optional.of(go) : Optional.empty();
    }

    private void showRule(AlertRuleRow rule) {
        ruleTitle.setText(rule.title());
        ruleId.setText(rule.rule());
        PagedTable.show(says.state(rule), ruleStateBox, ruleStateIcon, ruleStateText);
        if (rule.state().equals("off") && rule.on()) {
            ruleStateText.setText(words.get("alerts.rule.offWhy", rule.why()));
        }
        ruleAbout.setText(rule.about());
        ruleFacts.getChildren().clear();
        ruleFact("severity", words.oneOf("alerts.severity", rule.severity()));
        ruleFact("now", says.now(rule));
        if (rule.usualFactor() > 0) {
            ruleFact("usual", says.usual(rule));
        }
        if (rule.usualLeast() > 0) {
            ruleFact("limit", says.limit(rule));
        }
        ruleAdvice.setText(rule.advice());
        lead(ruleToCause, way(rule.mend()), rule.mend());
    }

    private void ruleFact(String key, String value) {
        line(ruleFacts, words.oneOf("alerts.rule.fact", key), value, "");
    }
}
