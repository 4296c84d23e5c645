package drawbridge.console.screen.checklist;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.TenantChoice;
import drawbridge.console.screen.checklist.ChecklistViewModel.Notice;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ChecklistItem;
import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.model.view.PolicyCoverage;
import drawbridge.model.view.SecretHit;
import drawbridge.model.view.SecretScan;
import drawbridge.model.view.TenantName;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Binds the checklist to its view model. */
public final class ChecklistController implements ScreenController {
    /** The parts of the screen. */
    public enum Part {
        PRACTICES,
        SEARCH,
        ENDPOINTS,
        POLICIES
    }

    /**
     * Where it leads to.
     *
     * @param showSetting shows the setting of that name among those in effect; all without a name
     */
    public record Ways(
            Navigation navigation, Predicate<Screen> isThere, Consumer<String> showSetting) {}

    private final ConsoleModel model;
    private final ChecklistViewModel checklist;
    private final Ways ways;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;
    private final List<PracticeRow> lines = new ArrayList<>();
    private List<ChecklistItem> shownItems = List.of();
    private List<SecretHit> shownHits = List.of();

    @FXML private ComboBox<TenantName> tenants;
    @FXML private SegmentedButton tabs;
    @FXML private HBox counts;
    @FXML private Label triedAt;
    @FXML private Button tryNow;
    @FXML private ToggleButton practices;
    @FXML private ToggleButton search;
    @FXML private ToggleButton endpoints;
    @FXML private ToggleButton policies;
    @FXML private HBox tryingBox;
    @FXML private HBox noticeBox;
    @FXML private FontIcon noticeIcon;
    @FXML private Label noticeText;
    @FXML private Button dismiss;
    @FXML private ScrollPane practicesPane;
    @FXML private VBox rows;
    @FXML private ScrollPane searchPane;
    @FXML private TextField folder;
    @FXML private Button searchFolder;
    @FXML private Button searchLogs;
    @FXML private HBox searchBox;
    @FXML private ProgressBar searchBar;
    @FXML private Label searchText;
    @FXML private Button cancelSearch;
    @FXML private Label searchEnd;
    @FXML private VBox hits;
    @FXML private TableView<EndpointCoverage> endpointTable;
    @FXML private TableView<PolicyCoverage> policyTable;
    @FXML private Label endpointEmpty;
    @FXML private Label policyEmpty;
    @FXML private VBox empty;
    @FXML private Label emptyText;
    @FXML private Button retry;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public ChecklistController(
            ConsoleModel model,
            ChecklistViewModel checklist,
            Ways ways,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.checklist = checklist;
        this.ways = ways;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
    }

    @FXML
    void initialize() {
        for (Node optional : List.of(tryingBox, noticeBox, searchBox)) {
            optional.managedProperty().bind(optional.visibleProperty());
        }
        TenantChoice.bind(
                tenants, checklist.tenants(), checklist.tenantProperty(), checklist::choose);
        ToggleGroup parts = new ToggleGroup();
        parts.getToggles().addAll(practices, search, endpoints, policies);
        tabs.setToggleGroup(parts); // its look would take them into another one
        practices.setSelected(true);
        parts.selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    }
                    show();
                });
        CoverageTables tables = new CoverageTables(words, formats);
        tables.endpoints(endpointTable);
        tables.policies(policyTable);
        tryNow.setOnAction(_ -> checklist.tryNow());
        dismiss.setOnAction(_ -> checklist.dismiss());
        retry.setOnAction(_ -> checklist.look());
        searchLogs.setOnAction(_ -> checklist.search(""));
        searchFolder.setOnAction(_ -> checklist.search(folder.getText()));
        folder.setOnAction(_ -> searchFolder.fire());
        cancelSearch.setOnAction(_ -> checklist.cancelSearch());
        folder.textProperty().subscribe(_ -> showSearch());
        checklist.checklistProperty().subscribe(_ -> show());
        checklist.coverageProperty().subscribe(_ -> showCoverage());
        checklist.scanProperty().subscribe(_ -> showSearch());
        checklist.noticeProperty().subscribe(_ -> show());
        checklist.problemProperty().subscribe(_ -> show());
        checklist.tryingProperty().subscribe(_ -> show());
        model.staleProperty().subscribe(_ -> show());
        model.readOnlyProperty().subscribe(_ -> show());
        model.secondsProperty().subscribe(_ -> showAges());
    }

    private Part part() {
        if (search.isSelected()) {
            return Part.SEARCH;
        }
        return endpoints.isSelected()
                ? Part.ENDPOINTS
                : policies.isSelected() ? Part.POLICIES : Part.PRACTICES;
    }

    /** Goes to that part. */
    public void show(Part part) {
        (switch (part) {
                    case PRACTICES -> practices;
                    case SEARCH -> search;
                    case ENDPOINTS -> endpoints;
                    case POLICIES -> policies;
                })
                .setSelected(true);
    }

    private void show() {
        Optional<ChecklistView> read = checklist.checklistProperty().get();
        String problem = checklist.problemProperty().get();
        boolean unread = read.isEmpty();
        Part part = part();
        practicesPane.setVisible(!unread && part == Part.PRACTICES);
        searchPane.setVisible(!unread && part == Part.SEARCH);
        endpointTable.setVisible(!unread && part == Part.ENDPOINTS);
        policyTable.setVisible(!unread && part == Part.POLICIES);
        empty.setVisible(unread);
        emptyText.setText(
                problem.isEmpty()
                        ? words.get("checklist.empty.waiting")
                        : words.get("checklist.empty.why", problem));
        retry.setVisible(!problem.isEmpty());
        boolean isTrying = checklist.tryingProperty().get();
        tryingBox.setVisible(isTrying);
        tryNow.setDisable(isTrying || model.readOnlyProperty().get());
        read.ifPresent(this::showRows);
        showCounts(read);
        showNotice(problem, unread);
        showSearch();
        showAges();
    }

    private void showRows(ChecklistView read) {
        if (!isSame(read.items())) {
            rows.getChildren().clear();
            lines.clear();
            for (ChecklistItem item : read.items()) {
                PracticeRow line =
                        new PracticeRow(item, lines.size() + 1, words, formats, this::way);
                lines.add(line);
                rows.getChildren().add(line);
            }
        }
        shownItems = read.items();
    }

    /** A row that says the same keeps its focus. */
    private boolean isSame(List<ChecklistItem> items) {
        if (items.size() != shownItems.size()) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            ChecklistItem before = shownItems.get(i);
            if (!items.get(i).verdict().equals(before.verdict())
                    || !items.get(i).evidence().equals(before.evidence())) {
                return false;
            }
        }
        return true;
    }

    private Optional<Runnable> way(ChecklistEvidence evidence) {
        return switch (evidence.mend()) {
            case "secrets" -> leading(Screen.SECRETS, () -> ways.navigation().show(Screen.SECRETS));
            case "routes" -> leading(Screen.ROUTES, () -> ways.navigation().show(Screen.ROUTES));
            case "threats" -> leading(Screen.THREATS, () -> ways.navigation().show(Screen.THREATS));
            case "settings" ->
                    leading(
                            Screen.SERVER,
                            () ->
                                    ways.showSetting()
                                            .accept(
                                                    Objects.requireNonNullElse(
                                                            evidence.setting(), "")));
            case "server", "tenants" ->
                    leading(Screen.SERVER, () -> ways.navigation().show(Screen.SERVER));
            case "alerts" -> leading(Screen.ALERTS, () -> ways.navigation().show(Screen.ALERTS));
            case "scan" -> Optional.of(() -> show(Part.SEARCH));
            default -> Optional.empty();
        };
    }

    private Optional<Runnable> leading(Screen screen, Runnable go) {
        return ways.isThere().test(screen) ? Optional.of(go) : Optional.empty();
    }

    private void showAges() {
        Instant now = model.nowProperty().get();
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).tell(shownItems.get(i), now);
        }
        triedAt.setText(
                checklist
                        .checklistProperty()
                        .get()
                        .map(read -> {
                            Instant at = read.triedAt();
                            return at == null
                                    ? words.get("checklist.neverTried")
                                    : words.get("checklist.lastTried", formats.roughlyAgo(at, now));
                        })
                        .orElse(""));
    }

    private void showCounts(Optional<ChecklistView> read) {
        counts.getChildren().clear();
        for (Mark mark : List.of(Mark.FAIL, Mark.WARN, Mark.PASS, Mark.NOT_APPLICABLE)) {
            long count =
                    read.map(ChecklistView::items).orElse(List.of()).stream()
                            .filter(item -> Mark.of(item.verdict()) == mark)
                            .count();
            if (count > 0) {
                Label label =
                        new Label(
                                words.get(
                                        "checklist.count",
                                        formats.number(count),
                                        words.oneOf("checklist.countOf", mark.key())),
                                new FontIcon(mark.icon()));
                label.getStyleClass().addAll("outcome-count", mark.style());
                label.setMinWidth(Region.USE_PREF_SIZE);
                counts.getChildren().add(label);
            }
        }
    }

    private void showNotice(String problem, boolean unread) {
        Optional<Notice> notice = checklist.noticeProperty().get();
        boolean failing = !problem.isEmpty() && !unread;
        Notice shown =
                notice.orElseGet(
                        () -> new Notice(Mark.WARN, words.get("checklist.empty.old", problem)));
        noticeBox.setVisible(notice.isPresent() || failing);
        dismiss.setVisible(notice.isPresent());
        noticeIcon.setIconLiteral(shown.mark().icon());
        noticeText.setText(shown.text());
        noticeBox.getStyleClass().setAll("drill-state", shown.mark().style());
    }

    private void showSearch() {
        Optional<SecretScan> scan = checklist.scanProperty().get();
        boolean isSearching = checklist.isSearching();
        boolean readOnly = model.readOnlyProperty().get();
        searchLogs.setDisable(isSearching || readOnly);
        searchFolder.setDisable(isSearching || readOnly || folder.getText().isBlank());
        searchBox.setVisible(isSearching);
        cancelSearch.setDisable(readOnly);
        searchBar.setProgress(ProgressBar.INDETERMINATE_PROGRESS);
        scan.ifPresent(now -> searchText.setText(progress(now)));
        searchEnd.setText(
                isSearching
                        ? ""
                        : scan.map(this::ended).orElse(words.get("checklist.search.never")));
        List<SecretHit> found = scan.map(SecretScan::hits).orElse(List.of());
        if (!found.equals(shownHits)) {
            shownHits = found;
            hits.getChildren().setAll(found.stream().map(this::hit).toList());
        }
    }

    private String progress(SecretScan scan) {
        return words.get(
                "checklist.search.progress",
                formats.number(scan.files()),
                formats.number(scan.objects()),
                formats.bytes(scan.bytes()),
                scan.now());
    }

    private String ended(SecretScan scan) {
        String where = scan.folder() == null ? words.get("checklist.search.logs") : scan.folder();
        String text =
                words.get(
                        "checklist.search.ended",
                        words.oneOf("checklist.searchState", scan.state()),
                        where,
                        formats.number(scan.files()),
                        formats.number(scan.objects()),
                        formats.bytes(scan.bytes()),
                        formats.number(scan.skipped()),
                        words.count("checklist.search.hits", scan.hits().size()));
        return scan.why().isEmpty() ? text : text + " " + scan.why();
    }

    private Node hit(SecretHit hit) {
        Mark mark = hit.isLive() ? Mark.FAIL : Mark.NOTE;
        Label name = new Label(hit.name());
        name.getStyleClass().add("threat-name");
        String commit = hit.commit();
        Label place =
                new Label(
                        commit == null
                                ? words.get(
                                        "checklist.hit.file",
                                        hit.place(),
                                        formats.number(hit.line()))
                                : words.get(
                                        "checklist.hit.commit",
                                        hit.place(),
                                        formats.number(hit.line()),
                                        commit));
        place.getStyleClass().add("mono");
        Label state =
                new Label(words.get(hit.isLive() ? "checklist.hit.live" : "checklist.hit.over"));
        state.getStyleClass().add("outcome-word");
        for (Label each : List.of(name, place, state)) {
            each.setWrapText(true);
            each.setMinHeight(Region.USE_PREF_SIZE);
        }
        VBox text = new VBox(name, place, state);
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox line = new HBox(new FontIcon(mark.icon()), text);
        line.getStyleClass().addAll("outcome-line", "search-hit", mark.style());
        if (hit.isLive()) {
            line.getChildren().add(end(hit));
        }
        return line;
    }

    /** What ends it: burned here, or rotated where that is done. */
    private Button end(SecretHit hit) {
        boolean burns = hit.callerId() != null || hit.ref() != null;
        Button button =
                new Button(
                        words.get(burns ? "checklist.burn" : "checklist.rotate"),
                        new FontIcon(burns ? "fth-zap" : "fth-arrow-right"));
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setAccessibleText(words.get("checklist.burn.name", button.getText(), hit.name()));
        if (burns) {
            button.getStyleClass().add("burn");
            button.setOnAction(_ ->
                    ConfirmDialog.ask(
                            Question.click(
                                    words.get("checklist.burn.title", hit.name()),
                                    words.get("checklist.burn.what"),
                                    "",
                                    words.get("checklist.burn"),
                                    true),
                            views,
                            overlay,
                            _ -> checklist.burn(hit)));
        } else {
            button.setOnAction(_ -> {
                if (hit.kind().equals("settings")) {
                    ways.showSetting().accept("");
                } else {
                    ways.navigation().show(Screen.SECRETS);
                }
            });
        }
        return button;
    }

    private void showCoverage() {
        checklist
                .coverageProperty()
                .get()
                .ifPresent(read -> {
                    endpointTable.getItems().setAll(read.endpoints());
                    policyTable.getItems().setAll(read.policies());
                });
        boolean isRead = checklist.coverageProperty().get().isPresent();
        String text = words.get(isRead ? "checklist.noRows" : "checklist.empty.waiting");
        endpointEmpty.setText(text);
        policyEmpty.setText(text);
    }

    @Override
    public void shown() {
        checklist.shown();
    }

    @Override
    public void hidden() {
        checklist.hidden();
    }

    @Override
    public void focusList() {
        switch (part()) {
            case PRACTICES -> {
                if (!lines.isEmpty()) {
                    lines.getFirst().requestFocus();
                }
            }
            case SEARCH -> folder.requestFocus();
            case ENDPOINTS -> endpointTable.requestFocus();
            case POLICIES -> policyTable.requestFocus();
        }
    }

    @Override
    public boolean focusFilter() {
        if (part() != Part.SEARCH) {
            return false;
        }
        folder.requestFocus();
        return true;
    }

    @Override
    public void refetch() {
        checklist.look();
    }

    @Override
    public List<ScreenAction> actions() {
        return List.of(
                new ScreenAction(
                        "fth-play",
                        words.get("checklist.action.try"),
                        () -> {
                            ways.navigation().show(Screen.CHECKLIST);
                            checklist.tryNow();
                        }),
                new ScreenAction(
                        "fth-search",
                        words.get("checklist.action.searchLogs"),
                        () -> {
                            ways.navigation().show(Screen.CHECKLIST);
                            show(Part.SEARCH);
                            checklist.search("");
                        }),
                part("fth-search", "checklist.action.searchFolder", Part.SEARCH),
                part("fth-grid", "checklist.action.endpoints", Part.ENDPOINTS),
                part("fth-git-branch", "checklist.action.policies", Part.POLICIES));
    }

    private ScreenAction part(String icon, String key, Part part) {
        return new ScreenAction(
                icon,
                words.get(key),
                () -> {
                    ways.navigation().show(Screen.CHECKLIST);
                    show(part);
                    focusList();
                });
    }
}
