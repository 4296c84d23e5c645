package drawbridge.console.screen.overview;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.TierView;
import drawbridge.model.view.TiersView;

import javafx.fxml.FXML;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** What sessions are served from: each tier's hits, misses and times since the server started. */
final class TiersDialog {
    private static final List<String> HEADS =
            List.of("tier", "asked", "hits", "p50", "p99", "holds");

    private final TiersView tiers;
    private final Words words;
    private final Formats formats;
    private final Runnable closed;

    @FXML private GridPane table;
    @FXML private Label note;
    @FXML private Button close;

    TiersDialog(TiersView tiers, Words words, Formats formats, Runnable closed) {
        this.tiers = tiers;
        this.words = words;
        this.formats = formats;
        this.closed = closed;
    }

    @FXML
    void initialize() {
        for (int i = 0; i < HEADS.size(); i++) {
            table.add(label(words.oneOf("tiers.head", HEADS.get(i)), "muted"), i, 0);
            ColumnConstraints column = new ColumnConstraints();
            column.setHalignment(i == 0 ? HPos.LEFT : HPos.RIGHT);
            table.getColumnConstraints().add(column);
        }
        for (int i = 0; i < tiers.tiers().size(); i++) {
            row(tiers.tiers().get(i), i + 1);
        }
        boolean three = tiers.tiers().stream().anyMatch(tier -> tier.name().equals("redis"));
        note.setText(words.get(three ? "tiers.three" : "tiers.two"));
        close.setOnAction(_ -> closed.run());
    }

    private void row(TierView tier, int row) {
        boolean up = tier.state().equals("up");
        Region chip = new Region();
        chip.getStyleClass().addAll("chip", "share-" + tier.name());
        Node mark = up ? chip : new FontIcon("fth-alert-triangle");
        String name = words.oneOf("source", tier.name());
        Label named = new Label(up ? name : words.get("tiers.away", name), mark);
        named.getStyleClass().add(up ? "tier-name" : "tier-away");
        table.add(named, 0, row);
        long asked = tier.hits() + tier.misses();
        boolean any = asked > 0;
        table.add(label(formats.number(asked), "figure"), 1, row);
        table.add(
                label(any ? formats.percent((double) tier.hits() / asked) : "–", "figure"), 2, row);
        table.add(label(any ? nanos(tier.p50Nanos()) : "–", "figure"), 3, row);
        table.add(label(any ? nanos(tier.p99Nanos()) : "–", "figure"), 4, row);
        table.add(
                label(
                        tier.capacity() == 0
                                ? "–"
                                : words.get(
                                        "tiers.holds",
                                        formats.number(tier.size()),
                                        formats.number(tier.capacity())),
                        "figure"),
                5,
                row);
    }

    private String nanos(long nanos) {
        return nanos < 1_000
                ? words.get("tiers.nanos", formats.number(nanos))
                : formats.micros(Math.round(nanos / 1_000.0));
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.getStyleClass().add(style);
        return label;
    }

    Button safeButton() {
        return close;
    }
}
