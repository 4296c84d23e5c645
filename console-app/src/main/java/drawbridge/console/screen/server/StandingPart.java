package drawbridge.console.screen.server;

import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.PagedTable.State;
import drawbridge.console.screen.server.StandingViewModel.Standing;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.model.view.DatabaseCondition;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.ServerCondition;
import drawbridge.model.view.ShippedLogs;
import drawbridge.model.view.TierView;
import drawbridge.model.view.TiersView;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Binds nodes, tiers, database and sending of logs to their view model. */
final class StandingPart {
    private final StandingViewModel standing;
    private final Words words;
    private final Formats formats;

    @FXML private VBox root;
    @FXML private HBox trouble;
    @FXML private Label troubleText;
    @FXML private TableView<NodeRow> nodes;
    @FXML private TableColumn<NodeRow, NodeRow> nodeName;
    @FXML private TableColumn<NodeRow, NodeRow> nodeLease;
    @FXML private TableColumn<NodeRow, NodeRow> nodeApplied;
    @FXML private TableColumn<NodeRow, NodeRow> nodeSeen;
    @FXML private TableColumn<NodeRow, NodeRow> nodeVersion;
    @FXML private TableColumn<NodeRow, NodeRow> nodeUrl;
    @FXML private TableView<TierView> tiers;
    @FXML private TableColumn<TierView, TierView> tierName;
    @FXML private TableColumn<TierView, TierView> tierState;
    @FXML private TableColumn<TierView, TierView> tierAsked;
    @FXML private TableColumn<TierView, TierView> tierServed;
    @FXML private TableColumn<TierView, TierView> tierMiddle;
    @FXML private TableColumn<TierView, TierView> tierSlow;
    @FXML private TableColumn<TierView, TierView> tierHolds;
    @FXML private TableColumn<TierView, TierView> tierFailed;
    @FXML private GridPane panels;
    @FXML private GridPane database;
    @FXML private GridPane logs;
    @FXML private Label logsNote;

    private long newest;

    StandingPart(StandingViewModel standing, Words words, Formats formats) {
        this.standing = standing;
        this.words = words;
        this.formats = formats;
    }

    @FXML
    void initialize() {
        trouble.managedProperty().bind(trouble.visibleProperty());
        PagedTable.words(
                nodeName,
                "",
                row -> row.self() ? words.get("standing.nodes.self", row.node()) : row.node());
        PagedTable.states(nodeLease, this::lease);
        PagedTable.words(nodeApplied, "mono", this::applied);
        PagedTable.words(
                nodeSeen,
                "",
                row ->
                        row.self()
                                ? words.get("standing.nodes.now")
                                : words.get(
                                        "standing.nodes.ago",
                                        formats.span(Duration.ofMillis(row.silentMillis()))));
        PagedTable.words(nodeVersion, "", NodeRow::version);
        PagedTable.words(nodeUrl, "mono", row -> row.url() == null ? "–" : row.url());
        PagedTable.words(tierName, "", tier -> words.oneOf("source", tier.name()));
        PagedTable.states(tierState, this::state);
        PagedTable.words(tierAsked, "mono", tier -> formats.number(tier.hits() + tier.misses()));
        PagedTable.words(tierServed, "mono", this::served);
        PagedTable.words(tierMiddle, "mono", tier -> nanos(tier, tier.p50Nanos()));
        PagedTable.words(tierSlow, "mono", tier -> nanos(tier, tier.p99Nanos()));
        PagedTable.words(tierHolds, "mono", this::holds);
        PagedTable.words(
                tierFailed, "mono", tier -> formats.number(tier.failures() + tier.writesDropped()));
        for (TableView<?> table : List.of(nodes, tiers)) {
            table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
            ColumnRoom.follow(table);
            for (TableColumn<?, ?> column : table.getColumns()) {
                column.setSortable(false);
                column.setReorderable(false);
            }
        }
        standing.standingProperty().subscribe(this::show);
        standing.tiersProperty().subscribe(this::showTiers);
    }

    private void show(Standing now) {
        trouble.setVisible(!now.problem().isEmpty());
        root.getStyleClass().remove("standing-stale");
        if (!now.problem().isEmpty()) {
            root.getStyleClass().add("standing-stale");
        }
        troubleText.setText(
                now.readAt()
                        .map(at -> words.get("standing.stale", formats.time(at), now.problem()))
                        .orElse(now.problem()));
        newest = now.nodes().stream().mapToLong(NodeRow::applied).max().orElse(0);
        fit(nodes, now.nodes());
        panels.setVisible(now.condition().isPresent());
        now.condition().ifPresent(this::showCondition);
    }

    private void showTiers(Optional<TiersView> view) {
        fit(tiers, view.map(TiersView::tiers).orElse(List.of()));
    }

    /** As high as its rows: there are few, and the whole part scrolls. */
    private static <T> void fit(TableView<T> table, List<T> rows) {
        if (!table.getItems().equals(rows)) {
            T selected = table.getSelectionModel().getSelectedItem();
            int at = table.getItems().indexOf(selected);
            table.getItems().setAll(rows);
            if (at >= 0 && at < rows.size()) {
                table.getSelectionModel().clearAndSelect(at);
            }
        }
        table.getStyleClass().removeIf(name -> name.startsWith("rows-"));
        table.getStyleClass().add("rows-" + Math.clamp(rows.size(), 1, 8));
    }

    private State lease(NodeRow row) {
        return row.lease().equals("held")
                ? new State("fth-check-circle", "live", words.get("standing.lease.held"))
                : new State("fth-alert-triangle", "problem", words.get("standing.lease.lapsed"));
    }

    private String applied(NodeRow row) {
        long behind = newest - row.applied();
        return behind == 0
                ? formats.number(row.applied())
                : words.get(
                        "standing.nodes.behind",
                        formats.number(row.applied()),
                        formats.number(behind));
    }

    private State state(TierView tier) {
        boolean isUp = tier.state().equals("up");
        if (!isUp) {
            return new State(
                    "fth-alert-triangle",
                    "problem",
                    words.get(
                            tier.name().equals("redis")
                                    ? "standing.tier.open"
                                    : "standing.tier.down"));
        }
        return new State(
                "fth-check-circle",
                "live",
                words.get(
                        tier.name().equals("redis") ? "standing.tier.closed" : "standing.tier.up"));
    }

    private String served(TierView tier) {
        long asked = tier.hits() + tier.misses();
        return asked == 0 ? "–" : formats.percent((double) tier.hits() / asked);
    }

    private String nanos(TierView tier, long nanos) {
        if (tier.hits() + tier.misses() == 0) {
            return "–";
        }
        return nanos < 1_000
                ? words.get("tiers.nanos", formats.number(nanos))
                : formats.micros(Math.round(nanos / 1_000.0));
    }

    private String holds(TierView tier) {
        return tier.capacity() == 0
                ? "–"
                : words.get(
                        "tiers.holds",
                        formats.number(tier.size()),
                        formats.number(tier.capacity()));
    }

    private void showCondition(ServerCondition now) {
        DatabaseCondition pool = now.database();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "kind",
                words.get(
                        "standing.database.schema",
                        words.oneOf("storage", pool.kind()),
                        pool.schema()));
        facts.put(
                "pool",
                words.get(
                        "standing.database.pool",
                        formats.number(pool.busy()),
                        formats.number(pool.open()),
                        formats.number(pool.most())));
        facts.put("waiting", formats.number(pool.waiting()));
        facts.put("writes", formats.number(pool.writesWaiting()));
        facts.put("tls", words.get(now.tls() ? "standing.tls.on" : "standing.tls.off"));
        facts.put("java", now.java());
        facts.put("system", now.system());
        facts(database, facts);
        Optional.ofNullable(now.logs())
                .ifPresentOrElse(
                        this::showLogs,
                        () -> {
                            facts(logs, Map.of());
                            logsNote.setText(words.get("standing.logs.none"));
                        });
    }

    private void showLogs(ShippedLogs now) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("target", now.target());
        facts.put(
                "state",
                words.get(now.arriving() ? "standing.logs.arriving" : "standing.logs.notArriving"));
        facts.put("shipped", formats.number(now.shipped()));
        facts.put("lost", formats.number(now.lost()));
        facts.put(
                "queued",
                words.get(
                        "tiers.holds",
                        formats.number(now.waiting()),
                        formats.number(now.capacity())));
        facts.put("connections", formats.number(now.connections()));
        facts(logs, facts);
        String fault = now.fault();
        logsNote.setText(
                fault != null
                        ? words.get("standing.logs.fault", fault)
                        : now.lost() > 0 ? words.get("standing.logs.gap", now.lost()) : "");
        mark(1, fault != null);
        mark(3, now.lost() > 0);
    }

    /** Marks a value of the sending of logs as one to look at. */
    private void mark(int row, boolean isAmber) {
        Node value = logs.getChildren().get(row * 2 + 1);
        value.getStyleClass().remove("standing-amber");
        if (isAmber) {
            value.getStyleClass().add("standing-amber");
        }
    }

    private void facts(GridPane grid, Map<String, String> values) {
        if (grid.getChildren().size() != values.size() * 2) {
            grid.getChildren().clear();
            int at = 0;
            for (String key : values.keySet()) {
                Label name = FactLabels.name(words.oneOf("standing.fact", key));
                Label value = FactLabels.value();
                grid.addRow(at++, name, value);
            }
        }
        int at = 1;
        for (String text : values.values()) {
            Label value = (Label) grid.getChildren().get(at);
            value.setText(text);
            value.getTooltip().setText(text);
            at += 2;
        }
    }
}
