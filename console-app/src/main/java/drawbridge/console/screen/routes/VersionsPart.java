package drawbridge.console.screen.routes;

import drawbridge.console.client.Reply;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.PolicyVersionRow;

import javafx.beans.property.SimpleStringProperty;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** What there was, who made it and why; and back to it. */
final class VersionsPart {
    private final RoutesViewModel routes;
    private final Words words;
    private final Formats formats;
    private final Supplier<Instant> now;
    private final DifferenceLines differences;
    private final ReplyWords replies;

    @FXML private TableView<PolicyVersionRow> table;
    @FXML private TableColumn<PolicyVersionRow, String> number;
    @FXML private TableColumn<PolicyVersionRow, String> at;
    @FXML private TableColumn<PolicyVersionRow, String> by;
    @FXML private TableColumn<PolicyVersionRow, String> rules;
    @FXML private TableColumn<PolicyVersionRow, String> note;
    @FXML private Label title;
    @FXML private Button restore;
    @FXML private VBox lines;

    VersionsPart(RoutesViewModel routes, RouteWords say, Supplier<Instant> now) {
        this.routes = routes;
        this.words = say.words();
        this.formats = say.formats();
        this.now = now;
        this.differences = new DifferenceLines(say);
        this.replies = new ReplyWords(words);
    }

    @FXML
    void initialize() {
        table.setItems(routes.versions());
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        ColumnRoom.follow(table);
        text(
                number,
                row ->
                        row.inForce()
                                ? words.get("routes.versions.inForce", row.version())
                                : Integer.toString(row.version()));
        text(at, row -> formats.when(row.at(), now.get()));
        text(by, row -> words.oneOf("actor", row.by()));
        text(rules, row -> formats.number(row.rules()));
        text(note, PolicyVersionRow::note);
        table.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, before, after) -> show(after));
        restore.setOnAction(_ -> {
            PolicyVersionRow row = table.getSelectionModel().getSelectedItem();
            if (row != null) {
                routes.proposeVersion(row.version());
            }
        });
        show(null);
    }

    private static void text(
            TableColumn<PolicyVersionRow, String> column,
            Function<PolicyVersionRow, String> value) {
        column.setCellValueFactory(cell -> new SimpleStringProperty(value.apply(cell.getValue())));
    }

    /** Shows what that version changed, as soon as it is in the list. */
    void show(int version) {
        table.getItems().stream()
                .filter(row -> row.version() == version)
                .findFirst()
                .ifPresent(row -> table.getSelectionModel().select(row));
    }

    private void show(@Nullable PolicyVersionRow row) {
        restore.setDisable(row == null || row.inForce());
        lines.getChildren().clear();
        if (row == null) {
            title.setText(words.get("routes.versions.choose"));
            return;
        }
        title.setText(words.get("routes.versions.made", row.version(), row.version() - 1));
        routes.difference(
                row.version() - 1,
                row.version(),
                reply -> {
                    if (!row.equals(table.getSelectionModel().getSelectedItem())) {
                        return;
                    }
                    if (reply instanceof Reply.Done(PolicyDifference difference)) {
                        differences.show(lines, difference);
                    } else {
                        Label failed = new Label(replies.whyUnread(reply));
                        failed.setWrapText(true);
                        lines.getChildren().setAll(failed);
                    }
                });
    }
}
