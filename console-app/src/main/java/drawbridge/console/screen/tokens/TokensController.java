package drawbridge.console.screen.tokens;

import atlantafx.base.controls.CustomTextField;

import drawbridge.console.client.TokenCalls.Issued;
import drawbridge.console.client.TokenCalls.Wanted;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.FilterLine;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.PagedList.Listing;
import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.screen.ScreenController;
import drawbridge.console.screen.secrets.NewSecrets;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ToolRow;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.TrustTokenRow;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Binds the tokens screen to its view model. */
public final class TokensController implements ScreenController {
    private static final List<String> HELP = List.of("text", "user", "tenant");

    /** Above so many, their number is to be typed. */
    private static final long MOST_UNTYPED = 100;

    /** What it shows. */
    public enum Part {
        TOKENS,
        INSPECT,
        OUTBOX
    }

    private final ConsoleModel model;
    private final TokensViewModel tokens;
    private final Navigation navigation;
    private final Supplier<List<String>> tenants;
    private final NewSecrets once;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;
    private final InspectPart inspectPart;

    @FXML private BorderPane root;
    @FXML private SegmentedButton tabs;
    @FXML private ToggleButton tokensTab;
    @FXML private ToggleButton inspectTab;
    @FXML private ToggleButton outboxTab;
    @FXML private Button issue;
    @FXML private ToolRow tokenTools;
    @FXML private CustomTextField filter;
    @FXML private Button clear;
    @FXML private Button help;
    @FXML private ChoiceBox<String> kind;
    @FXML private ChoiceBox<String> state;
    @FXML private Button revokeAll;
    @FXML private ToolRow mailTools;
    @FXML private ChoiceBox<String> mailState;
    @FXML private Button retry;
    @FXML private HBox problemBox;
    @FXML private Label problemWord;
    @FXML private Label problem;
    @FXML private VBox tokensPane;
    @FXML private TableView<TrustTokenRow> table;
    @FXML private TableColumn<TrustTokenRow, TrustTokenRow> emailColumn;
    @FXML private TableColumn<TrustTokenRow, TrustTokenRow> kindColumn;
    @FXML private TableColumn<TrustTokenRow, TrustTokenRow> stateColumn;
    @FXML private TableColumn<TrustTokenRow, TrustTokenRow> issuedColumn;
    @FXML private TableColumn<TrustTokenRow, TrustTokenRow> expiresColumn;
    @FXML private TableColumn<TrustTokenRow, TrustTokenRow> byColumn;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private Button emptyAction;
    @FXML private HBox more;
    @FXML private Label count;
    @FXML private Button further;
    @FXML private StackPane inspectPane;
    @FXML private VBox outboxPane;
    @FXML private TableView<OutboxMail> mailTable;
    @FXML private TableColumn<OutboxMail, OutboxMail> recipientColumn;
    @FXML private TableColumn<OutboxMail, OutboxMail> subjectColumn;
    @FXML private TableColumn<OutboxMail, OutboxMail> mailStateColumn;
    @FXML private TableColumn<OutboxMail, OutboxMail> writtenColumn;
    @FXML private TableColumn<OutboxMail, OutboxMail> triedColumn;
    @FXML private TableColumn<OutboxMail, OutboxMail> errorColumn;
    @FXML private VBox mailEmpty;
    @FXML private FontIcon mailEmptyIcon;
    @FXML private Label mailEmptyTitle;
    @FXML private Label mailEmptyText;
    @FXML private HBox mailMore;
    @FXML private Label mailCount;
    @FXML private Button mailFurther;
    @FXML private BorderPane drawer;
    @FXML private Label drawerTitle;
    @FXML private Label drawerId;
    @FXML private Button drawerClose;
    @FXML private HBox stateBox;
    @FXML private FontIcon stateIcon;
    @FXML private Label stateText;
    @FXML private GridPane facts;
    @FXML private Button toUser;
    @FXML private Button ofUser;
    @FXML private Button revoke;

    /**
     * A controller; its view is loaded by {@link FxmlViews}.
     *
     * @param tenants the ids of the tenants there are, as far as they were read
     * @param once shows a token that is not mailed
     */
    public TokensController(
            ConsoleModel model,
            TokensViewModel tokens,
            Navigation navigation,
            Supplier<List<String>> tenants,
            NewSecrets once,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.tokens = tokens;
        this.navigation = navigation;
        this.tenants = tenants;
        this.once = once;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
        this.inspectPart = new InspectPart(tokens, tenants, this::showToken, words);
    }

    @FXML
    void initialize() {
        bindTabs();
        bindFilter();
        bindTable();
        bindMails();
        bindDrawer();
        issue.setOnAction(_ -> issue());
        revokeAll.setOnAction(_ -> tokens.revocable().ifPresent(this::askAll));
        retry.setOnAction(_ -> mail().ifPresent(tokens::retry));
        model.staleProperty().subscribe(_ -> allow());
        model.readOnlyProperty().subscribe(_ -> allow());
        tokens.workingProperty().subscribe(_ -> allow());
        mailTable.getSelectionModel().selectedItemProperty().subscribe(_ -> allow());
    }

    @Override
    public void shown() {
        tokens.list().setShown(true);
        tokens.outbox().setShown(true);
        inspectPart.shown();
    }

    @Override
    public void hidden() {
        tokens.list().setShown(false);
        tokens.outbox().setShown(false);
    }

    @Override
    public void focusList() {
        if (inspectTab.isSelected()) {
            inspectPart.focus();
        } else {
            (outboxTab.isSelected() ? mailTable : table).requestFocus();
        }
    }

    @Override
    public boolean focusFilter() {
        show(Part.TOKENS);
        filter.requestFocus();
        filter.selectAll();
        return true;
    }

    @Override
    public void refetch() {
        tokens.list().reread();
        tokens.outbox().reread();
    }

    @Override
    public boolean closeDrawer() {
        boolean isOpen = tokens.openProperty().get().isPresent();
        tokens.close();
        return isOpen;
    }

    @Override
    public boolean deleteSelected() {
        Optional<TrustTokenRow> row =
                Optional.ofNullable(table.getSelectionModel().getSelectedItem())
                        .filter(TokenWords::isOpen);
        row.ifPresent(this::askRevoke);
        return row.isPresent();
    }

    @Override
    public List<ScreenAction> actions() {
        return List.of(
                new ScreenAction(
                        "fth-plus",
                        words.get("tokens.action.issue"),
                        () -> {
                            navigation.show(Screen.TOKENS);
                            issue();
                        }),
                new ScreenAction(
                        "fth-search",
                        words.get("tokens.action.inspect"),
                        () -> {
                            navigation.show(Screen.TOKENS);
                            show(Part.INSPECT);
                            inspectPart.focus();
                        }),
                new ScreenAction(
                        "fth-mail",
                        words.get("tokens.action.outbox"),
                        () -> {
                            navigation.show(Screen.TOKENS);
                            show(Part.OUTBOX);
                        }));
    }

    /** Shows that part. */
    public void show(Part part) {
        switch (part) {
            case TOKENS -> tokensTab.setSelected(true);
            case INSPECT -> inspectTab.setSelected(true);
            case OUTBOX -> outboxTab.setSelected(true);
        }
    }

    /** Opens the token at that place of the list. */
    public void open(int index) {
        table.getSelectionModel().select(index);
        tokens.open(tokens.list().rows().get(index));
    }

    /** Opens the form for a new token. */
    public void issue() {
        IssueDialog.open(tokens, tenants.get(), words, views, overlay, this::showOnce);
    }

    private void showOnce(Issued issued) {
        once.show(
                words.get(
                        "tokens.once.title",
                        words.oneOf("tokens.kind", issued.purpose()),
                        issued.email()),
                words.get(
                        "tokens.once.what",
                        formats.until(issued.expiresAt(), model.nowProperty().get())),
                "drawbridge-link",
                issued.link());
    }

    private void showToken(TrustTokenRow row) {
        show(Part.TOKENS);
        tokens.find(row.id());
        tokens.open(row);
    }

    private void bindTabs() {
        tabs.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    }
                });
        inspectPane.getChildren().setAll(views.load(inspectPart, "inspect.fxml"));
        for (Node node : List.of(tokenTools, mailTools, tokensPane, inspectPane, outboxPane)) {
            node.managedProperty().bind(node.visibleProperty());
        }
        tokenTools.visibleProperty().bind(tokensTab.selectedProperty());
        tokensPane.visibleProperty().bind(tokensTab.selectedProperty());
        inspectPane.visibleProperty().bind(inspectTab.selectedProperty());
        mailTools.visibleProperty().bind(outboxTab.selectedProperty());
        outboxPane.visibleProperty().bind(outboxTab.selectedProperty());
        tokensTab
                .selectedProperty()
                .subscribe(selected -> {
                    if (!selected) {
                        tokens.close();
                    }
                });
    }

    private void bindFilter() {
        filter.textProperty().bindBidirectional(tokens.filterTextProperty());
        FilterLine.bind(filter, clear, table);
        FilterLine.Help lines =
                new FilterLine.Help(
                        HELP,
                        key -> words.oneOf("tokens.help.example", key),
                        key -> words.oneOf("tokens.help.meaning", key));
        help.setOnAction(_ -> FilterLine.help(lines).show(help));
        choices(kind, TokensViewModel.KINDS);
        kind.setConverter(TokenWords.choice(value -> words.oneOf("tokens.kind", value)));
        kind.valueProperty().bindBidirectional(tokens.kindProperty());
        choices(state, TokensViewModel.STATES);
        state.setConverter(TokenWords.choice(value -> words.oneOf("tokens.state", value)));
        state.valueProperty().bindBidirectional(tokens.stateProperty());
        choices(mailState, TokensViewModel.MAIL_STATES);
        mailState.setConverter(TokenWords.choice(value -> words.oneOf("tokens.mail.state", value)));
        mailState.valueProperty().bindBidirectional(tokens.mailStateProperty());
        FilterLine.tell(
                filter,
                new FilterLine.Fault(problemBox, problemWord, problem),
                tokens.problemProperty());
    }

    private static void choices(ChoiceBox<String> box, List<String> values) {
        List<String> all = new ArrayList<>();
        all.add(TokensViewModel.ANY);
        all.addAll(values);
        box.getItems().setAll(all);
    }

    private Instant now() {
        return model.nowProperty().get();
    }

    private void bindTable() {
        PagedTable.words(emailColumn, "", TrustTokenRow::email, TrustTokenRow::id);
        PagedTable.words(kindColumn, "", row -> words.oneOf("tokens.kind", row.purpose()));
        PagedTable.states(stateColumn, row -> TokenWords.state(row, words));
        PagedTable.ages(
                issuedColumn,
                model.secondsProperty(),
                row -> formats.roughlyAgo(row.issuedAt(), now()),
                row -> formats.exact(row.issuedAt(), now()));
        PagedTable.ages(
                expiresColumn,
                model.secondsProperty(),
                row -> TokenWords.isOpen(row) ? formats.roughlyUntil(row.expiresAt(), now()) : "–",
                row -> formats.exact(row.expiresAt(), now()));
        PagedTable.words(byColumn, "", row -> by(row.issuedBy()));
        PagedTable.bind(table, tokens.list(), TrustTokenRow::id, tokens::open);
        PagedTable.foot(tokens.list(), new PagedTable.Foot(more, count, further), words, formats);
        PagedTable.empty(
                tokens.list(),
                new PagedTable.Empty(empty, emptyIcon, emptyTitle, emptyText),
                emptyAction,
                new PagedTable.Lesson(
                        key -> words.oneOf("tokens.empty", key),
                        "fth-link",
                        this::isChosen,
                        new PagedTable.Offer(
                                words.get("tokens.empty.clear"), () -> tokens.find("")),
                        new PagedTable.Offer(words.get("tokens.issue"), this::issue)));
        tokens.list().listingProperty().subscribe(_ -> allow());
    }

    private boolean isChosen() {
        return !filter.getText().isBlank()
                || !tokens.kindProperty().get().equals(TokensViewModel.ANY)
                || !tokens.stateProperty().get().equals(TokensViewModel.ANY);
    }

    private String by(String actor) {
        return words.oneOf("tokens.by", actor);
    }

    private void bindMails() {
        PagedTable.words(recipientColumn, "", OutboxMail::recipient, OutboxMail::id);
        PagedTable.words(subjectColumn, "", OutboxMail::subject);
        PagedTable.states(mailStateColumn, mail -> TokenWords.state(mail, words));
        PagedTable.ages(
                writtenColumn,
                model.secondsProperty(),
                mail -> formats.roughlyAgo(mail.createdAt(), now()),
                mail -> formats.exact(mail.createdAt(), now()));
        PagedTable.ages(triedColumn, model.secondsProperty(), this::tried, _ -> "");
        PagedTable.words(
                errorColumn,
                "",
                mail -> {
                    String error = mail.lastError();
                    return error == null ? "–" : error;
                },
                mail -> {
                    String error = mail.lastError();
                    return error == null ? "" : error;
                });
        PagedTable.bind(mailTable, tokens.outbox(), OutboxMail::id, _ -> {});
        PagedTable.foot(
                tokens.outbox(),
                new PagedTable.Foot(mailMore, mailCount, mailFurther),
                words,
                formats);
        tokens.outbox().listingProperty().subscribe(this::showOutbox);
    }

    private String tried(OutboxMail mail) {
        Instant next = mail.nextAt();
        return next == null || mail.attempts() == 0
                ? formats.number(mail.attempts())
                : words.get(
                        "tokens.mail.next",
                        formats.number(mail.attempts()),
                        formats.roughlyUntil(next, now()));
    }

    private void showOutbox(Listing listing) {
        boolean none = tokens.outbox().rows().isEmpty() && !listing.reading();
        boolean failed = !listing.problem().isEmpty();
        boolean chosen = !tokens.mailStateProperty().get().equals(TokensViewModel.ANY);
        new PagedTable.Empty(mailEmpty, mailEmptyIcon, mailEmptyTitle, mailEmptyText)
                .show(
                        none,
                        failed ? "fth-alert-triangle" : "fth-mail",
                        failed
                                ? words.get("tokens.mail.failed")
                                : words.get(
                                        chosen
                                                ? "tokens.mail.filteredTitle"
                                                : "tokens.mail.emptyTitle"),
                        failed
                                ? listing.problem()
                                : words.get(
                                        chosen
                                                ? "tokens.mail.filteredText"
                                                : "tokens.mail.emptyText"));
        allow();
    }

    private Optional<OutboxMail> mail() {
        return Optional.ofNullable(mailTable.getSelectionModel().getSelectedItem());
    }

    private void allow() {
        boolean canAct = tokens.canAct();
        issue.setDisable(!canAct);
        revokeAll.setDisable(!canAct || tokens.revocable().isEmpty());
        retry.setDisable(!canAct || mail().filter(m -> !m.state().equals("sent")).isEmpty());
        tokens.openProperty().get().ifPresent(this::showDrawer);
    }

    private void bindDrawer() {
        root.setRight(null);
        drawerClose.setOnAction(_ -> tokens.close());
        toUser.managedProperty().bind(toUser.visibleProperty());
        ofUser.managedProperty().bind(ofUser.visibleProperty());
        tokens.openProperty()
                .subscribe(open -> {
                    boolean wasOpen = root.getRight() != null;
                    root.setRight(open.isPresent() ? drawer : null);
                    open.ifPresent(this::showDrawer);
                    if (open.isEmpty() && wasOpen && root.getScene() != null) {
                        table.requestFocus();
                    }
                });
    }

    private void showDrawer(TrustTokenRow row) {
        drawerTitle.setText(words.oneOf("tokens.kind", row.purpose()));
        drawerId.setText(row.id());
        PagedTable.show(TokenWords.state(row, words), stateBox, stateIcon, stateText);
        stateText.setText(words.oneOf("tokens.stateText", row.state()));
        facts.getChildren().clear();
        fact("email", row.email(), "");
        fact("tenant", row.tenant(), "");
        fact("issued", formats.ago(row.issuedAt(), now()), formats.exact(row.issuedAt(), now()));
        fact("by", by(row.issuedBy()), "");
        fact(
                "expires",
                now().isBefore(row.expiresAt())
                        ? formats.until(row.expiresAt(), now())
                        : formats.ago(row.expiresAt(), now()),
                formats.exact(row.expiresAt(), now()));
        Instant ended = row.endedAt();
        if (ended != null) {
            fact("ended", formats.ago(ended, now()), formats.exact(ended, now()));
        }
        String endedBy = row.endedBy();
        if (endedBy != null) {
            fact("endedBy", by(endedBy), "");
        }
        String reason = row.endReason();
        if (reason != null && !reason.isEmpty()) {
            fact("reason", words.oneOf("tokens.endReason", reason), "");
        }
        fact("key", row.keyId(), row.keyId());
        Optional<String> user = Optional.ofNullable(row.userId());
        toUser.setVisible(user.isPresent());
        toUser.setOnAction(_ -> navigation.showUsers(row.email()));
        ofUser.setVisible(user.isPresent());
        ofUser.setOnAction(
                _ -> user.ifPresent(id -> askAll(new Wanted(null, row.tenant(), null, id, null))));
        ofUser.setDisable(!tokens.canAct());
        revoke.setDisable(!tokens.canAct() || !TokenWords.isOpen(row));
        revoke.setOnAction(_ -> askRevoke(row));
    }

    private void fact(String key, String value, String tooltip) {
        Label name = new Label(words.oneOf("tokens.fact", key));
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.getStyleClass().add("fact-value");
        text.setWrapText(!key.equals("key"));
        if (key.equals("key")) {
            text.getStyleClass().add("mono");
        }
        if (!tooltip.isEmpty()) {
            text.setTooltip(new Tooltip(tooltip));
        }
        facts.addRow(facts.getRowCount(), name, text);
    }

    private void askRevoke(TrustTokenRow row) {
        ConfirmDialog.ask(
                new Question(
                        words.get("tokens.revoke.title"),
                        words.get(
                                "tokens.revoke.what",
                                words.oneOf("tokens.kind", row.purpose()),
                                row.email()),
                        words.get("tokens.revoke.effect"),
                        words.get("tokens.revoke.confirm"),
                        true,
                        "",
                        words.get("users.reason"),
                        true),
                views,
                overlay,
                reason -> tokens.revoke(row, reason));
    }

    /** Asks before all open ones of those are ended, with how many they are. */
    private void askAll(Wanted of) {
        tokens.countOpen(
                of,
                open -> {
                    boolean isMany = open > MOST_UNTYPED;
                    ConfirmDialog.ask(
                            new Question(
                                    words.get("tokens.revokeAll.title"),
                                    words.count("tokens.revokeAll.what", open),
                                    words.get("tokens.revoke.effect"),
                                    words.get("tokens.revokeAll.confirm"),
                                    true,
                                    isMany ? Long.toString(open) : "",
                                    isMany
                                            ? words.get(
                                                    "tokens.revokeAll.type", Long.toString(open))
                                            : words.get("users.reason"),
                                    !isMany),
                            views,
                            overlay,
                            reason -> tokens.revokeAll(of, reason));
                });
    }
}
