package drawbridge.console.screen.sessions;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.SessionLine;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.Explanation;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TimelineEntry;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Binds the drawer: one session in full. */
public final class DrawerController {
    private static final int MOST_OTHERS = 8;

    private final ConsoleModel model;
    private final SessionsViewModel sessions;
    private final DrawerViewModel drawer;
    private final Words words;
    private final Formats formats;
    private final AgentNames agents;
    private final Consumer<SessionRow> revokeAllOf;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Label noOthers = new Label();
    private final Hyperlink moreOthers = new Hyperlink();
    private Map<TimelineEntry, Node> entryLines = Map.of();
    private Map<String, SessionLine> otherLines = Map.of();

    @FXML private Label email;
    @FXML private Label ref;
    @FXML private MenuItem copyRef;
    @FXML private MenuItem copyJson;
    @FXML private Button close;
    @FXML private HBox stateBox;
    @FXML private FontIcon stateIcon;
    @FXML private Label stateText;
    @FXML private Button undo;
    @FXML private GridPane facts;
    @FXML private GridPane payload;
    @FXML private Label timelineNote;
    @FXML private Label problem;
    @FXML private VBox timeline;
    @FXML private VBox others;
    @FXML private Button revokeAll;
    @FXML private Button revoke;

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    DrawerController(
            ConsoleModel model,
            SessionsViewModel sessions,
            DrawerViewModel drawer,
            Words words,
            Formats formats,
            AgentNames agents,
            Consumer<SessionRow> revokeAllOf) {
        this.model = model;
        this.sessions = sessions;
        this.drawer = drawer;
        this.words = words;
        this.formats = formats;
        this.agents = agents;
        this.revokeAllOf = revokeAllOf;
    }

    @FXML
    void initialize() {
        close.setOnAction(_ -> drawer.close());
        revoke.setOnAction(_ -> drawer.entryProperty().get().ifPresent(sessions::revoke));
        undo.setOnAction(_ -> drawer.entryProperty().get().ifPresent(sessions::undo));
        revokeAll.setOnAction(
                _ -> drawer.entryProperty().get().ifPresent(e -> revokeAllOf.accept(e.row())));
        copyRef.setOnAction(
                _ -> drawer.entryProperty().get().ifPresent(entry -> copy(entry.ref())));
        copyJson.setOnAction(_ ->
                drawer.entryProperty()
                        .get()
                        .ifPresent(entry -> copy(json.writeValueAsString(entry.row()))));
        noOthers.setText(words.get("drawer.noOthers"));
        noOthers.getStyleClass().add("muted");
        problem.managedProperty().bind(problem.visibleProperty());
        problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
        problem.textProperty().bind(drawer.problemProperty());
        drawer.entryProperty().subscribe(_ -> show());
        drawer.detailProperty().subscribe(_ -> showDetail());
        model.secondsProperty().subscribe(_ -> show());
        sessions.notesRevisionProperty().subscribe(_ -> show());
        model.sessions().revisionProperty().subscribe(_ -> show());
        model.staleProperty().subscribe(_ -> show());
        model.readOnlyProperty().subscribe(_ -> show());
    }

    private static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    private void show() {
        Optional<SessionEntry> shown = drawer.entryProperty().get();
        if (shown.isEmpty()) {
            return;
        }
        SessionEntry entry = shown.get();
        SessionRow row = entry.row();
        Instant now = model.nowProperty().get();
        email.setText(row.email());
        ref.setText(row.ref());
        RowStatus status = sessions.statusOf(entry, now);
        stateIcon.setIconLiteral(status.look().icon());
        stateText.setText(stateWords(row, status));
        stateBox.getStyleClass().setAll("drawer-state", "look-" + status.look().styleClass());
        boolean canUndo = status.action() == RowStatus.Action.UNDO;
        undo.setVisible(canUndo);
        undo.setManaged(canUndo);
        undo.setText(sessions.undoText(entry, now));
        undo.setDisable(!sessions.canAct());
        revoke.setDisable(status.action() != RowStatus.Action.REVOKE || !sessions.canAct());
        long live = sessions.liveOf(row.userId());
        boolean isWhole = model.sessions().wholeProperty().get();
        revokeAll.setText(
                isWhole
                        ? words.count("drawer.revokeAll", live)
                        : words.get("drawer.revokeAll.part", formats.number(live)));
        revokeAll.setDisable((isWhole && live == 0) || !sessions.canAct());
        showFacts(row, now);
    }

    private String stateWords(SessionRow row, RowStatus status) {
        String reason = row.endReason();
        return reason == null || reason.isEmpty()
                ? status.text()
                : words.get("sessions.state.reason", status.text(), reason);
    }

    private void showFacts(SessionRow row, Instant now) {
        List<Node> cells = new ArrayList<>();
        fact(cells, "ip", orUntold(row.ip()), "mono", "");
        fact(cells, "device", orUntold(row.device()), "mono", "");
        String agent = row.agent();
        fact(
                cells,
                "agent",
                agent == null ? words.get("drawer.untold") : agents.of(agent),
                "",
                agent == null ? "" : agent);
        fact(
                cells,
                "created",
                formats.ago(row.createdAt(), now),
                "",
                formats.exact(row.createdAt(), now));
        fact(
                cells,
                "lastSeen",
                formats.ago(row.lastSeenAt(), now),
                "",
                formats.exact(row.lastSeenAt(), now));
        fact(
                cells,
                "expires",
                formats.until(row.expiresAt(), now),
                "",
                formats.exact(row.expiresAt(), now));
        String mode = row.strictestMode();
        fact(
                cells,
                "mode",
                mode == null ? words.get("sessions.mode.none") : mode,
                "",
                mode == null ? "" : words.oneOf("mode", mode));
        fill(facts, cells);
    }

    private String orUntold(@org.jspecify.annotations.Nullable String value) {
        return value == null ? words.get("drawer.untold") : value;
    }

    private void fact(
            List<Node> cells, String key, String value, String styleClass, String tooltip) {
        Label name = new Label(words.oneOf("drawer.fact", key));
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.getStyleClass().add("fact-value");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        if (!styleClass.isEmpty()) {
            text.getStyleClass().add(styleClass);
        }
        if (!tooltip.isEmpty()) {
            text.setTooltip(new Tooltip(tooltip));
        }
        cells.add(name);
        cells.add(text);
    }

    /** Fills the grid; labels that are there already only change their text. */
    private static void fill(GridPane grid, List<Node> cells) {
        if (grid.getChildren().size() == cells.size()) {
            for (int i = 0; i < cells.size(); i++) {
                Label shown = (Label) grid.getChildren().get(i);
                Label fresh = (Label) cells.get(i);
                shown.setText(fresh.getText());
                shown.setTooltip(fresh.getTooltip());
            }
            return;
        }
        grid.getChildren().clear();
        for (int i = 0; i < cells.size(); i++) {
            grid.add(cells.get(i), i % 2, i / 2);
        }
    }

    private void showDetail() {
        Optional<SessionDetail> told = drawer.detailProperty().get();
        payload.getChildren().clear();
        if (told.isEmpty()) {
            timelineNote.setText("");
            show(timeline, List.of());
            show(others, List.of());
            entryLines = Map.of();
            otherLines = Map.of();
            return;
        }
        SessionDetail detail = told.get();
        Instant now = model.nowProperty().get();
        List<Node> cells = new ArrayList<>();
        fact(
                cells,
                "name",
                detail.userName().isEmpty() ? words.get("drawer.unnamed") : detail.userName(),
                "",
                "");
        fact(cells, "type", detail.userType(), "", "");
        fact(cells, "userId", detail.session().userId(), "mono", "");
        fact(cells, "tenant", detail.session().tenant(), "", "");
        fill(payload, cells);
        timelineNote.setText(words.count("drawer.entries", detail.timeline().size()));
        showTimeline(detail, now);
        showOthers(detail, now);
    }

    /**
     * What stays stays the same nodes: an open explanation stays open, and the focus where it is.
     */
    private void showTimeline(SessionDetail detail, Instant now) {
        Map<TimelineEntry, Node> kept = new HashMap<>();
        List<Node> wanted = new ArrayList<>();
        for (TimelineEntry entry : detail.timeline()) {
            Node before = kept.containsKey(entry) ? null : entryLines.get(entry); // a node is once
            Node line = before == null ? line(entry, detail.session(), now) : before;
            kept.putIfAbsent(entry, line);
            wanted.add(line);
        }
        entryLines = kept;
        show(timeline, wanted);
    }

    private void showOthers(SessionDetail detail, Instant now) {
        Map<String, SessionLine> kept = new LinkedHashMap<>();
        detail.others().stream()
                .limit(MOST_OTHERS)
                .forEach(row -> {
                    SessionLine line = otherLines.getOrDefault(row.ref(), new SessionLine());
                    String agent = row.agent();
                    line.tell(
                            agent == null ? words.get("drawer.untold") : agents.of(agent),
                            () -> drawer.open(row),
                            row.ip(),
                            formats.ago(row.lastSeenAt(), now));
                    kept.put(row.ref(), line);
                });
        otherLines = kept;
        List<Node> wanted = new ArrayList<>(kept.values());
        if (detail.others().isEmpty()) {
            wanted.add(noOthers);
        } else if (detail.others().size() > MOST_OTHERS) {
            moreOthers.setText(
                    words.get("drawer.moreOthers", detail.others().size() - MOST_OTHERS));
            moreOthers.setOnAction(_ -> sessions.find("user:" + detail.session().email()));
            wanted.add(moreOthers);
        }
        show(others, wanted);
    }

    private static void show(VBox box, List<Node> wanted) {
        if (!box.getChildren().equals(wanted)) {
            box.getChildren().setAll(wanted);
        }
    }

    private Node line(TimelineEntry entry, SessionRow session, Instant now) {
        FontIcon icon = new FontIcon(iconOf(entry.kind()));
        Label title = new Label(titleOf(entry));
        title.getStyleClass().add("timeline-title");
        title.setWrapText(true);
        Label at = new Label(formats.when(entry.at(), now));
        at.getStyleClass().addAll("muted", "small-text");
        at.setMinWidth(Region.USE_PREF_SIZE);
        at.setTooltip(new Tooltip(formats.exact(entry.at(), now)));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(title, gap, at);
        head.getStyleClass().add("timeline-head");
        VBox text = new VBox(head);
        HBox.setHgrow(text, Priority.ALWAYS);
        String more = moreOf(entry, session);
        if (!more.isEmpty()) {
            Label details = new Label(more);
            details.getStyleClass().addAll("muted", "small-text");
            details.setWrapText(true);
            text.getChildren().add(details);
        }
        String requestId = entry.requestId();
        if (entry.kind().equals("refused") && requestId != null) {
            text.getChildren().add(explainable(requestId));
        }
        HBox line = new HBox(icon, text);
        line.getStyleClass().addAll("timeline-line", "kind-" + entry.kind());
        return line;
    }

    /** A link that makes room for the checks, one under the other. */
    private Node explainable(String requestId) {
        Hyperlink link = new Hyperlink(words.get("timeline.explain"));
        link.getStyleClass().add("small-text");
        VBox box = new VBox(link);
        link.setOnAction(_ -> {
            link.setDisable(true);
            drawer.explain(
                    requestId,
                    told -> box.getChildren().setAll(checks(told)),
                    why -> {
                        Label problemText = new Label(words.get("timeline.notExplained", why));
                        problemText.getStyleClass().addAll("muted", "small-text");
                        problemText.setWrapText(true);
                        box.getChildren().setAll(problemText);
                    });
        });
        return box;
    }

    private Node checks(Explanation told) {
        VBox lines = new VBox();
        lines.getStyleClass().add("checks");
        for (Explanation.Check check : told.checks()) {
            String name = words.oneOf("timeline.checkName", check.check());
            String result = words.oneOf("timeline.checkResult", check.result());
            String expected = check.expected();
            String seen = check.seen();
            String note = check.note();
            String plain =
                    note == null || note.isEmpty()
                            ? words.get("timeline.check", name, result)
                            : words.get("timeline.checkNote", name, result, note);
            checkLine(
                    lines,
                    expected == null || seen == null || expected.equals(seen)
                            ? plain
                            : words.get("timeline.checkSeen", name, result, expected, seen));
        }
        for (String pass : told.wouldPass()) {
            checkLine(lines, words.get("timeline.wouldPass", pass));
        }
        return lines;
    }

    private static void checkLine(VBox lines, String text) {
        Label label = new Label(text);
        label.getStyleClass().add("small-text");
        label.setWrapText(true);
        lines.getChildren().add(label);
    }

    private static String iconOf(String kind) {
        return switch (kind) {
            case "opened" -> "fth-log-in";
            case "trusted" -> "fth-check";
            case "refused" -> "fth-x-octagon";
            case "revoked" -> "fth-slash";
            case "restored" -> "fth-rotate-ccw";
            default -> "fth-circle";
        };
    }

    private String titleOf(TimelineEntry entry) {
        String reason = entry.reason() == null ? "" : entry.reason();
        String signal = entry.signal() == null ? "" : words.oneOf("signal", entry.signal());
        return switch (entry.kind()) {
            case "trusted" ->
                    entry.mode() == null
                            ? words.get("timeline.trusted")
                            : words.get("timeline.trustedMode", entry.mode());
            case "refused" ->
                    signal.isEmpty()
                            ? words.get("timeline.refused", words.oneOf("reason", reason))
                            : words.get(
                                    "timeline.refusedSignal",
                                    words.oneOf("reason", reason),
                                    signal);
            case "revoked" -> words.get("timeline.revoked", words.oneOf("actor", entry.actor()));
            case "restored" -> words.get("timeline.restored", words.oneOf("actor", entry.actor()));
            case "opened" -> words.get("timeline.opened");
            default -> words.oneOf("timeline", entry.kind());
        };
    }

    private String moreOf(TimelineEntry entry, SessionRow session) {
        List<String> parts = new ArrayList<>();
        boolean judged = entry.kind().equals("trusted") || entry.kind().equals("refused");
        if (entry.route() != null) {
            parts.add(entry.route());
        }
        if (entry.source() != null) {
            parts.add(words.get("timeline.from", words.oneOf("source", entry.source())));
        }
        if (judged) {
            parts.add(words.get("timeline.caller", entry.actor()));
        }
        if (entry.ip() != null) {
            parts.add(entry.ip());
        }
        if (entry.agent() != null) {
            parts.add(agents.of(entry.agent()));
        }
        if (judged && entry.ip() != null && !entry.ip().equals(session.ip())) {
            parts.add(words.get("timeline.otherIp"));
        }
        String agent = session.agent();
        if (judged
                && entry.agent() != null
                && agent != null
                && !agents.of(entry.agent()).equals(agents.of(agent))) {
            parts.add(words.get("timeline.otherAgent"));
        }
        if (!judged && entry.reason() != null && !entry.reason().isEmpty()) {
            parts.add(words.get("timeline.reason", entry.reason()));
        }
        return String.join("\u00a0· ", parts); // the dot stays at the end of its line
    }
}
