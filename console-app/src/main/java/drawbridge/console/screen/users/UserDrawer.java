package drawbridge.console.screen.users;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.SessionLine;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.PasswordCost;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.UserRow;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Binds the drawer of the users: one account in full, with its sessions. */
final class UserDrawer {
    private static final int MOST_SESSIONS = 6;

    /** What its buttons ask for. */
    interface Does {
        /** Locks the account, or opens it again. */
        void turnLock(UserRow row);

        /** Ends all its sessions. */
        void endSessions(UserRow row);

        /** Mails its owner a link for that. */
        void mail(UserRow row, String purpose);
    }

    private final ConsoleModel model;
    private final UsersViewModel users;
    private final Navigation navigation;
    private final Words words;
    private final Formats formats;
    private final AgentNames agents;
    private final Does does;
    private final Label note = new Label();
    private Map<String, SessionLine> lines = Map.of();

    @FXML private Label email;
    @FXML private Label id;
    @FXML private Button copyId;
    @FXML private Button close;
    @FXML private HBox stateBox;
    @FXML private FontIcon stateIcon;
    @FXML private Label stateText;
    @FXML private GridPane facts;
    @FXML private HBox rehash;
    @FXML private Label rehashText;
    @FXML private Label sessionsTitle;
    @FXML private Hyperlink showSessions;
    @FXML private VBox sessions;
    @FXML private Button mailReset;
    @FXML private Button mailLink;
    @FXML private Button endSessions;
    @FXML private Button lock;

    UserDrawer(
            ConsoleModel model,
            UsersViewModel users,
            Navigation navigation,
            Words words,
            Formats formats,
            AgentNames agents,
            Does does) {
        this.model = model;
        this.users = users;
        this.navigation = navigation;
        this.words = words;
        this.formats = formats;
        this.agents = agents;
        this.does = does;
    }

    @FXML
    void initialize() {
        rehash.managedProperty().bind(rehash.visibleProperty());
        note.getStyleClass().add("muted");
        note.setWrapText(true);
        close.setOnAction(_ -> users.close());
        copyId.setOnAction(_ ->
                shown().ifPresent(row -> {
                    ClipboardContent content = new ClipboardContent();
                    content.putString(row.id());
                    Clipboard.getSystemClipboard().setContent(content);
                }));
        showSessions.setOnAction(
                _ -> shown().ifPresent(row -> navigation.showSessions("user:" + row.id())));
        mailReset.setOnAction(_ -> shown().ifPresent(row -> does.mail(row, "password_reset")));
        mailLink.setOnAction(_ -> shown().ifPresent(row -> does.mail(row, "magic_link")));
        endSessions.setOnAction(_ -> shown().ifPresent(does::endSessions));
        lock.setOnAction(_ -> shown().ifPresent(does::turnLock));
        users.openProperty().subscribe(_ -> show());
        users.workingProperty().subscribe(_ -> show());
        model.secondsProperty().subscribe(_ -> show());
        model.staleProperty().subscribe(_ -> show());
        model.readOnlyProperty().subscribe(_ -> show());
        model.sessions().revisionProperty().subscribe(_ -> show());
    }

    private Optional<UserRow> shown() {
        return users.openProperty().get();
    }

    private void show() {
        shown().ifPresent(row -> {
            Instant now = model.nowProperty().get();
            email.setText(row.email());
            id.setText(row.id());
            PagedTable.show(UserWords.state(row, words), stateBox, stateIcon, stateText);
            stateText.setText(UserWords.stateText(row, words));
            showFacts(row, now);
            showSessions(row, now);
            boolean canAct = users.canAct();
            boolean isLocked = UserWords.isLocked(row);
            boolean isOpen = isLocked || row.closed();
            lock.setText(words.get(isOpen ? "users.unlock" : "users.lock"));
            lock.setGraphic(new FontIcon(isOpen ? "fth-unlock" : "fth-lock"));
            lock.getStyleClass().remove("danger");
            if (!isOpen) {
                lock.getStyleClass().add("danger");
            }
            lock.setDisable(!canAct);
            mailReset.setDisable(!canAct || isLocked);
            mailLink.setDisable(!canAct || isLocked);
        });
    }

    private void showFacts(UserRow row, Instant now) {
        facts.getChildren().clear();
        fact("name", UserWords.name(row), "");
        fact("type", row.userType(), "");
        fact("tenant", row.tenant(), "");
        fact(
                "address",
                words.get(row.verified() ? "users.address.proven" : "users.address.unproven"),
                "");
        fact("created", formats.ago(row.createdAt(), now), formats.exact(row.createdAt(), now));
        Instant login = row.lastLoginAt();
        fact(
                "login",
                login == null ? words.get("users.never") : formats.ago(login, now),
                login == null ? "" : formats.exact(login, now));
        Instant failed = row.lastFailedAt();
        fact(
                "failures",
                failed == null
                        ? words.get("users.failures.none")
                        : words.get(
                                "users.failures.some",
                                row.failedLogins(),
                                formats.ago(failed, now)),
                failed == null ? "" : formats.exact(failed, now));
        fact("hash", UserWords.cost(row, words, formats), "");
        PasswordCost cost = row.password();
        rehash.setVisible(cost == null || cost.rehashDue());
        rehashText.setText(
                words.get(cost == null ? "users.hash.unusable" : "users.hash.rehashDue"));
    }

    private void fact(String key, String value, String tooltip) {
        Label name = new Label(words.oneOf("users.fact", key));
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.getStyleClass().add("fact-value");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        if (!tooltip.isEmpty()) {
            text.setTooltip(new Tooltip(tooltip));
        }
        facts.addRow(facts.getRowCount(), name, text);
    }

    /**
     * Lines that stay stay the same nodes, so that whoever came to one by the keyboard is there.
     */
    private void showSessions(UserRow row, Instant now) {
        List<SessionEntry> live = model.sessions().liveEntriesOf(row.id(), now);
        boolean isWhole = model.sessions().wholeProperty().get();
        sessionsTitle.setText(
                isWhole
                        ? words.count("users.sessions", live.size())
                        : words.get("users.sessions.part", live.size()));
        endSessions.setText(
                isWhole
                        ? words.count("users.endSessions", live.size())
                        : words.get("users.endSessions.part"));
        endSessions.setDisable((isWhole && live.isEmpty()) || !users.canAct());
        Map<String, SessionLine> kept = new LinkedHashMap<>();
        live.stream()
                .limit(MOST_SESSIONS)
                .forEach(entry -> {
                    SessionLine line = lines.getOrDefault(entry.ref(), new SessionLine());
                    SessionRow session = entry.row();
                    String agent = session.agent();
                    line.tell(
                            agent == null ? words.get("users.sessions.noAgent") : agents.of(agent),
                            () -> navigation.showSessions("ref:" + session.ref()),
                            session.ip(),
                            formats.roughlyAgo(session.lastSeenAt(), now));
                    kept.put(entry.ref(), line);
                });
        lines = kept;
        note.setText(
                !live.isEmpty()
                        ? words.get("users.sessions.more", live.size() - MOST_SESSIONS)
                        : isWhole
                                ? words.get("users.sessions.none")
                                : words.get(
                                        "users.sessions.noneHeld", formats.number(row.sessions())));
        List<Node> wanted = new ArrayList<>(kept.values());
        if (live.isEmpty() || live.size() > MOST_SESSIONS) {
            wanted.add(note);
        }
        if (!sessions.getChildren().equals(wanted)) {
            sessions.getChildren().setAll(wanted);
        }
    }
}
