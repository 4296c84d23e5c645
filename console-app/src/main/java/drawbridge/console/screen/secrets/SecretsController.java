package drawbridge.console.screen.secrets;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.client.SecretCalls.CallerSecret;
import drawbridge.console.client.SecretCalls.OwnRotated;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.secrets.CallerState.Use;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.console.ui.controls.ShareBar;
import drawbridge.model.Secret;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.CallerRow.Version;
import drawbridge.model.view.OwnSecrets;
import drawbridge.model.view.SigningKeyRow;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Binds the secrets screen to its view model. */
public final class SecretsController implements ScreenController {
    /** The parts of the screen. */
    public enum Part {
        CALLERS,
        KEYS,
        OWN
    }

    /** What its dialogs work with. */
    public record Tools(NewSecrets newSecret, FxmlViews views, Overlay overlay) {}

    private final ConsoleModel model;
    private final SecretsViewModel secrets;
    private final Words words;
    private final Formats formats;
    private final Tools with;
    private final CallerDrawer drawer;

    @FXML private BorderPane root;
    @FXML private SegmentedButton tabs;
    @FXML private ToggleButton callersTab;
    @FXML private ToggleButton keysTab;
    @FXML private ToggleButton ownTab;
    @FXML private CustomTextField filter;
    @FXML private Region filler;
    @FXML private Button create;
    @FXML private Button rotateKeys;
    @FXML private HBox problemBox;
    @FXML private Label problem;
    @FXML private Button again;
    @FXML private Node callersPane;
    @FXML private TableView<CallerState> table;
    @FXML private TableColumn<CallerState, CallerState> nameColumn;
    @FXML private TableColumn<CallerState, CallerState> secretColumn;
    @FXML private TableColumn<CallerState, CallerState> dueColumn;
    @FXML private TableColumn<CallerState, CallerState> oldColumn;
    @FXML private TableColumn<CallerState, CallerState> usedColumn;
    @FXML private TableColumn<CallerState, CallerState> flagsColumn;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private Button emptyAction;
    @FXML private Node keysPane;
    @FXML private TableView<SigningKeyRow> keyTable;
    @FXML private TableColumn<SigningKeyRow, SigningKeyRow> keyState;
    @FXML private TableColumn<SigningKeyRow, SigningKeyRow> keyId;
    @FXML private TableColumn<SigningKeyRow, SigningKeyRow> keyPublished;
    @FXML private TableColumn<SigningKeyRow, SigningKeyRow> keySigning;
    @FXML private TableColumn<SigningKeyRow, SigningKeyRow> keyDue;
    @FXML private TableColumn<SigningKeyRow, SigningKeyRow> keyVerifies;
    @FXML private Node ownPane;
    @FXML private Node tokenCard;
    @FXML private Node masterCard;
    @FXML private Button endToken;
    @FXML private Button rotateToken;
    @FXML private GridPane tokenFacts;
    @FXML private Label tokenProblem;
    @FXML private Button rotateMaster;
    @FXML private GridPane masterFacts;
    @FXML private Label masterProblem;
    @FXML private Label ownEmpty;

    private Part part = Part.CALLERS;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public SecretsController(
            ConsoleModel model,
            SecretsViewModel secrets,
            Words words,
            Formats formats,
            Tools with) {
        this.model = model;
        this.secrets = secrets;
        this.words = words;
        this.formats = formats;
        this.with = with;
        this.drawer = new CallerDrawer(secrets, words, formats, new Asking());
    }

    @FXML
    void initialize() {
        tabs.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    }
                });
        callersTab.setOnAction(_ -> show(Part.CALLERS));
        keysTab.setOnAction(_ -> show(Part.KEYS));
        ownTab.setOnAction(_ -> show(Part.OWN));
        filter.textProperty().bindBidirectional(secrets.filterProperty());
        filter.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DOWN || event.getCode() == KeyCode.ENTER) {
                focusList();
                event.consume();
            } else if (event.getCode() == KeyCode.ESCAPE && !filter.getText().isEmpty()) {
                filter.clear();
                event.consume();
            }
        });
        create.setOnAction(_ -> create());
        rotateKeys.setOnAction(_ -> confirmKeys());
        problemBox.managedProperty().bind(problemBox.visibleProperty());
        again.setOnAction(_ -> secrets.read());
        empty.managedProperty().bind(empty.visibleProperty());
        bindCallers();
        bindKeys();
        bindOwn();
        Parent drawerView = with.views().load(drawer, "drawer.fxml");
        drawer.shownProperty()
                .subscribe(open -> {
                    secrets.lookedAt(open.isPresent());
                    root.setRight(open.isPresent() && part == Part.CALLERS ? drawerView : null);
                    if (open.isEmpty() && root.getScene() != null && part == Part.CALLERS) {
                        table.requestFocus();
                    }
                });
        show(Part.CALLERS);
        secrets.revisionProperty().subscribe(_ -> render());
        model.secondsProperty().subscribe(_ -> tick());
        model.staleProperty().subscribe(_ -> render());
        model.readOnlyProperty().subscribe(_ -> render());
    }

    /** Shows one of the parts. */
    public void show(Part wanted) {
        part = wanted;
        callersTab.setSelected(wanted == Part.CALLERS);
        keysTab.setSelected(wanted == Part.KEYS);
        ownTab.setSelected(wanted == Part.OWN);
        callersPane.setVisible(wanted == Part.CALLERS);
        keysPane.setVisible(wanted == Part.KEYS);
        ownPane.setVisible(wanted == Part.OWN);
        boolean isCallers = wanted == Part.CALLERS;
        filter.setVisible(isCallers);
        filter.setManaged(isCallers);
        filler.setManaged(!isCallers);
        create.setVisible(isCallers);
        create.setManaged(isCallers);
        rotateKeys.setVisible(wanted == Part.KEYS);
        rotateKeys.setManaged(wanted == Part.KEYS);
        if (!isCallers) {
            root.setRight(null);
        } else {
            drawer.shownProperty().get().ifPresent(this::open);
        }
    }

    /** Opens the drawer of that caller. */
    public void open(String callerId) {
        if (part != Part.CALLERS) {
            show(Part.CALLERS);
        }
        drawer.close();
        drawer.open(callerId);
        for (int i = 0; i < table.getItems().size(); i++) {
            if (table.getItems().get(i).id().equals(callerId)) {
                table.getSelectionModel().clearAndSelect(i);
            }
        }
    }

    /** Rotates the secret of the caller in the drawer, and shows the new one. */
    public void rotateOpen() {
        drawer.shownProperty()
                .get()
                .flatMap(secrets::caller)
                .map(CallerState::row)
                .ifPresent(row -> rotate(row, CallerDrawer.overlapOf(row)));
    }

    /** Opens the form that changes a caller. */
    public void edit(CallerRow row) {
        CallerDialog.open(
                Optional.of(row),
                words,
                with.views(),
                with.overlay(),
                (wish, ended) -> secrets.change(row.id(), wish, ended));
    }

    @Override
    public boolean focusFilter() {
        show(Part.CALLERS);
        filter.requestFocus();
        filter.selectAll();
        return true;
    }

    @Override
    public void focusList() {
        switch (part) {
            case CALLERS -> {
                table.requestFocus();
                if (table.getSelectionModel().isEmpty()) {
                    table.getSelectionModel().selectFirst();
                }
            }
            case KEYS -> keyTable.requestFocus();
            case OWN -> rotateToken.requestFocus();
        }
    }

    @Override
    public void refetch() {
        secrets.read();
    }

    @Override
    public boolean closeDrawer() {
        boolean isOpen = drawer.shownProperty().get().isPresent() && part == Part.CALLERS;
        drawer.close();
        return isOpen;
    }

    @Override
    public boolean deleteSelected() {
        CallerState selected = table.getSelectionModel().getSelectedItem();
        if (part == Part.CALLERS && selected != null && secrets.canAct()) {
            drawer.confirmDelete(selected.row());
        }
        return true;
    }

    @Override
    public List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        for (CallerState caller : secrets.all()) {
            String name = caller.row().name();
            actions.add(
                    new ScreenAction(
                            "fth-key",
                            words.get("secrets.action.open", name),
                            () -> goTo(caller.id())));
            actions.add(
                    new ScreenAction(
                            "fth-refresh-cw",
                            words.get("secrets.action.rotate", name),
                            () -> {
                                goTo(caller.id());
                                rotate(caller.row(), CallerDrawer.overlapOf(caller.row()));
                            }));
        }
        actions.add(
                new ScreenAction(
                        "fth-plus", words.get("secrets.action.create"), this::createFromAnywhere));
        return actions;
    }

    private Runnable toFront = () -> {};

    /** Says how this screen comes to the front, for what the palette offers. */
    public void onWanted(Runnable front) {
        toFront = front;
    }

    private void goTo(String callerId) {
        toFront.run();
        open(callerId);
    }

    private void createFromAnywhere() {
        toFront.run();
        show(Part.CALLERS);
        create();
    }

    // ---- callers ----

    private void bindCallers() {
        cell(nameColumn, this::nameCell, _ -> {});
        cell(secretColumn, (caller, label) -> secretCell(caller, label), _ -> {});
        cell(dueColumn, this::dueCell, _ -> {});
        cell(usedColumn, this::usedCell, _ -> {});
        cell(flagsColumn, this::flagsCell, label -> label.getStyleClass().add("flag-words"));
        for (TableColumn<CallerState, CallerState> column : List.of(oldColumn)) {
            column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
            column.setCellFactory(_ -> new OldCell());
        }
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        ColumnRoom.follow(table, this::fitColumns);
        table.setOnKeyPressed(event -> {
            CallerState selected = table.getSelectionModel().getSelectedItem();
            if (event.getCode() == KeyCode.ENTER && selected != null) {
                open(selected.id());
                event.consume();
            }
        });
        table.setRowFactory(_ -> {
            TableRow<CallerState> row = new TableRow<>();
            row.setOnMouseClicked(event -> {
                if (!row.isEmpty() && event.isStillSincePress()) {
                    open(row.getItem().id());
                }
            });
            return row;
        });
    }

    /** In a narrow window what the drawer tells as well gives way. */
    private void fitColumns() {
        double room = table.getWidth() - 20;
        double least = table.getColumns().stream().mapToDouble(TableColumn::getMinWidth).sum();
        for (TableColumn<CallerState, CallerState> column :
                List.of(usedColumn, dueColumn, secretColumn)) {
            column.setVisible(room >= least);
            least -= column.isVisible() ? 0 : column.getMinWidth();
        }
    }

    private <T> void cell(
            TableColumn<T, T> column, BiConsumer<T, Label> fill, Consumer<Label> dress) {
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(_ ->
                new TableCell<>() {
                    private final Label label = new Label();

                    {
                        dress.accept(label);
                        label.setMaxWidth(Double.MAX_VALUE);
                    }

                    @Override
                    protected void updateItem(T item, boolean isEmpty) {
                        super.updateItem(item, isEmpty);
                        if (isEmpty || item == null) {
                            setGraphic(null);
                            return;
                        }
                        label.setGraphic(null);
                        label.setTooltip(null);
                        fill.accept(item, label);
                        setGraphic(label);
                    }
                });
    }

    private void nameCell(CallerState caller, Label label) {
        CallerRow row = caller.row();
        label.setText(
                row.tenant().equals("default")
                        ? row.name()
                        : words.get("secrets.nameTenant", row.name(), row.tenant()));
        label.setTooltip(new Tooltip(row.id()));
    }

    private void secretCell(CallerState caller, Label label) {
        Optional<Version> newest = caller.row().newest();
        Instant now = secrets.now();
        label.setText(
                newest.map(version ->
                                words.get(
                                        "secrets.versionAge",
                                        formats.number(version.version()),
                                        formats.roughlyAgo(version.createdAt(), now)))
                        .orElse(words.get("secrets.noVersion")));
        newest.ifPresent(
                version -> label.setTooltip(new Tooltip(formats.exact(version.createdAt(), now))));
    }

    private void dueCell(CallerState caller, Label label) {
        Instant dueAt = caller.row().rotation().dueAt();
        due(label, dueAt);
    }

    private void due(Label label, @Nullable Instant dueAt) {
        Instant now = secrets.now();
        boolean isOver = dueAt != null && !now.isBefore(dueAt);
        if (dueAt == null) {
            label.setText("–");
        } else {
            label.setText(
                    isOver ? words.get("secrets.isOverdue") : formats.roughlyUntil(dueAt, now));
            label.setTooltip(new Tooltip(formats.exact(dueAt, now)));
        }
        label.getStyleClass().remove("amber-text");
        if (isOver) {
            label.getStyleClass().add("amber-text");
            label.setGraphic(warningIcon());
        }
    }

    private static FontIcon warningIcon() {
        FontIcon icon = new FontIcon("fth-alert-triangle");
        icon.getStyleClass().add("warning-icon");
        return icon;
    }

    private void usedCell(CallerState caller, Label label) {
        Instant last = caller.lastUsedAt();
        Instant now = secrets.now();
        label.setText(last == null ? words.get("secrets.never") : formats.roughlyAgo(last, now));
        if (last != null) {
            label.setTooltip(new Tooltip(formats.exact(last, now)));
        }
    }

    private void flagsCell(CallerState caller, Label label) {
        List<String> flags =
                caller.flags(secrets.now()).stream()
                        .map(flag -> secrets.flagWords(caller.row(), flag))
                        .toList();
        label.setText(String.join(" · ", flags));
        label.getStyleClass().remove("amber-text");
        if (!flags.isEmpty()) {
            label.getStyleClass().add("amber-text");
            label.setGraphic(warningIcon());
            label.setTooltip(new Tooltip(String.join("\n", flags)));
        }
    }

    /** The share of calls that old versions still have, as a bar that drains. */
    private final class OldCell extends TableCell<CallerState, CallerState> {
        private final ShareBar bar = new ShareBar();
        private final Label text = new Label();
        private final HBox box = new HBox(bar, text);

        OldCell() {
            box.getStyleClass().add("old-cell");
            text.setMinWidth(0);
            HBox.setHgrow(text, Priority.ALWAYS);
        }

        @Override
        protected void updateItem(CallerState caller, boolean isEmpty) {
            super.updateItem(caller, isEmpty);
            if (isEmpty || caller == null) {
                setGraphic(null);
                return;
            }
            Optional<Use> use = caller.oldUse();
            if (use.isEmpty()) {
                text.setText(words.get("secrets.old.none"));
                text.getStyleClass().setAll("label", "muted");
                setGraphic(text);
                return;
            }
            boolean isQuiet = use.get().isQuiet(secrets.now());
            String told =
                    isQuiet
                            ? words.get("secrets.old.quiet")
                            : words.get("secrets.old.share", formats.percent(use.get().share()));
            text.setText(told);
            text.getStyleClass().setAll("label", isQuiet ? "success-text" : "old-words");
            bar.show(use.get().share(), told);
            if (!box.getChildren().contains(text)) {
                box.getChildren().setAll(bar, text);
            }
            setGraphic(box);
        }
    }

    private void render() {
        String trouble = secrets.problem();
        problem.setText(words.get("secrets.notRead", trouble));
        problemBox.setVisible(!trouble.isEmpty());
        boolean canAct = secrets.canAct();
        create.setDisable(!canAct);
        rotateKeys.setDisable(!canAct || secrets.isWorking("keys"));
        Instant now = secrets.now();
        int callers = secrets.count();
        callersTab.setText(words.get("secrets.tab.callersCount", formats.number(callers)));
        keysTab.setGraphic(secrets.isKeyDue(now) ? warningIcon() : null);
        ownTab.setGraphic(secrets.dueOwn(now) > 0 ? warningIcon() : null);
        boolean anyFlag = secrets.all().stream().anyMatch(caller -> !caller.flags(now).isEmpty());
        callersTab.setGraphic(anyFlag ? warningIcon() : null);
        showCallers();
        showKeys();
        showOwn();
        drawer.show();
        showEmpty();
    }

    private void tick() {
        if (root.getScene() == null || root.getParent() == null) {
            return; // another screen is shown
        }
        render();
    }

    private void showCallers() {
        List<CallerState> found = secrets.callers();
        CallerState selected = table.getSelectionModel().getSelectedItem();
        List<String> before = table.getItems().stream().map(CallerState::id).toList();
        if (before.equals(found.stream().map(CallerState::id).toList())) {
            for (int i = 0; i < found.size(); i++) {
                if (!table.getItems().get(i).equals(found.get(i))) {
                    table.getItems().set(i, found.get(i));
                }
            }
            table.refresh(); // ages go on by themselves
        } else {
            table.getItems().setAll(found);
        }
        if (selected != null) {
            for (int i = 0; i < found.size(); i++) {
                if (found.get(i).id().equals(selected.id())
                        && table.getSelectionModel().getSelectedIndex() != i) {
                    table.getSelectionModel().clearAndSelect(i);
                }
            }
        }
    }

    private void showEmpty() {
        boolean isEmpty = table.getItems().isEmpty();
        boolean isOff = model.feedStatusProperty().get() instanceof FeedStatus.Off;
        empty.setVisible(isEmpty && (secrets.isRead() || isOff));
        if (!isEmpty) {
            return;
        }
        if (isOff && !secrets.isRead()) {
            emptyIcon.setIconLiteral("fth-power");
            emptyTitle.setText(words.get("secrets.empty.offTitle"));
            emptyText.setText(words.get("secrets.empty.offText"));
            emptyAction.setVisible(false);
        } else if (!filter.getText().isBlank()) {
            emptyIcon.setIconLiteral("fth-search");
            emptyTitle.setText(words.get("secrets.empty.filterTitle"));
            emptyText.setText(
                    words.get("secrets.empty.filterText", formats.number(secrets.count())));
            emptyAction.setVisible(true);
            emptyAction.setText(words.get("sessions.empty.clear"));
            emptyAction.setOnAction(_ -> filter.clear());
        } else {
            emptyIcon.setIconLiteral("fth-key");
            emptyTitle.setText(words.get("secrets.empty.noneTitle"));
            emptyText.setText(words.get("secrets.empty.noneText"));
            emptyAction.setVisible(true);
            emptyAction.setText(words.get("secrets.create"));
            emptyAction.setOnAction(_ -> create());
        }
    }

    private void create() {
        CallerDialog.open(
                Optional.empty(),
                words,
                with.views(),
                with.overlay(),
                (wish, ended) -> secrets.create(wish, ended, this::showMade));
    }

    private void showMade(CallerSecret made) {
        open(made.caller().id());
        with.newSecret()
                .show(
                        words.get("secrets.new.first", made.caller().name()),
                        words.get("secrets.new.firstWhat"),
                        made.caller().name() + "-bridge-secret",
                        made.secret());
    }

    private void rotate(CallerRow row, String overlap) {
        secrets.rotate(row.id(), overlap, made -> showRotated(made, overlap));
    }

    private void showRotated(CallerSecret made, String overlap) {
        with.newSecret()
                .show(
                        words.get(
                                "secrets.new.title",
                                made.caller().name(),
                                formats.number(made.version())),
                        overlap.equals("0s")
                                ? words.get("secrets.new.atOnce")
                                : words.get(
                                        "secrets.new.overlap",
                                        formats.span(SecretsViewModel.span(overlap))),
                        made.caller().name() + "-bridge-secret-" + made.version(),
                        made.secret());
    }

    /** What the drawer asks for. */
    private final class Asking implements CallerDrawer.Around {
        @Override
        public void ask(Question question, Runnable confirmed) {
            ConfirmDialog.ask(question, with.views(), with.overlay(), _ -> confirmed.run());
        }

        @Override
        public void edit(CallerRow row) {
            SecretsController.this.edit(row);
        }

        @Override
        public void plan(CallerRow row) {
            PlanDialog.open(row, secrets, words, with.views(), with.overlay());
        }

        @Override
        public void rotate(CallerRow row, String overlap) {
            SecretsController.this.rotate(row, overlap);
        }

        @Override
        public void burn(CallerRow row, Version version) {
            confirmBurn(row, version);
        }
    }

    /** Asks how a version that has leaked is ended. */
    public void confirmBurn(CallerRow row, Version version) {
        Optional<Use> use = secrets.caller(row.id()).map(caller -> caller.use(version));
        boolean isOnly = row.secrets().stream().filter(Version::accepted).count() == 1;
        BurnDialog.ask(
                new BurnDialog.Told(
                        words.get(
                                "secrets.burn.title",
                                formats.number(version.version()),
                                row.name()),
                        words.get(
                                "secrets.burn.what",
                                formats.number(use.map(Use::calls).orElse(0L))),
                        words.get(
                                isOnly ? "secrets.burn.effectOnly" : "secrets.burn.effect",
                                row.name())),
                with.views(),
                with.overlay(),
                () -> secrets.burn(row.id(), version.version()),
                () -> secrets.burnAndReplace(row.id(), made -> showRotated(made, "0s")));
    }

    // ---- signing keys ----

    private void bindKeys() {
        cell(keyState, this::keyStateCell, _ -> {});
        cell(keyId, this::keyIdCell, label -> label.getStyleClass().add("mono"));
        cell(keyPublished, (key, label) -> at(label, key.createdAt()), _ -> {});
        cell(keySigning, (key, label) -> at(label, key.signingSince()), _ -> {});
        cell(keyDue, (key, label) -> due(label, key.dueAt()), _ -> {});
        cell(keyVerifies, this::keyVerifiesCell, _ -> {});
        keyTable.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        ColumnRoom.follow(keyTable);
    }

    private void keyStateCell(SigningKeyRow key, Label label) {
        label.setText(words.oneOf("secrets.keyState", key.state()));
        FontIcon icon =
                new FontIcon(
                        switch (key.state()) {
                            case "signing" -> "fth-edit-3";
                            case "next" -> "fth-clock";
                            case "verifying" -> "fth-check";
                            default -> "fth-minus";
                        });
        icon.getStyleClass().add(key.state().equals("signing") ? "success-icon" : "calm-icon");
        label.setGraphic(icon);
        label.setTooltip(new Tooltip(words.oneOf("secrets.keyOrigin", key.origin())));
    }

    private void keyIdCell(SigningKeyRow key, Label label) {
        label.setText(key.id());
        label.setTooltip(new Tooltip(key.id() + "\n" + key.publicKey()));
    }

    private void at(Label label, @Nullable Instant at) {
        Instant now = secrets.now();
        label.setText(at == null ? "–" : formats.roughlyAgo(at, now));
        if (at != null) {
            label.setTooltip(new Tooltip(formats.exact(at, now)));
        }
    }

    private void keyVerifiesCell(SigningKeyRow key, Label label) {
        Instant now = secrets.now();
        Instant last = key.lastExpiry();
        label.setText(
                switch (key.state()) {
                    case "next" -> words.get("secrets.keys.fromUse");
                    case "signing" -> words.get("secrets.keys.whileSigning");
                    case "verifying" ->
                            last == null
                                    ? words.get("secrets.keys.shortly")
                                    : words.get("secrets.keys.until", formats.until(last, now));
                    default -> words.get("secrets.keys.nothing");
                });
        if (last != null) {
            label.setTooltip(new Tooltip(formats.exact(last, now)));
        }
    }

    private void showKeys() {
        if (!keyTable.getItems().equals(secrets.keys())) {
            keyTable.getItems().setAll(secrets.keys());
        } else if (part == Part.KEYS) {
            keyTable.refresh();
        }
    }

    private void confirmKeys() {
        ConfirmDialog.ask(
                new Question(
                        words.get("secrets.keys.confirmTitle"),
                        words.get("secrets.keys.confirmWhat"),
                        words.get("secrets.keys.confirmEffect"),
                        words.get("secrets.keys.rotate"),
                        false,
                        "",
                        words.get("secrets.keys.reason"),
                        true),
                with.views(),
                with.overlay(),
                secrets::rotateKeys);
    }

    // ---- the server's own ----

    private void bindOwn() {
        for (Label each : List.of(tokenProblem, masterProblem)) {
            each.managedProperty().bind(each.visibleProperty());
            each.visibleProperty().bind(each.textProperty().isNotEmpty());
        }
        rotateToken.setOnAction(_ -> rotateToken("5m"));
        endToken.setOnAction(_ ->
                ConfirmDialog.ask(
                        Question.click(
                                words.get("secrets.own.burnTitle"),
                                words.get("secrets.own.burnWhat"),
                                words.get("secrets.own.burnEffect"),
                                words.get("secrets.own.burn"),
                                true),
                        with.views(),
                        with.overlay(),
                        _ -> rotateToken("0s")));
        rotateMaster.setOnAction(_ ->
                ConfirmDialog.ask(
                        Question.click(
                                words.get("secrets.own.masterTitle"),
                                words.get("secrets.own.masterWhat"),
                                words.get("secrets.own.masterEffect"),
                                words.get("secrets.rotate"),
                                false),
                        with.views(),
                        with.overlay(),
                        _ -> secrets.rotateMasterKey()));
    }

    private void rotateToken(String overlap) {
        secrets.rotateAdminToken(overlap, rotated -> showToken(rotated, overlap));
    }

    private void showToken(OwnRotated rotated, String overlap) {
        Secret secret = rotated.secret();
        if (secret != null) {
            with.newSecret()
                    .show(
                            words.get("secrets.new.token"),
                            overlap.equals("0s")
                                    ? words.get("secrets.new.tokenAtOnce")
                                    : words.get(
                                            "secrets.new.tokenWhat",
                                            formats.span(SecretsViewModel.span(overlap))),
                            "drawbridge-admin-token",
                            secret);
        }
    }

    private void showOwn() {
        Optional<OwnSecrets> own = secrets.own();
        ownEmpty.setVisible(own.isEmpty());
        ownEmpty.setManaged(own.isEmpty());
        for (Node card : List.of(tokenCard, masterCard)) {
            card.setVisible(own.isPresent());
            card.setManaged(own.isPresent());
        }
        if (own.isEmpty()) {
            return;
        }
        boolean canAct = secrets.canAct();
        OwnSecrets.Own token = own.get().adminToken();
        OwnSecrets.Own master = own.get().masterKey();
        show(tokenFacts, token);
        show(masterFacts, master);
        boolean canRotate = canAct && token.rotatable() && !secrets.isWorking("admin_token");
        rotateToken.setDisable(!canRotate);
        endToken.setDisable(!canRotate);
        rotateMaster.setDisable(!canAct || !master.rotatable() || secrets.isWorking("master_key"));
        tokenProblem.setText(first(secrets.problemOf("admin_token"), token.whyNot()));
        masterProblem.setText(first(secrets.problemOf("master_key"), master.whyNot()));
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    private void show(GridPane grid, OwnSecrets.Own secret) {
        Instant now = secrets.now();
        List<String[]> lines = new ArrayList<>();
        lines.add(line("origin", words.oneOf("secrets.origin", secret.origin())));
        lines.add(
                line(
                        "since",
                        words.get(
                                "secrets.own.since",
                                formats.span(Duration.between(secret.since(), now)),
                                formats.dateTime(secret.since()))));
        boolean isOver = !now.isBefore(secret.dueAt());
        lines.add(
                line(
                        "due",
                        isOver
                                ? words.get("secrets.overdue", formats.ago(secret.dueAt(), now))
                                : formats.until(secret.dueAt(), now)));
        Instant used = secret.lastUsedAt();
        lines.add(
                line(
                        "used",
                        used == null
                                ? words.get("secrets.own.unused")
                                : secret.kind().equals("master_key")
                                        ? words.get("secrets.own.opened", formats.ago(used, now))
                                        : formats.ago(used, now)));
        Instant until = secret.previousUntil();
        if (until != null && now.isBefore(until)) {
            Instant before = secret.previousUsedAt();
            lines.add(
                    line(
                            "previous",
                            words.get(
                                    "secrets.own.previous",
                                    formats.spanUntil(until, now),
                                    before == null
                                            ? words.get("secrets.never")
                                            : formats.ago(before, now))));
        }
        fill(grid, lines, isOver);
    }

    private String[] line(String key, String value) {
        return new String[] {words.oneOf("secrets.ownFact", key), value};
    }

    /** Fills the grid, keeping its labels where it has them already. */
    private static void fill(GridPane grid, List<String[]> lines, boolean isOver) {
        if (grid.getChildren().size() != lines.size() * 2) {
            grid.getChildren().clear();
            for (int i = 0; i < lines.size(); i++) {
                Label name = new Label();
                name.getStyleClass().add("fact-name");
                name.setMinWidth(Region.USE_PREF_SIZE);
                Label value = new Label();
                value.getStyleClass().add("fact-value");
                value.setWrapText(true);
                value.setMinHeight(Region.USE_PREF_SIZE);
                grid.addRow(i, name, value);
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            ((Label) grid.getChildren().get(i * 2)).setText(lines.get(i)[0]);
            Label value = (Label) grid.getChildren().get(i * 2 + 1);
            value.setText(lines.get(i)[1]);
            boolean isAmber = isOver && i == 2;
            value.getStyleClass().setAll("label", isAmber ? "amber-text" : "fact-value");
            value.setGraphic(isAmber ? warningIcon() : null);
        }
    }
}
