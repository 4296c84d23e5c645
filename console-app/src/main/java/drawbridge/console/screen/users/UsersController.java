package drawbridge.console.screen.users;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.FilterLine;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.users.UsersViewModel.Standing;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ToolRow;
import drawbridge.model.view.UserRow;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Binds the users screen to its view models. */
public final class UsersController implements ScreenController {
    private static final List<String> HELP = List.of("text", "tenant");

    /**
     * What it needs of the other screens.
     *
     * @param endSessions asks before all sessions that a filter finds are ended
     * @param undoEnd takes that back, while it can be
     * @param job makes the line that says how that goes on
     */
    public record Ways(
            Navigation navigation,
            Consumer<String> endSessions,
            BooleanSupplier undoEnd,
            Function<FxmlViews, Parent> job) {}

    private final ConsoleModel model;
    private final UsersViewModel users;
    private final TenantsViewModel tenants;
    private final Ways ways;
    private final Words words;
    private final Formats formats;
    private final AgentNames agents;
    private final FxmlViews views;
    private final Overlay overlay;
    private final TenantsPart tenantsPart;

    @FXML private BorderPane root;
    @FXML private SegmentedButton tabs;
    @FXML private ToggleButton usersTab;
    @FXML private ToggleButton tenantsTab;
    @FXML private ToolRow userTools;
    @FXML private CustomTextField filter;
    @FXML private Button clear;
    @FXML private Button help;
    @FXML private SegmentedButton standings;
    @FXML private ToggleButton everybody;
    @FXML private ToggleButton active;
    @FXML private ToggleButton locked;
    @FXML private ToggleButton unverified;
    @FXML private Button create;
    @FXML private ToolRow tenantTools;
    @FXML private Button createTenant;
    @FXML private HBox problemBox;
    @FXML private Label problemWord;
    @FXML private Label problem;
    @FXML private StackPane jobPlace;
    @FXML private VBox usersPane;
    @FXML private StackPane tenantsPane;
    @FXML private TableView<UserRow> table;
    @FXML private TableColumn<UserRow, UserRow> emailColumn;
    @FXML private TableColumn<UserRow, UserRow> nameColumn;
    @FXML private TableColumn<UserRow, UserRow> stateColumn;
    @FXML private TableColumn<UserRow, UserRow> sessionsColumn;
    @FXML private TableColumn<UserRow, UserRow> loginColumn;
    @FXML private TableColumn<UserRow, UserRow> failuresColumn;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private Button emptyAction;
    @FXML private HBox more;
    @FXML private Label count;
    @FXML private Button further;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public UsersController(
            ConsoleModel model,
            UsersViewModel users,
            TenantsViewModel tenants,
            Ways ways,
            Words words,
            Formats formats,
            AgentNames agents,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.users = users;
        this.tenants = tenants;
        this.ways = ways;
        this.words = words;
        this.formats = formats;
        this.agents = agents;
        this.views = views;
        this.overlay = overlay;
        this.tenantsPart =
                new TenantsPart(model, tenants, this::showUsersOf, words, formats, views, overlay);
    }

    @FXML
    void initialize() {
        bindTabs();
        bindFilter();
        bindTable();
        bindDrawer();
        create.setOnAction(_ -> createUser());
        createTenant.setOnAction(_ -> tenantsPart.edit(Optional.empty()));
        Parent job = ways.job().apply(views);
        jobPlace.getChildren().setAll(job);
        jobPlace.managedProperty().bind(job.visibleProperty());
        model.readOnlyProperty().subscribe(locked -> create.setDisable(locked));
        model.readOnlyProperty().subscribe(locked -> createTenant.setDisable(locked));
    }

    @Override
    public void shown() {
        users.list().setShown(true);
        tenants.list().setShown(true);
    }

    @Override
    public void hidden() {
        users.list().setShown(false);
        tenants.list().setShown(false);
    }

    @Override
    public void focusList() {
        if (tenantsTab.isSelected()) {
            tenantsPart.focus();
        } else {
            table.requestFocus();
        }
    }

    @Override
    public boolean focusFilter() {
        usersTab.setSelected(true);
        filter.requestFocus();
        filter.selectAll();
        return true;
    }

    @Override
    public void refetch() {
        users.list().reread();
        tenants.list().reread();
    }

    @Override
    public boolean closeDrawer() {
        boolean isOpen = users.openProperty().get().isPresent();
        users.close();
        return isOpen;
    }

    @Override
    public boolean deleteSelected() {
        users.openProperty().get().ifPresent(this::endSessions);
        return users.openProperty().get().isPresent();
    }

    @Override
    public boolean undoSelected() {
        return ways.undoEnd().getAsBoolean();
    }

    @Override
    public void showItem(String name) {
        usersTab.setSelected(true);
        users.find(name);
    }

    @Override
    public List<ScreenAction> actions() {
        return List.of(
                new ScreenAction(
                        "fth-plus",
                        words.get("users.action.create"),
                        () -> {
                            ways.navigation().show(Screen.USERS);
                            createUser();
                        }),
                new ScreenAction(
                        "fth-lock",
                        words.get("users.action.locked"),
                        () -> {
                            ways.navigation().show(Screen.USERS);
                            usersTab.setSelected(true);
                            users.findLocked();
                        }),
                new ScreenAction(
                        "fth-plus",
                        words.get("tenants.action.create"),
                        () -> {
                            ways.navigation().show(Screen.USERS);
                            tenantsPart.edit(Optional.empty());
                        }));
    }

    /** Opens the form for a new account. */
    public void createUser() {
        CreateUserDialog.open(users, tenants.ids(), words, views, overlay);
    }

    /** Shows the tenants, if there are several. */
    public void showTenants() {
        tenantsTab.setSelected(true);
    }

    /** Opens the account at that place of the list. */
    public void open(int index) {
        table.getSelectionModel().select(index);
        users.open(users.list().rows().get(index));
    }

    private void showUsersOf(String tenant) {
        usersTab.setSelected(true);
        users.find("tenant:" + tenant);
    }

    private void bindTabs() {
        keepOne(tabs);
        tabs.managedProperty().bind(tabs.visibleProperty());
        tabs.visibleProperty().bind(tenants.severalProperty());
        tenants.severalProperty()
                .subscribe(several -> {
                    if (!several) {
                        usersTab.setSelected(true);
                    }
                });
        tenantsPane.getChildren().setAll(views.load(tenantsPart, "tenants.fxml"));
        for (Node node : List.of(userTools, tenantTools, usersPane, tenantsPane)) {
            node.managedProperty().bind(node.visibleProperty());
        }
        userTools.visibleProperty().bind(usersTab.selectedProperty());
        usersPane.visibleProperty().bind(usersTab.selectedProperty());
        tenantTools.visibleProperty().bind(tenantsTab.selectedProperty());
        tenantsPane.visibleProperty().bind(tenantsTab.selectedProperty());
        tenantsTab
                .selectedProperty()
                .subscribe(selected -> {
                    if (selected) {
                        users.close();
                    }
                });
    }

    private static void keepOne(SegmentedButton buttons) {
        buttons.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    }
                });
    }

    private void bindFilter() {
        filter.textProperty().bindBidirectional(users.filterTextProperty());
        FilterLine.bind(filter, clear, table);
        FilterLine.Help lines =
                new FilterLine.Help(
                        HELP,
                        key -> words.oneOf("users.help.example", key),
                        key -> words.oneOf("users.help.meaning", key));
        help.setOnAction(_ -> FilterLine.help(lines).show(help));
        keepOne(standings);
        bindStanding(everybody, Standing.ALL);
        bindStanding(active, Standing.ACTIVE);
        bindStanding(locked, Standing.LOCKED);
        bindStanding(unverified, Standing.UNVERIFIED);
        FilterLine.tell(
                filter,
                new FilterLine.Fault(problemBox, problemWord, problem),
                users.problemProperty());
    }

    private void bindStanding(ToggleButton button, Standing standing) {
        users.standingProperty()
                .subscribe(now -> {
                    if (now == standing) {
                        button.setSelected(true);
                    }
                });
        button.setOnAction(_ -> users.standingProperty().set(standing));
    }

    private void bindTable() {
        PagedTable.words(emailColumn, "", UserRow::email, row -> row.id() + " · " + row.tenant());
        PagedTable.words(nameColumn, "", UserWords::name);
        PagedTable.states(stateColumn, row -> UserWords.state(row, words));
        PagedTable.words(sessionsColumn, "", row -> formats.number(row.sessions()));
        PagedTable.ages(
                loginColumn,
                model.secondsProperty(),
                row -> {
                    Instant at = row.lastLoginAt();
                    return at == null
                            ? words.get("users.never")
                            : formats.roughlyAgo(at, model.nowProperty().get());
                },
                row -> {
                    Instant at = row.lastLoginAt();
                    return at == null ? "" : formats.exact(at, model.nowProperty().get());
                });
        PagedTable.words(
                failuresColumn,
                "",
                row -> row.failedLogins() == 0 ? "–" : formats.number(row.failedLogins()),
                row -> {
                    Instant at = row.lastFailedAt();
                    return at == null ? "" : formats.exact(at, model.nowProperty().get());
                });
        PagedTable.bind(table, users.list(), UserRow::id, users::open);
        PagedTable.foot(users.list(), new PagedTable.Foot(more, count, further), words, formats);
        PagedTable.empty(
                users.list(),
                new PagedTable.Empty(empty, emptyIcon, emptyTitle, emptyText),
                emptyAction,
                new PagedTable.Lesson(
                        key -> words.oneOf("users.empty", key),
                        "fth-user",
                        () ->
                                !filter.getText().isBlank()
                                        || users.standingProperty().get() != Standing.ALL,
                        new PagedTable.Offer(words.get("users.empty.clear"), () -> users.find("")),
                        new PagedTable.Offer(words.get("users.create"), this::createUser)));
    }

    private void bindDrawer() {
        root.setRight(null);
        Parent view =
                views.load(
                        new UserDrawer(
                                model,
                                users,
                                ways.navigation(),
                                words,
                                formats,
                                agents,
                                new DrawerDoes()),
                        "drawer.fxml");
        users.openProperty()
                .subscribe(open -> {
                    boolean isOpen = root.getRight() != null;
                    root.setRight(open.isPresent() ? view : null);
                    if (open.isEmpty() && isOpen && root.getScene() != null) {
                        table.requestFocus();
                    }
                });
    }

    private final class DrawerDoes implements UserDrawer.Does {
        @Override
        public void turnLock(UserRow row) {
            UsersController.this.turnLock(row);
        }

        @Override
        public void endSessions(UserRow row) {
            UsersController.this.endSessions(row);
        }

        @Override
        public void mail(UserRow row, String purpose) {
            confirmMail(row, purpose);
        }
    }

    private void endSessions(UserRow row) {
        ways.endSessions().accept("user:" + row.id());
    }

    private void turnLock(UserRow row) {
        if (UserWords.isLocked(row) || row.closed()) {
            ConfirmDialog.ask(
                    Question.click(
                            words.get("users.unlock.title", row.email()),
                            words.get("users.unlock.what"),
                            words.get("users.unlock.effect"),
                            words.get("users.unlock"),
                            false),
                    views,
                    overlay,
                    _ -> users.unlock(row));
            return;
        }
        ConfirmDialog.ask(
                new Question(
                        words.get("users.lock.title", row.email()),
                        words.count("users.lock.what", row.sessions()),
                        words.get("users.lock.effect"),
                        words.get("users.lock"),
                        true,
                        "",
                        words.get("users.reason"),
                        true),
                views,
                overlay,
                reason -> users.lock(row, reason));
    }

    private void confirmMail(UserRow row, String purpose) {
        ConfirmDialog.ask(
                Question.click(
                        words.oneOf("users.mail.title", purpose),
                        words.get("users.mail.what", row.email()),
                        words.oneOf("users.mail.effect", purpose),
                        words.get("users.mail.confirm"),
                        false),
                views,
                overlay,
                _ -> users.mail(row, purpose));
    }
}
