package drawbridge.console.screen.secrets;

import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.secrets.CallerState.Use;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.CallerRow.Right;
import drawbridge.model.view.CallerRow.Version;
import drawbridge.model.view.CallerRow.Weakness;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Binds the drawer: one caller in full, and what can be done to its secrets. */
final class CallerDrawer {
    private static final List<String> OVERLAPS = List.of("1h", "24h", "7d", "30d");
    private static final int MOST_PAST = 5;

    /** What the drawer asks of the screen around it. */
    interface Around {
        /** Asks before something is done. */
        void ask(Question question, Runnable confirmed);

        /** Opens the form. */
        void edit(CallerRow row);

        /** Opens the plan. */
        void plan(CallerRow row);

        /** Rotates, and shows the new secret. */
        void rotate(CallerRow row, String overlap);

        /** Asks how a version that has leaked is ended. */
        void burn(CallerRow row, Version version);
    }

    private final SecretsViewModel secrets;
    private final Words words;
    private final Formats formats;
    private final Around around;
    private final JsonMapper json = JsonMapper.builder().build();
    private final ReadOnlyObjectWrapper<Optional<String>> shown =
            new ReadOnlyObjectWrapper<>(this, "shown", Optional.empty());
    private final Map<Integer, VersionCard> cards = new LinkedHashMap<>();
    private @Nullable CallerRow drawn;

    @FXML private Label name;
    @FXML private Label id;
    @FXML private MenuItem copyJson;
    @FXML private MenuItem copyCurl;
    @FXML private MenuItem copyValidate;
    @FXML private MenuItem burnAll;
    @FXML private MenuItem delete;
    @FXML private Button close;
    @FXML private Label problem;
    @FXML private VBox versions;
    @FXML private Label planned;
    @FXML private Label flagsTitle;
    @FXML private VBox flags;
    @FXML private VBox rights;
    @FXML private GridPane facts;
    @FXML private VBox pastBox;
    @FXML private Button edit;
    @FXML private Button plan;
    @FXML private SplitMenuButton rotate;

    CallerDrawer(SecretsViewModel secrets, Words words, Formats formats, Around around) {
        this.secrets = secrets;
        this.words = words;
        this.formats = formats;
        this.around = around;
    }

    @FXML
    void initialize() {
        close.setOnAction(_ -> close());
        problem.managedProperty().bind(problem.visibleProperty());
        problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
        copyJson.setOnAction(_ -> onRow(row -> copy(json.writeValueAsString(row))));
        copyCurl.setOnAction(_ -> onRow(row -> copy(curl(row))));
        copyValidate.setOnAction(
                _ -> copy(words.get("secrets.drawer.validateText", secrets.publicUrl())));
        burnAll.setOnAction(_ -> onRow(this::confirmBurnAll));
        delete.setOnAction(_ -> onRow(this::confirmDelete));
        edit.setOnAction(_ -> onRow(around::edit));
        plan.setOnAction(_ -> onRow(around::plan));
        rotate.setOnAction(_ -> onRow(row -> around.rotate(row, overlapOf(row))));
        for (String overlap : OVERLAPS) {
            MenuItem item =
                    new MenuItem(
                            words.get(
                                    "secrets.rotateWith",
                                    formats.span(SecretsViewModel.span(overlap))));
            item.setOnAction(_ -> onRow(row -> around.rotate(row, overlap)));
            rotate.getItems().add(item);
        }
    }

    /** How long both are accepted: as planned, else a day. */
    static String overlapOf(CallerRow row) {
        String planned = row.rotation().overlap();
        return planned == null ? SecretsViewModel.OVERLAP : planned;
    }

    private static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    /** The call that reads this caller; the token is a variable of the shell. */
    private String curl(CallerRow row) {
        return words.get("secrets.drawer.curlText", secrets.adminUrl(), row.id());
    }

    private void onRow(Consumer<CallerRow> work) {
        shown.get().flatMap(secrets::caller).map(CallerState::row).ifPresent(work);
    }

    /** The caller that is shown. */
    ReadOnlyObjectProperty<Optional<String>> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Shows that caller. */
    void open(String callerId) {
        if (!shown.get().equals(Optional.of(callerId))) {
            cards.clear();
            drawn = null;
        }
        shown.set(Optional.of(callerId));
        show();
    }

    /** Shows none. */
    void close() {
        shown.set(Optional.empty());
        drawn = null;
    }

    /** Shows it as it is now; called each second and on every change. */
    void show() {
        if (shown.get().isEmpty()) {
            return;
        }
        Optional<CallerState> state = shown.get().flatMap(secrets::caller);
        if (state.isEmpty()) {
            close(); // it was deleted
            return;
        }
        CallerState caller = state.get();
        CallerRow row = caller.row();
        Instant now = secrets.now();
        name.setText(row.name());
        id.setText(
                row.tenant().equals("default")
                        ? row.id()
                        : words.get("secrets.drawer.tenant", row.id(), row.tenant()));
        problem.setText(secrets.problemOf(row.id()));
        boolean canAct = secrets.canAct() && !secrets.isWorking(row.id());
        for (Button button : List.of(edit, plan)) {
            button.setDisable(!canAct);
        }
        rotate.setDisable(!canAct);
        showVersions(caller, canAct, now);
        planned.setText(planWords(caller, now));
        planned.getStyleClass().setAll("label", caller.isOverdue(now) ? "problem-text" : "muted");
        if (!row.equals(drawn)) {
            drawn = row;
            showFlags(caller, now);
            showRights(row, now);
            showFacts(row, now);
            showPast(row, now);
        }
    }

    private void showVersions(CallerState caller, boolean canAct, Instant now) {
        CallerRow row = caller.row();
        List<Version> accepted = row.secrets().stream().filter(Version::accepted).toList();
        int newest = row.newest().map(Version::version).orElse(0);
        List<Integer> numbers = accepted.stream().map(Version::version).toList();
        boolean isSame = numbers.equals(new ArrayList<>(cards.keySet())) && drawn != null;
        if (!isSame) {
            cards.clear();
            for (Version version : accepted) {
                int number = version.version();
                cards.put(
                        number,
                        new VersionCard(
                                number,
                                number < newest,
                                words,
                                formats,
                                () -> retire(row.id(), number),
                                () -> burn(row.id(), number)));
            }
            versions.getChildren().setAll(cards.values());
            if (accepted.isEmpty()) {
                Label none = new Label(words.get("secrets.drawer.noSecret"));
                none.setWrapText(true);
                none.getStyleClass().add("problem-text");
                versions.getChildren().add(none);
            }
        }
        for (Version version : accepted) {
            VersionCard card = cards.get(version.version());
            if (card != null) {
                card.show(caller, version, canAct, now, secrets.quiet());
            }
        }
    }

    private void burn(String callerId, int number) {
        secrets.caller(callerId)
                .ifPresent(caller ->
                        caller.row().secrets().stream()
                                .filter(version -> version.version() == number)
                                .forEach(version -> around.burn(caller.row(), version)));
    }

    /** A quiet version is retired by one click; one that may still be needed is asked about. */
    private void retire(String callerId, int number) {
        Optional<CallerState> caller = secrets.caller(callerId);
        if (caller.isEmpty()) {
            return;
        }
        Optional<Version> version =
                caller.get().row().secrets().stream()
                        .filter(one -> one.version() == number)
                        .findFirst();
        if (version.isEmpty()) {
            return;
        }
        Use use = caller.get().use(version.get());
        if (use.isQuiet(secrets.now())) {
            secrets.retire(callerId, number);
            return;
        }
        around.ask(
                Question.click(
                        words.get("secrets.retire.title", formats.number(number)),
                        words.get(
                                "secrets.retire.what",
                                formats.number(use.calls()),
                                formats.number(use.all())),
                        words.get("secrets.retire.effect", caller.get().row().name()),
                        words.get("secrets.retire"),
                        true),
                () -> secrets.retire(callerId, number));
    }

    private String planWords(CallerState caller, Instant now) {
        Instant dueAt = caller.row().rotation().dueAt();
        if (dueAt == null) {
            return "";
        }
        String when = formats.until(dueAt, now);
        String every = caller.row().rotation().every();
        if (every != null) {
            String span = formats.span(SecretsViewModel.span(every));
            return caller.isOverdue(now)
                    ? words.get("secrets.plan.overdue", when, span)
                    : words.get("secrets.plan.due", when, span);
        }
        return caller.isOverdue(now)
                ? words.get("secrets.age.overdue", when)
                : words.get("secrets.age.due", when);
    }

    private void showFlags(CallerState caller, Instant now) {
        List<Node> lines = new ArrayList<>();
        for (Weakness weakness : caller.row().weaknesses()) {
            boolean isAmber = caller.flags(now).contains(weakness.code());
            FontIcon icon = new FontIcon(isAmber ? "fth-alert-triangle" : "fth-info");
            icon.getStyleClass().add(isAmber ? "warning-icon" : "calm-icon");
            Label text = new Label(flagText(weakness, now));
            text.setWrapText(true);
            text.setMinHeight(Region.USE_PREF_SIZE);
            HBox.setHgrow(text, Priority.ALWAYS);
            HBox line = new HBox(icon, text);
            line.getStyleClass().add("flag-line");
            lines.add(line);
        }
        flags.getChildren().setAll(lines);
        flagsTitle.setVisible(!lines.isEmpty());
        flagsTitle.setManaged(!lines.isEmpty());
    }

    private String flagText(Weakness weakness, Instant now) {
        Long seconds = weakness.seconds();
        if (seconds != null) {
            return seconds == 0
                    ? words.get("secrets.remembers.endless")
                    : words.get("secrets.remembers.text", formats.number(seconds));
        }
        String text = words.oneOf("secrets.flagText", weakness.code());
        Long uses = weakness.uses();
        Instant lastAt = weakness.lastAt();
        return uses == null || lastAt == null
                ? text
                : words.get(
                        "secrets.flagSeen", text, formats.number(uses), formats.ago(lastAt, now));
    }

    private void showRights(CallerRow row, Instant now) {
        List<Node> lines = new ArrayList<>();
        for (Right right : row.scopes()) {
            FontIcon icon = new FontIcon(right.granted() ? "fth-check" : "fth-minus");
            icon.getStyleClass().add(right.granted() ? "success-icon" : "calm-icon");
            String code = right.scope().replace('-', '_');
            Label text =
                    new Label(
                            right.granted()
                                    ? words.oneOf("secrets.granted", code)
                                    : words.oneOf("secrets.notRight", code));
            text.setWrapText(true);
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            Instant lastAt = right.lastUsedAt();
            Label used =
                    new Label(
                            lastAt == null
                                    ? words.get("secrets.right.unused")
                                    : words.get("secrets.right.used", formats.ago(lastAt, now)));
            used.getStyleClass().addAll("muted", "small-text");
            used.setMinWidth(Region.USE_PREF_SIZE);
            HBox line = new HBox(icon, text, gap, used);
            line.getStyleClass().add("flag-line");
            lines.add(line);
        }
        rights.getChildren().setAll(lines);
    }

    private void showFacts(CallerRow row, Instant now) {
        List<Node> cells = new ArrayList<>();
        fact(cells, "kit", words.oneOf("secrets.choice", "kit_" + row.kit()), "");
        fact(cells, "floor", row.floor(), words.oneOf("mode", row.floor()));
        fact(
                cells,
                "signals",
                words.oneOf("secrets.choice", "signals_" + row.signals().replace('-', '_')),
                "");
        if (row.advancedMeans().equals("agent")) {
            fact(cells, "means", words.oneOf("secrets.choice", "means_agent"), "");
        }
        if (row.kit().equals("flowfull")) {
            fact(cells, "lease", formats.span(SecretsViewModel.span(row.lease())), "");
        } else {
            fact(
                    cells,
                    "remember",
                    row.remember().equals("0s")
                            ? words.get("secrets.fact.never")
                            : formats.span(SecretsViewModel.span(row.remember())),
                    "");
        }
        fact(
                cells,
                "networks",
                row.networks().isEmpty()
                        ? words.get("secrets.fact.anywhere")
                        : String.join("\n", row.networks()),
                "");
        fact(
                cells,
                "created",
                formats.ago(row.createdAt(), now),
                formats.exact(row.createdAt(), now));
        if (row.settingsFrom().equals("environment")) {
            fact(cells, "from", words.get("secrets.fact.environment"), "");
        }
        facts.getChildren().clear();
        for (int i = 0; i < cells.size(); i += 2) {
            facts.addRow(i / 2, cells.get(i), cells.get(i + 1));
        }
    }

    private void fact(List<Node> cells, String key, String value, String tooltip) {
        Label title = new Label(words.oneOf("secrets.fact", key));
        title.getStyleClass().add("fact-name");
        title.setWrapText(true);
        title.setMinHeight(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.getStyleClass().add("fact-value");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        if (!tooltip.isEmpty()) {
            text.setTooltip(new Tooltip(tooltip));
        }
        cells.add(title);
        cells.add(text);
    }

    private void showPast(CallerRow row, Instant now) {
        List<Node> lines = new ArrayList<>();
        row.secrets().stream()
                .filter(version -> !version.accepted())
                .limit(MOST_PAST)
                .forEach(version -> {
                    Instant end =
                            version.endedAt() == null ? version.acceptedUntil() : version.endedAt();
                    Label line =
                            new Label(
                                    words.get(
                                            "secrets.past",
                                            formats.number(version.version()),
                                            words.oneOf("secrets.ended", version.state()),
                                            end == null ? "" : formats.ago(end, now)));
                    line.getStyleClass().addAll("muted", "small-text");
                    line.setWrapText(true);
                    lines.add(line);
                });
        if (!lines.isEmpty()) {
            Label title = new Label(words.get("secrets.drawer.past"));
            title.getStyleClass().add("drawer-section");
            lines.addFirst(title);
        }
        pastBox.getChildren().setAll(lines);
    }

    private void confirmBurnAll(CallerRow row) {
        around.ask(
                new Question(
                        words.get("secrets.burnAll.title", row.name()),
                        words.get("secrets.burnAll.what"),
                        words.get("secrets.burnAll.effect", row.name()),
                        words.get("secrets.drawer.burnAll"),
                        true,
                        row.name(),
                        words.get("secrets.type", row.name()),
                        false),
                () -> secrets.burnAll(row.id()));
    }

    void confirmDelete(CallerRow row) {
        around.ask(
                new Question(
                        words.get("secrets.delete.title", row.name()),
                        words.get("secrets.delete.what"),
                        words.get("secrets.delete.effect"),
                        words.get("secrets.drawer.delete"),
                        true,
                        row.name(),
                        words.get("secrets.type", row.name()),
                        false),
                () -> secrets.delete(row.id()));
    }
}
