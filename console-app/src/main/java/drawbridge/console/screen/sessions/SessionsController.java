package drawbridge.console.screen.sessions;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.client.RevocationCalls.Which;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.model.Loading;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.FilterLine;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.console.ui.controls.ToolRow;
import drawbridge.model.SessionState;
import drawbridge.model.filter.FilterProblem;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableColumn.SortType;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import javafx.stage.FileChooser;

import org.controlsfx.control.PopOver;
import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.io.File;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Binds the sessions screen to its view model. */
public final class SessionsController implements ScreenController {
    /** Which columns give way first when there is no room for all. */
    private static final List<SessionColumn> GIVE_WAY =
            List.of(
                    SessionColumn.DEVICE,
                    SessionColumn.CREATED,
                    SessionColumn.MODE,
                    SessionColumn.EXPIRES,
                    SessionColumn.AGENT,
                    SessionColumn.LAST_SEEN,
                    SessionColumn.IP);

    private static final List<String> HELP =
            List.of(
                    "text", "user", "ip", "device", "agent", "state", "mode", "risk", "tenant",
                    "ref", "idle", "age", "left", "not");

    private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("error");
    private static final String HIDDEN = "sessions.hidden";
    private static final String SORT = "sessions.sort";

    private final ConsoleModel model;
    private final SessionsViewModel sessions;
    private final DrawerViewModel drawer;
    private final ManyViewModel many;
    private final Words words;
    private final Formats formats;
    private final AgentNames agents;
    private final Remembered remembered;
    private final FxmlViews views;
    private final Overlay overlay;

    private final SavedFilters saves;
    private final SwappedRows<SessionEntry> rows = new SwappedRows<>();
    private final Map<SessionColumn, TableColumn<SessionEntry, SessionRow>> columnOf =
            new EnumMap<>(SessionColumn.class);
    private final Set<SessionColumn> hidden = EnumSet.noneOf(SessionColumn.class);

    @FXML private BorderPane root;
    @FXML private CustomTextField filter;
    @FXML private Button clear;
    @FXML private Button help;
    @FXML private SegmentedButton scopes;
    @FXML private ToggleButton live;
    @FXML private ToggleButton ended;
    @FXML private ToggleButton all;
    @FXML private ToggleButton pause;
    @FXML private MenuButton saved;
    @FXML private MenuButton columns;
    @FXML private MenuItem revokeMatching;
    @FXML private MenuItem revokeSelected;
    @FXML private MenuItem exportCsv;
    @FXML private MenuItem exportJson;
    @FXML private StackPane jobPlace;
    @FXML private HBox problemBox;
    @FXML private TextFlow problemLine;
    @FXML private Label problem;
    @FXML private HBox loadingBox;
    @FXML private ToolRow partBox;
    @FXML private Label partText;
    @FXML private Label partLooked;
    @FXML private Button partLook;
    @FXML private ProgressBar loadingBar;
    @FXML private Label loadingText;
    @FXML private TableView<SessionEntry> table;
    @FXML private TableColumn<SessionEntry, SessionRow> user;
    @FXML private TableColumn<SessionEntry, SessionRow> ip;
    @FXML private TableColumn<SessionEntry, SessionRow> device;
    @FXML private TableColumn<SessionEntry, SessionRow> agent;
    @FXML private TableColumn<SessionEntry, SessionRow> created;
    @FXML private TableColumn<SessionEntry, SessionRow> lastSeen;
    @FXML private TableColumn<SessionEntry, SessionRow> expires;
    @FXML private TableColumn<SessionEntry, SessionRow> mode;
    @FXML private TableColumn<SessionEntry, SessionRow> state;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private HBox emptyCode;
    @FXML private Label emptyCommand;
    @FXML private Button copyCommand;
    @FXML private Button emptyAction;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public SessionsController(
            ConsoleModel model,
            SessionsViewModel sessions,
            DrawerViewModel drawer,
            ManyViewModel many,
            Words words,
            Formats formats,
            AgentNames agents,
            Remembered remembered,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.sessions = sessions;
        this.drawer = drawer;
        this.many = many;
        this.saves = new SavedFilters(remembered);
        this.words = words;
        this.formats = formats;
        this.agents = agents;
        this.remembered = remembered;
        this.views = views;
        this.overlay = overlay;
    }

    @FXML
    void initialize() {
        bindFilter();
        bindMany();
        bindPause();
        bindSaved();
        bindScopes();
        bindLoading();
        bindPart();
        bindTable();
        bindEmpty();
        bindDrawer();
    }

    ReadOnlyObjectProperty<Instant> seconds() {
        return model.secondsProperty();
    }

    ReadOnlyBooleanProperty readOnly() {
        return model.readOnlyProperty();
    }

    Instant now() {
        return model.nowProperty().get();
    }

    Words words() {
        return words;
    }

    @Override
    public boolean focusFilter() {
        filter.requestFocus();
        filter.selectAll();
        return true;
    }

    @Override
    public void focusList() {
        table.requestFocus();
    }

    /** Revokes the selected session; of several, it asks before. */
    @Override
    public boolean deleteSelected() {
        List<SessionEntry> selected = selection();
        if (selected.size() > 1) {
            confirmSelected();
        } else {
            selected.forEach(sessions::revoke);
        }
        return true;
    }

    /** Takes back what a revocation of many has ended, else that of the selected session. */
    @Override
    public boolean undoSelected() {
        SessionEntry selected = table.getSelectionModel().getSelectedItem();
        if (!many.undo() && selected != null) {
            sessions.undo(selected);
        }
        return true;
    }

    private List<SessionEntry> selection() {
        return table.getSelectionModel().getSelectedItems().stream()
                .filter(Objects::nonNull)
                .toList();
    }

    private void confirmSelected() {
        List<String> refs = selection().stream().map(SessionEntry::ref).toList();
        if (!refs.isEmpty()) {
            confirm(
                    new Which.Named(
                            refs.subList(0, Math.min(refs.size(), ManyViewModel.MOST_NAMED))));
        }
    }

    private void confirmMatching() {
        if (sessions.problemProperty().get().isEmpty()) {
            confirm(new Which.Matching(filter.getText().strip()));
        } else {
            table.requestFocus(); // a word that is only begun is told as wrong now
        }
    }

    /** Asks before all that a filter finds are revoked, on whichever screen is shown. */
    public void confirmMatching(String line) {
        confirm(new Which.Matching(line));
    }

    /** Asks before all of them are revoked, with exactly how many they are. */
    private void confirm(Which which) {
        RevokeManyDialog dialog = new RevokeManyDialog(many, which, words, formats, overlay::close);
        Node view = views.load(dialog, "revoke-many.fxml");
        overlay.show(view, dialog.firstField(), () -> {});
    }

    @Override
    public List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        actions.add(
                new ScreenAction(
                        "fth-slash",
                        words.get("sessions.more.revokeMatching"),
                        this::confirmMatching));
        saves.all()
                .forEach((name, line) ->
                        actions.add(
                                new ScreenAction(
                                        "fth-star",
                                        words.get("sessions.saved.palette", name),
                                        () -> sessions.find(line))));
        return actions;
    }

    private void bindMany() {
        table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        revokeMatching.setOnAction(_ -> confirmMatching());
        revokeSelected.setOnAction(_ -> confirmSelected());
        exportCsv.setOnAction(_ -> export("csv"));
        exportJson.setOnAction(_ -> export("json"));
        sessions.problemProperty()
                .subscribe(problem -> {
                    revokeMatching.setDisable(problem.isPresent());
                    exportCsv.setDisable(problem.isPresent());
                    exportJson.setDisable(problem.isPresent());
                });
        root.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.DELETE && event.isShiftDown()) {
                        confirmMatching();
                        event.consume();
                    }
                });
        Parent job = JobBar.load(model, many, words, views);
        jobPlace.getChildren().setAll(job);
        jobPlace.managedProperty().bind(job.visibleProperty());
    }

    private void export(String format) {
        FileChooser chooser = new FileChooser();
        chooser.setInitialFileName("sessions." + format);
        File file = chooser.showSaveDialog(root.getScene().getWindow());
        if (file != null) {
            many.export(filter.getText().strip(), format, file.toPath());
        }
    }

    private void bindPause() {
        pause.selectedProperty().bindBidirectional(sessions.pausedProperty());
        sessions.pausedProperty().subscribe(_ -> showPause());
        sessions.waitingProperty().subscribe(_ -> showPause());
    }

    private void showPause() {
        long waiting = sessions.waitingProperty().get();
        boolean isPaused = sessions.pausedProperty().get();
        pause.setText(
                !isPaused
                        ? ""
                        : waiting == 0
                                ? words.get("sessions.pause.paused")
                                : words.get("sessions.pause.waiting", formats.number(waiting)));
    }

    private void bindSaved() {
        saved.setOnShowing(_ -> fillSaved());
        fillSaved();
    }

    private void fillSaved() {
        saved.getItems().clear();
        Menu forget = new Menu(words.get("sessions.saved.forget"));
        saves.all()
                .forEach((name, line) -> {
                    MenuItem item = new MenuItem(name);
                    item.setMnemonicParsing(false);
                    item.setOnAction(_ -> filter.setText(line));
                    saved.getItems().add(item);
                    MenuItem gone = new MenuItem(name);
                    gone.setMnemonicParsing(false);
                    gone.setOnAction(_ -> saves.forget(name));
                    forget.getItems().add(gone);
                });
        if (forget.getItems().isEmpty()) {
            MenuItem none = new MenuItem(words.get("sessions.saved.none"));
            none.setDisable(true);
            saved.getItems().add(none);
        } else {
            saved.getItems().addAll(new SeparatorMenuItem(), forget);
        }
        MenuItem add = new MenuItem(words.get("sessions.saved.add"));
        add.setDisable(filter.getText().isBlank());
        add.setOnAction(_ -> saveFilter());
        saved.getItems().add(add);
    }

    private void saveFilter() {
        String line = filter.getText().strip();
        SaveFilterDialog dialog =
                new SaveFilterDialog(
                        line,
                        overlay::close,
                        name -> {
                            overlay.close();
                            saves.save(name, line);
                        });
        Node view = views.load(dialog, "save-filter.fxml");
        overlay.show(view, dialog.firstField(), () -> {});
    }

    /** Reads the open drawer again. */
    @Override
    public void refetch() {
        drawer.refetch();
    }

    @Override
    public boolean closeDrawer() {
        boolean open = drawer.entryProperty().get().isPresent();
        drawer.close();
        return open;
    }

    private void bindFilter() {
        table.hoverProperty().addListener((property, before, over) -> sessions.pointed(over));
        filter.textProperty().bindBidirectional(sessions.filterTextProperty());
        FilterLine.bind(filter, clear, table);
        help.setOnAction(_ -> showFilterHelp());
        FilterPopup offers = new FilterPopup(filter, sessions, words);
        filter.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (offers.pressed(event)) {
                        event.consume();
                    }
                });
        problemBox.managedProperty().bind(problemBox.visibleProperty());
        FilterLine.follow(filter, sessions.problemProperty(), this::showProblem);
    }

    private void showProblem(Optional<FilterProblem> found) {
        problemBox.setVisible(found.isPresent());
        filter.pseudoClassStateChanged(PROBLEM, found.isPresent());
        found.ifPresent(wrong -> {
            String line = filter.getText();
            int from = Math.min(wrong.position(), line.length());
            int to = Math.min(from + wrong.length(), line.length());
            Text wrongWord = new Text(line.substring(from, to));
            wrongWord.getStyleClass().add("wrong");
            problemLine
                    .getChildren()
                    .setAll(
                            new Text(line.substring(0, from)),
                            wrongWord,
                            new Text(line.substring(to)));
            problem.setText(wrong.message());
        });
    }

    private void showFilterHelp() {
        PopOver popOver =
                FilterLine.help(
                        new FilterLine.Help(
                                HELP,
                                key -> words.oneOf("sessions.help.example", key),
                                key -> words.oneOf("sessions.help.meaning", key)));
        popOver.setTitle(words.get("sessions.filter.help"));
        popOver.show(help);
    }

    private void bindScopes() {
        scopes.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    }
                });
        bindScope(live, SessionQuery.Scope.LIVE);
        bindScope(ended, SessionQuery.Scope.ENDED);
        bindScope(all, SessionQuery.Scope.ALL);
        sessions.foundProperty().subscribe(_ -> showCounts());
        sessions.wholeProperty().subscribe(_ -> showCounts());
    }

    private void showCounts() {
        SessionQuery.Found found = sessions.foundProperty().get();
        live.setText(words.get("sessions.scope.liveCount", least(found.live())));
        ended.setText(words.get("sessions.scope.endedCount", formats.number(found.ended())));
        all.setText(words.get("sessions.scope.allCount", least(found.live() + found.ended())));
    }

    /** The count, as a least one where the server has more than is held here. */
    private String least(long count) {
        String number = formats.number(count);
        return sessions.partText().isEmpty() ? number : words.get("sessions.scope.least", number);
    }

    private void bindScope(ToggleButton button, SessionQuery.Scope scope) {
        sessions.scopeProperty()
                .subscribe(now -> {
                    if (now == scope) {
                        button.setSelected(true);
                    }
                });
        button.setOnAction(_ -> sessions.scopeProperty().set(scope));
    }

    private void bindLoading() {
        loadingBox.managedProperty().bind(loadingBox.visibleProperty());
        sessions.loadingProperty().subscribe(this::showLoading);
    }

    private void showLoading(Loading loading) {
        loadingBox.setVisible(!loading.done() || !loading.problem().isEmpty());
        loadingBar.setVisible(!loading.done());
        loadingBar.setManaged(!loading.done());
        loadingBar.setProgress(
                loading.total() == 0 ? -1 : (double) loading.loaded() / loading.total());
        String counts =
                words.get(
                        "sessions.loading.counts",
                        formats.number(loading.loaded()),
                        formats.number(Math.max(loading.loaded(), loading.total())));
        if (!loading.problem().isEmpty()) {
            loadingText.setText(
                    words.get(
                            "sessions.loading.problem",
                            counts,
                            ReplyWords.unstopped(loading.problem())));
        } else {
            loadingText.setText(words.get("sessions.loading.text", counts));
        }
    }

    private void bindPart() {
        partBox.managedProperty().bind(partBox.visibleProperty());
        partLooked.managedProperty().bind(partLooked.visibleProperty());
        partLook.managedProperty().bind(partLook.visibleProperty());
        partLook.setOnAction(_ -> sessions.look());
        sessions.loadingProperty().subscribe(_ -> showPart());
        sessions.wholeProperty().subscribe(_ -> showPart());
        sessions.lookedProperty().subscribe(_ -> showPart());
        sessions.foundProperty().subscribe(_ -> showPart());
        model.secondsProperty().subscribe(_ -> showPart());
    }

    /** That the list is not all there is, and how to come to the rest. */
    private void showPart() {
        Optional<String> text = sessions.partText();
        partBox.setVisible(text.isPresent());
        partText.setText(text.orElse(""));
        SessionsViewModel.Looked looked = sessions.lookedProperty().get();
        partLooked.setVisible(!looked.text().isEmpty());
        partLooked.setText(looked.text());
        partLook.setVisible(sessions.canLook() && looked.text().isEmpty());
    }

    private void bindTable() {
        columnOf.put(SessionColumn.USER, user);
        columnOf.put(SessionColumn.IP, ip);
        columnOf.put(SessionColumn.DEVICE, device);
        columnOf.put(SessionColumn.AGENT, agent);
        columnOf.put(SessionColumn.CREATED, created);
        columnOf.put(SessionColumn.LAST_SEEN, lastSeen);
        columnOf.put(SessionColumn.EXPIRES, expires);
        columnOf.put(SessionColumn.MODE, mode);
        columnOf.put(SessionColumn.STATE, state);
        columnOf.values()
                .forEach(column ->
                        column.setCellValueFactory(cell -> cell.getValue().rowProperty()));
        cells(user, (row, now) -> row.email(), row -> false, (row, now) -> "", false, "");
        cells(ip, (row, now) -> orDash(row.ip()), row -> false, (row, now) -> "", false, "mono");
        cells(
                device,
                (row, now) -> orDash(row.device()),
                row -> false,
                (row, now) -> "",
                false,
                "mono");
        cells(
                agent,
                (row, now) -> row.agent() == null ? "–" : agents.of(row.agent()),
                row -> row.agent() != null,
                (row, now) -> row.agent() == null ? "" : row.agent(),
                false,
                "");
        cells(
                created,
                (row, now) -> formats.roughlyAgo(row.createdAt(), now),
                row -> true,
                (row, now) -> formats.exact(row.createdAt(), now),
                true,
                "");
        cells(
                lastSeen,
                (row, now) -> formats.roughlyAgo(row.lastSeenAt(), now),
                row -> true,
                (row, now) -> formats.exact(row.lastSeenAt(), now),
                true,
                "");
        cells(
                expires,
                (row, now) -> formats.roughlyUntil(row.expiresAt(), now),
                row -> true,
                (row, now) -> formats.exact(row.expiresAt(), now),
                true,
                "");
        cells(
                mode,
                (row, now) -> row.strictestMode() == null ? "–" : row.strictestMode(),
                row -> true,
                (row, now) ->
                        row.strictestMode() == null
                                ? words.get("sessions.mode.none")
                                : words.oneOf("mode", row.strictestMode()),
                false,
                "mode-cell");
        state.setCellFactory(_ -> new StateCell(sessions, this));
        table.setItems(rows);
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        restoreColumns();
        bindSort();
        sessions.foundProperty().subscribe(this::showRows);
        ColumnRoom.follow(table, this::fitColumns);
        table.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                openSelected();
                event.consume();
            }
        });
        table.setRowFactory(_ -> {
            var row = new javafx.scene.control.TableRow<SessionEntry>();
            row.setOnMouseClicked(event -> {
                boolean isPlain =
                        event.getButton() == MouseButton.PRIMARY
                                && !event.isShortcutDown()
                                && !event.isShiftDown();
                if (isPlain && !row.isEmpty() && event.isStillSincePress()) {
                    drawer.open(row.getItem());
                }
            });
            return row;
        });
        bindRowMenu();
    }

    private void bindRowMenu() {
        RowMenu rowMenu =
                new RowMenu(
                        sessions,
                        words,
                        new RowMenu.Does() {
                            @Override
                            public SessionState stateOf(SessionEntry entry) {
                                return entry.state(now());
                            }

                            @Override
                            public void confirm(Which which) {
                                SessionsController.this.confirm(which);
                            }

                            @Override
                            public Optional<String> adminUrl() {
                                return model.snapshotProperty()
                                        .get()
                                        .map(told -> told.server().adminUrl());
                            }

                            @Override
                            public void copy(String text) {
                                SessionsController.copy(text);
                            }
                        });
        ContextMenu menu = new ContextMenu();
        table.setOnContextMenuRequested(event -> {
            SessionEntry selected = table.getSelectionModel().getSelectedItem();
            if (selected != null) {
                rowMenu.fill(menu, selected);
                menu.show(table, event.getScreenX(), event.getScreenY());
            }
            event.consume();
        });
        table.addEventHandler(
                KeyEvent.KEY_PRESSED,
                event -> {
                    boolean isMenuKey =
                            event.getCode() == KeyCode.CONTEXT_MENU
                                    || (event.getCode() == KeyCode.F10 && event.isShiftDown());
                    SessionEntry selected = table.getSelectionModel().getSelectedItem();
                    Bounds at = table.localToScreen(table.getBoundsInLocal());
                    if (isMenuKey && selected != null && at != null) {
                        rowMenu.fill(menu, selected);
                        menu.show(table, at.getMinX() + 60, at.getMinY() + 60);
                        event.consume();
                    }
                });
    }

    private void openSelected() {
        SessionEntry selected = table.getSelectionModel().getSelectedItem();
        if (selected != null) {
            drawer.open(selected);
        }
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "–" : text;
    }

    private void cells(
            TableColumn<SessionEntry, SessionRow> column,
            BiFunction<SessionRow, Instant, String> text,
            Predicate<SessionRow> hasTooltip,
            BiFunction<SessionRow, Instant, String> tooltip,
            boolean ticking,
            String styleClass) {
        column.setCellFactory(
                _ -> new RowCell(text, hasTooltip, tooltip, seconds(), ticking, styleClass));
    }

    /** Why and by whom a session ended, for those who look longer. */
    String endWords(SessionEntry entry, RowStatus status) {
        String reason = entry.told().endReason();
        return reason == null || reason.isEmpty()
                ? status.text()
                : words.get("sessions.state.reason", status.text(), reason);
    }

    /** The default comparator of a column would take seconds; the view model sorts instead. */
    private void bindSort() {
        remembered
                .find(SORT)
                .ifPresent(text -> {
                    for (SessionColumn column : SessionColumn.values()) {
                        if (text.equals(column.id()) || text.equals("-" + column.id())) {
                            sessions.sortProperty().set(column);
                            sessions.descendingProperty().set(text.startsWith("-"));
                        }
                    }
                });
        TableColumn<SessionEntry, SessionRow> sorted = columnOf.get(sessions.sortProperty().get());
        if (sorted != null) {
            sorted.setSortType(
                    sessions.descendingProperty().get() ? SortType.DESCENDING : SortType.ASCENDING);
            table.getSortOrder().add(sorted);
        }
        table.setSortPolicy(view -> {
            if (!view.getSortOrder().isEmpty()) {
                sortBy(view.getSortOrder().getFirst());
            }
            return true;
        });
    }

    private void sortBy(TableColumn<SessionEntry, ?> column) {
        columnOf.forEach((name, known) -> {
            if (known.equals(column)) {
                boolean descending = column.getSortType() == SortType.DESCENDING;
                sessions.sortProperty().set(name);
                sessions.descendingProperty().set(descending);
                remembered.put(SORT, (descending ? "-" : "") + name.id());
            }
        });
    }

    private void restoreColumns() {
        String remembers = remembered.find(HIDDEN).orElse("");
        for (SessionColumn column : SessionColumn.values()) {
            boolean canHide = column != SessionColumn.USER && column != SessionColumn.STATE;
            if (canHide) {
                TableColumn<SessionEntry, SessionRow> shown = columnOf.get(column);
                CheckMenuItem item = new CheckMenuItem(shown == null ? "" : shown.getText());
                if (List.of(remembers.split(",")).contains(column.id())) {
                    hidden.add(column);
                }
                item.setSelected(!hidden.contains(column));
                item.selectedProperty().subscribe((_, wanted) -> wantColumn(column, wanted));
                columns.getItems().add(item);
            }
        }
    }

    private void wantColumn(SessionColumn column, boolean wanted) {
        if (wanted) {
            hidden.remove(column);
        } else {
            hidden.add(column);
        }
        remembered.put(HIDDEN, String.join(",", hidden.stream().map(SessionColumn::id).toList()));
        fitColumns();
    }

    /** Shows the columns that are wanted and fit, so that the last one is never out of sight. */
    private void fitColumns() {
        Set<SessionColumn> shown = EnumSet.complementOf(EnumSet.copyOf(withUser(hidden)));
        shown.add(SessionColumn.USER);
        double room = table.getWidth() - 20;
        for (SessionColumn column : GIVE_WAY) {
            if (leastWidth(shown) <= room) {
                break;
            }
            shown.remove(column);
        }
        columnOf.forEach((name, column) -> column.setVisible(shown.contains(name)));
    }

    private static Set<SessionColumn> withUser(Set<SessionColumn> some) {
        Set<SessionColumn> all = new java.util.HashSet<>(some);
        all.add(SessionColumn.USER);
        return all;
    }

    private double leastWidth(Set<SessionColumn> shown) {
        double sum = 0;
        for (SessionColumn name : shown) {
            TableColumn<SessionEntry, SessionRow> column = columnOf.get(name);
            sum += column == null ? 0 : column.getMinWidth();
        }
        return sum;
    }

    /** Swaps the rows; selection and what is at the top of the view stay. */
    private void showRows(SessionQuery.Found found) {
        if (!isSame(rows, found.rows())) {
            SessionEntry selected = table.getSelectionModel().getSelectedItem();
            Set<SessionEntry> several = new HashSet<>(selection());
            KeptScroll<SessionEntry> scroll = KeptScroll.before(table, found.rows().size());
            rows.swap(found.rows());
            int index = selected == null ? -1 : rows.indexOf(selected);
            if (several.size() > 1) {
                select(several, index);
            } else if (index >= 0) {
                table.getSelectionModel().clearAndSelect(index);
            } else {
                table.getSelectionModel().clearSelection();
            }
            scroll.restore();
        }
        showEmpty();
    }

    private void select(Set<SessionEntry> several, int last) {
        int[] indices =
                IntStream.range(0, rows.size())
                        .filter(i -> several.contains(rows.get(i)))
                        .toArray();
        table.getSelectionModel().clearSelection();
        if (indices.length > 0) {
            table.getSelectionModel()
                    .selectIndices(indices[0], Arrays.copyOfRange(indices, 1, indices.length));
        }
        if (last >= 0) {
            table.getSelectionModel().select(last);
        }
    }

    private static boolean isSame(List<SessionEntry> a, List<SessionEntry> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).equals(b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void bindEmpty() {
        empty.managedProperty().bind(empty.visibleProperty());
        copyCommand.setOnAction(_ -> copy(emptyCommand.getText()));
        model.feedStatusProperty().subscribe(_ -> showEmpty());
        sessions.problemProperty().subscribe(_ -> showEmpty());
        sessions.loadingProperty().subscribe(_ -> showEmpty());
        sessions.lookedProperty().subscribe(_ -> showEmpty());
        model.settings().subscribe(this::showEmpty);
    }

    private void showEmpty() {
        SessionQuery.Found found = sessions.foundProperty().get();
        boolean loading = !sessions.loadingProperty().get().done();
        empty.setVisible(found.rows().isEmpty() && !loading);
        if (!empty.isVisible()) {
            return;
        }
        boolean filtered = !filter.getText().isEmpty();
        boolean none = model.sessions().size() == 0;
        boolean off = model.feedStatusProperty().get() instanceof FeedStatus.Off;
        String publicUrl =
                model.snapshotProperty()
                        .get()
                        .map(snapshot -> snapshot.server().publicUrl())
                        .orElse("");
        boolean teach = none && !off && !publicUrl.isEmpty();
        emptyCode.setVisible(teach);
        emptyCode.setManaged(teach);
        emptyAction.setVisible(!none && filtered);
        emptyAction.setManaged(!none && filtered);
        if (off && none) {
            emptyIcon.setIconLiteral("fth-power");
            emptyTitle.setText(words.get("sessions.empty.offTitle"));
            emptyText.setText(words.get("sessions.empty.offText"));
        } else if (none) {
            emptyIcon.setIconLiteral("fth-users");
            emptyTitle.setText(words.get("sessions.empty.noneTitle"));
            emptyText.setText(words.get("sessions.empty.noneText"));
            emptyCommand.setText(words.get("sessions.empty.command", publicUrl));
        } else if (filtered) {
            emptyIcon.setIconLiteral("fth-search");
            emptyTitle.setText(words.get("sessions.empty.filterTitle"));
            emptyText.setText(words.count("sessions.empty.filterText", model.sessions().size()));
            boolean canLook =
                    sessions.canLook() && sessions.lookedProperty().get().text().isEmpty();
            emptyAction.setText(words.get(canLook ? "sessions.part.look" : "sessions.empty.clear"));
            emptyAction.setOnAction(_ -> {
                if (canLook) {
                    sessions.look();
                } else {
                    filter.clear();
                }
            });
        } else if (sessions.partText().isPresent()
                && sessions.scopeProperty().get() != SessionQuery.Scope.ENDED) {
            emptyIcon.setIconLiteral("fth-layers");
            emptyTitle.setText(words.get("sessions.empty.partTitle"));
            emptyText.setText(words.get("sessions.empty.partText"));
        } else {
            emptyIcon.setIconLiteral("fth-check-circle");
            emptyTitle.setText(
                    words.get(
                            sessions.scopeProperty().get() == SessionQuery.Scope.LIVE
                                    ? "sessions.empty.liveTitle"
                                    : "sessions.empty.endedTitle"));
            emptyText.setText(
                    words.get(
                            sessions.scopeProperty().get() == SessionQuery.Scope.LIVE
                                    ? "sessions.empty.liveText"
                                    : "sessions.empty.endedText",
                            formats.number(model.sessions().most().ended())));
        }
    }

    private static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    private void bindDrawer() {
        Parent view =
                views.load(
                        new DrawerController(
                                model,
                                sessions,
                                drawer,
                                words,
                                formats,
                                agents,
                                this::confirmRevokeAll),
                        "drawer.fxml");
        drawer.entryProperty()
                .subscribe(open -> {
                    root.setRight(open.isPresent() ? view : null);
                    open.ifPresent(this::selectShown);
                    if (open.isEmpty() && root.getScene() != null) {
                        table.requestFocus();
                    }
                });
    }

    /** What is done by keys is done to the session that the drawer shows. */
    private void selectShown(SessionEntry shown) {
        if (!shown.equals(table.getSelectionModel().getSelectedItem())) {
            table.getSelectionModel().clearSelection();
            int index = rows.indexOf(shown);
            if (index >= 0) {
                table.getSelectionModel().select(index);
            }
        }
    }

    /** Asks before all sessions of a user are ended, saying how many that are. */
    public void confirmRevokeAll(SessionRow ofUser) {
        RevokeUserDialog dialog =
                new RevokeUserDialog(
                        ofUser.email(),
                        sessions.liveOf(ofUser.userId()),
                        sessions.wholeProperty().get(),
                        words,
                        overlay::close,
                        reason -> {
                            overlay.close();
                            sessions.revokeAllOf(ofUser, reason);
                        });
        Node view = views.load(dialog, "revoke-user.fxml");
        overlay.show(view, dialog.safeButton(), () -> {});
    }
}
