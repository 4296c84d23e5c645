package drawbridge.console.screen.audit;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.screen.FilterLine;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.audit.AuditViewModel.Listing;
import drawbridge.console.screen.audit.AuditViewModel.Work;
import drawbridge.console.screen.audit.ChainCard.Look;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.model.view.AuditRowView;

import javafx.fxml.FXML;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.io.File;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Binds the audit screen to its view model. */
public final class AuditController implements ScreenController {
    private static final List<String> HELP =
            List.of("kind", "actor", "user", "ref", "tenant", "since", "until");

    private final AuditViewModel audit;
    private final ChainCard chain;
    private final Navigation navigation;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;

    @FXML private BorderPane root;
    @FXML private StackPane mark;
    @FXML private FontIcon markIcon;
    @FXML private Label chainTitle;
    @FXML private Label chainText;
    @FXML private VBox findings;
    @FXML private HBox progressBox;
    @FXML private ProgressBar progress;
    @FXML private Label progressText;
    @FXML private Button cancel;
    @FXML private Button dismiss;
    @FXML private Button verify;
    @FXML private Button export;
    @FXML private Button anew;
    @FXML private CustomTextField filter;
    @FXML private Button clear;
    @FXML private Button help;
    @FXML private ToggleButton follow;
    @FXML private HBox problemBox;
    @FXML private Label problemWord;
    @FXML private Label problem;
    @FXML private TableView<AuditRowView> table;
    @FXML private TableColumn<AuditRowView, AuditRowView> at;
    @FXML private TableColumn<AuditRowView, AuditRowView> kind;
    @FXML private TableColumn<AuditRowView, AuditRowView> actor;
    @FXML private TableColumn<AuditRowView, AuditRowView> about;
    @FXML private TableColumn<AuditRowView, AuditRowView> ip;
    @FXML private TableColumn<AuditRowView, AuditRowView> detail;
    @FXML private VBox empty;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private HBox more;
    @FXML private Label count;
    @FXML private Button older;
    @FXML private BorderPane drawer;
    @FXML private Label drawerTitle;
    @FXML private Label drawerNumber;
    @FXML private Button drawerClose;
    @FXML private GridPane facts;
    @FXML private Button toSession;
    @FXML private Button same;
    @FXML private Button copy;

    /** A controller; its view is loaded by {@link FxmlViews}. */
    public AuditController(
            AuditViewModel audit,
            ChainCard chain,
            Navigation navigation,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.audit = audit;
        this.chain = chain;
        this.navigation = navigation;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
    }

    @FXML
    void initialize() {
        bindChain();
        bindFilter();
        bindTable();
        bindDrawer();
    }

    @Override
    public void shown() {
        audit.setShown(true);
    }

    @Override
    public void hidden() {
        audit.setShown(false);
    }

    @Override
    public void focusList() {
        table.requestFocus();
    }

    @Override
    public boolean focusFilter() {
        filter.requestFocus();
        filter.selectAll();
        return true;
    }

    @Override
    public void refetch() {
        audit.reload();
    }

    @Override
    public boolean closeDrawer() {
        boolean open = root.getRight() != null;
        showRow(null);
        return open;
    }

    @Override
    public List<ScreenAction> actions() {
        return List.of(
                new ScreenAction(
                        "fth-check-circle",
                        words.get("audit.action.verify"),
                        () -> {
                            navigation.show(Screen.AUDIT);
                            audit.verify();
                        }),
                new ScreenAction(
                        "fth-download",
                        words.get("audit.action.export"),
                        () -> {
                            navigation.show(Screen.AUDIT);
                            chooseFile();
                        }));
    }

    /** Looks at every chain. */
    public void verifyNow() {
        audit.verify();
    }

    /** Opens the row at that place of the list. */
    public void open(int index) {
        table.getSelectionModel().select(index);
    }

    private void bindChain() {
        for (Node node : List.of(progressBox, dismiss, anew, findings)) {
            node.managedProperty().bind(node.visibleProperty());
        }
        chain.lookProperty().subscribe(this::showChain);
        verify.setOnAction(_ -> audit.verify());
        export.setOnAction(_ -> chooseFile());
        cancel.setOnAction(_ -> audit.cancel());
        dismiss.setOnAction(_ -> audit.dismiss());
        anew.setOnAction(_ -> confirmAnew());
        audit.workProperty().subscribe(this::showWork);
    }

    private void showChain(Look look) {
        mark.getStyleClass().setAll("state-mark", "mark-" + look.mark());
        markIcon.setIconLiteral(look.icon());
        chainTitle.setText(look.title());
        chainText.setText(look.text());
        anew.setVisible(look.broken());
        findings.getChildren()
                .setAll(
                        look.findings().stream()
                                .map(text -> {
                                    Label line = new Label(text);
                                    line.getStyleClass().add("chain-finding");
                                    line.setWrapText(true);
                                    line.setMinHeight(Region.USE_PREF_SIZE);
                                    return line;
                                })
                                .toList());
        findings.setVisible(!look.findings().isEmpty());
    }

    private void showWork(Work work) {
        boolean busy = work instanceof Work.Verifying || work instanceof Work.Exporting;
        progressBox.setVisible(busy);
        verify.setDisable(busy);
        export.setDisable(busy);
        dismiss.setVisible(!busy && !(work instanceof Work.None));
        if (work instanceof Work.Verifying(long rows, long of)) {
            progress.setProgress(of == 0 ? -1 : (double) rows / of);
            progressText.setText(
                    words.get("audit.verify.progress", formats.number(rows), formats.number(of)));
        } else if (work instanceof Work.Exporting(long bytes)) {
            progress.setProgress(-1);
            progressText.setText(words.get("audit.export.progress", formats.bytes(bytes)));
        }
    }

    private void chooseFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(words.get("audit.export.title"));
        chooser.setInitialFileName("drawbridge-audit.jsonl");
        File chosen = chooser.showSaveDialog(root.getScene().getWindow());
        if (chosen != null) {
            audit.export(chosen.toPath());
        }
    }

    private void confirmAnew() {
        AnewDialog dialog =
                new AnewDialog(
                        overlay::close,
                        () -> {
                            overlay.close();
                            audit.beginWitnessAnew();
                        });
        Node view = views.load(dialog, "anew.fxml");
        overlay.show(view, dialog.safeButton(), () -> {});
    }

    private void bindFilter() {
        filter.textProperty().bindBidirectional(audit.filterTextProperty());
        FilterLine.bind(filter, clear, table);
        FilterLine.Help lines =
                new FilterLine.Help(
                        HELP,
                        key -> words.oneOf("audit.help.example", key),
                        key -> words.oneOf("audit.help.meaning", key));
        help.setOnAction(_ -> FilterLine.help(lines).show(help));
        follow.selectedProperty().bindBidirectional(audit.followingProperty());
        FilterLine.tell(
                filter,
                new FilterLine.Fault(problemBox, problemWord, problem),
                audit.problemProperty());
    }

    private void bindTable() {
        for (TableColumn<AuditRowView, AuditRowView> column :
                List.of(at, kind, actor, about, ip, detail)) {
            column.setSortable(false);
            column.setReorderable(false);
            column.setCellValueFactory(
                    cell -> new javafx.beans.property.ReadOnlyObjectWrapper<>(cell.getValue()));
        }
        cells(at, "mono", (row, now) -> formats.when(row.at(), now));
        cells(kind, "mono", (row, now) -> row.kind());
        cells(actor, "", (row, now) -> row.actor());
        cells(about, "mono", (row, now) -> AuditWords.about(row));
        cells(ip, "mono", (row, now) -> row.ip() == null ? "–" : row.ip());
        cells(detail, "", (row, now) -> AuditWords.detail(row, words));
        table.setItems(audit.rows());
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(table);
        table.getSelectionModel().selectedItemProperty().subscribe(this::showRow);
        table.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                showRow(table.getSelectionModel().getSelectedItem());
                event.consume();
            }
        });
        more.managedProperty().bind(more.visibleProperty());
        older.setOnAction(_ -> audit.readMore());
        audit.listingProperty().subscribe(this::showListing);
    }

    private void cells(
            TableColumn<AuditRowView, AuditRowView> column,
            String style,
            BiFunction<AuditRowView, Instant, String> text) {
        column.setCellFactory(_ -> new RowCell(style, row -> text.apply(row, chain.now())));
    }

    /** A cell that says one thing of a row. */
    private static final class RowCell extends TableCell<AuditRowView, AuditRowView> {
        private final java.util.function.Function<AuditRowView, String> words;

        RowCell(String style, java.util.function.Function<AuditRowView, String> words) {
            this.words = words;
            if (!style.isEmpty()) {
                getStyleClass().add(style);
            }
        }

        @Override
        protected void updateItem(@Nullable AuditRowView row, boolean none) {
            super.updateItem(row, none);
            setText(none || row == null ? null : words.apply(row));
        }
    }

    private void showListing(Listing listing) {
        boolean none = audit.rows().isEmpty();
        empty.setVisible(none && !listing.reading());
        boolean failed = !listing.problem().isEmpty();
        boolean filtered = !filter.getText().isBlank();
        emptyTitle.setText(
                failed
                        ? words.get("audit.empty.failed")
                        : words.get(filtered ? "audit.empty.filtered" : "audit.empty.title"));
        emptyText.setText(
                failed
                        ? listing.problem()
                        : words.get(filtered ? "audit.empty.loosen" : "audit.empty.text"));
        more.setVisible(!none);
        count.setText(
                failed
                        ? listing.problem()
                        : words.get(
                                "audit.count",
                                formats.number(audit.rows().size()),
                                formats.number(Math.max(listing.total(), audit.rows().size()))));
        older.setVisible(listing.more());
        older.setDisable(listing.reading());
    }

    private void bindDrawer() {
        root.setRight(null);
        drawerClose.setOnAction(_ -> closeDrawer());
        toSession.managedProperty().bind(toSession.visibleProperty());
        same.managedProperty().bind(same.visibleProperty());
    }

    private void showRow(@Nullable AuditRowView row) {
        if (row == null) {
            root.setRight(null);
            return;
        }
        drawerTitle.setText(row.kind());
        drawerNumber.setText(
                words.get("audit.row.number", row.tenant(), formats.number(row.number())));
        facts.getChildren().clear();
        AuditWords.facts(row, formats, chain.now()).forEach(this::addFact);
        Optional<String> ref = Optional.ofNullable(row.ref());
        toSession.setVisible(ref.isPresent());
        toSession.setOnAction(_ -> ref.ifPresent(navigation::showSessions));
        String user = row.userId();
        same.setVisible(user != null);
        same.setOnAction(_ -> audit.find("user:" + user));
        copy.setOnAction(_ -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(AuditWords.json(row));
            Clipboard.getSystemClipboard().setContent(content);
        });
        root.setRight(drawer);
    }

    private void addFact(String key, String value) {
        int at = facts.getRowCount();
        Label name = new Label(words.oneOf("audit.fact", key));
        GridPane.setValignment(name, VPos.TOP);
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.getStyleClass().add("fact-value");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        text.setTooltip(new Tooltip(value));
        if (AuditWords.isCode(key)) {
            text.getStyleClass().add("mono");
        }
        facts.addRow(at, name, text);
    }
}
