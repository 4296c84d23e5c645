package drawbridge.console.screen.routes;

import drawbridge.console.ui.Words;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.ExplainedCall.Check;
import drawbridge.model.view.RouteRule;

import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Locale;

/** How a call was judged, or would be: the rule, then every check in its order. */
final class ChecksPane extends VBox {
    private static final List<String> BAD = List.of("failed", "missing", "differs", "too_weak");

    private final Words words;

    ChecksPane(Words words) {
        this.words = words;
        getStyleClass().add("checks");
    }

    /** Shows it in place of what is there. */
    void show(ExplainedCall call) {
        getChildren().clear();
        getChildren().add(verdict(call));
        ExplainedCall.Mode mode = call.mode();
        if (mode != null) {
            Label by = new Label(decided(mode));
            by.setWrapText(true);
            getChildren().add(by);
            String note = mode.note();
            if (note != null && !note.isEmpty()) {
                getChildren().add(quiet(note));
            }
        }
        if (!call.checks().isEmpty()) {
            getChildren().add(grid(call.checks()));
        }
        if (!call.wouldPass().isEmpty()) {
            getChildren()
                    .add(
                            quiet(
                                    words.get(
                                            "routes.try.wouldPass",
                                            String.join("; ", call.wouldPass()))));
        }
        if (!call.passesUnder().isEmpty()) {
            getChildren()
                    .add(
                            quiet(
                                    words.get(
                                            "routes.try.passesUnder",
                                            String.join(", ", call.passesUnder()))));
        }
    }

    private Label quiet(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add("muted");
        return label;
    }

    private HBox verdict(ExplainedCall call) {
        String verdict = call.verdict();
        String look = verdict == null ? "working" : verdict.equals("trusted") ? "live" : "held";
        FontIcon icon =
                new FontIcon(
                        switch (look) {
                            case "live" -> "fth-check-circle";
                            case "held" -> "fth-x-circle";
                            default -> "fth-info";
                        });
        Label text =
                new Label(
                        verdict == null
                                ? words.get("routes.try.modeOnly")
                                : words.oneOf("routes.verdict", verdict));
        text.setWrapText(true);
        HBox box = new HBox(icon, text);
        box.getStyleClass().addAll("drawer-state", "look-" + look);
        return box;
    }

    private String decided(ExplainedCall.Mode mode) {
        RouteRule rule = mode.rule();
        return rule != null
                ? words.get(
                        "routes.try.byRule",
                        mode.mode(),
                        rule.line() == null ? 0 : rule.line(),
                        rule.route(),
                        words.oneOf("routes.decided", mode.decidedBy()))
                : words.get(
                        "routes.try.withoutRule",
                        mode.mode(),
                        words.oneOf("routes.without", mode.route()),
                        words.oneOf("routes.decided", mode.decidedBy()));
    }

    private GridPane grid(List<Check> checks) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("checks-grid");
        ColumnConstraints rest = new ColumnConstraints();
        rest.setHgrow(Priority.ALWAYS);
        rest.setMinWidth(60);
        grid.getColumnConstraints()
                .addAll(
                        new ColumnConstraints(),
                        new ColumnConstraints(),
                        new ColumnConstraints(),
                        rest);
        for (int row = 0; row < checks.size(); row++) {
            Check check = checks.get(row);
            boolean bad = BAD.contains(check.result());
            boolean good = check.result().equals("passed");
            FontIcon icon = new FontIcon(bad ? "fth-x" : good ? "fth-check" : "fth-minus");
            icon.getStyleClass().add(bad ? "danger-icon" : good ? "success-icon" : "calm-icon");
            Label name = new Label(words.oneOf("routes.check", check.check()));
            Label result =
                    new Label(
                            words.oneOf("routes.result", check.result().toLowerCase(Locale.ROOT)));
            result.getStyleClass().add(bad ? "refused-text" : "muted");
            name.setMinWidth(Region.USE_PREF_SIZE);
            result.setMinWidth(Region.USE_PREF_SIZE);
            Label more = new Label(more(check));
            more.setWrapText(true);
            more.getStyleClass().add("muted");
            grid.addRow(row, icon, name, result, more);
        }
        return grid;
    }

    private String more(Check check) {
        String values = values(check.expected(), check.seen());
        String note = check.note() == null ? "" : check.note();
        return values.isEmpty() || note.isEmpty() ? values + note : values + " · " + note;
    }

    private String values(@Nullable String expected, @Nullable String seen) {
        if (expected == null && seen == null) {
            return "";
        }
        if (expected != null && expected.equals(seen)) {
            return expected;
        }
        return words.get(
                "routes.try.values",
                expected == null ? words.get("routes.try.none") : expected,
                seen == null ? words.get("routes.try.none") : seen);
    }
}
