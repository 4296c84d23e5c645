package drawbridge.console.screen.routes;

import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.RouteRule;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Objects;

/** What differs between two lists of rules, one line for each difference. */
final class DifferenceLines {
    private final RouteWords words;

    DifferenceLines(RouteWords words) {
        this.words = words;
    }

    /** Shows it in place of what is there. */
    void show(VBox into, PolicyDifference difference) {
        if (difference.changes().isEmpty()) {
            Label none = new Label(words.words().get("routes.diff.none"));
            none.getStyleClass().add("muted");
            into.getChildren().setAll(none);
            return;
        }
        into.getChildren().setAll(lines(difference));
    }

    private List<Node> lines(PolicyDifference difference) {
        return difference.changes().stream().map(this::line).toList();
    }

    private Node line(PolicyDifference.Change change) {
        RouteRule from = change.from();
        RouteRule to = change.to();
        RouteRule either = Objects.requireNonNull(to == null ? from : to);
        FontIcon icon =
                new FontIcon(
                        switch (change.what()) {
                            case "added" -> "fth-plus";
                            case "removed" -> "fth-minus";
                            case "moved" -> "fth-move";
                            default -> "fth-edit-2";
                        });
        Label what = new Label(words.words().oneOf("routes.diff", change.what()));
        what.getStyleClass().add("diff-what");
        Label route = new Label(either.route());
        route.getStyleClass().add("mono");
        route.setMinWidth(0);
        Label how = new Label(how(change.what(), from, to));
        how.setWrapText(true);
        HBox.setHgrow(how, Priority.ALWAYS);
        HBox line = new HBox(icon, what, route, how);
        line.getStyleClass().addAll("diff-line", "diff-" + change.what());
        return line;
    }

    private static int place(RouteRule rule) {
        Integer line = rule.line();
        return line == null ? 0 : line;
    }

    private String how(String what, @Nullable RouteRule from, @Nullable RouteRule to) {
        if (from != null && to != null) {
            return what.equals("moved")
                    ? words.words().get("routes.diff.places", place(from), place(to))
                    : words.difference(from, to);
        }
        return words.rule(Objects.requireNonNull(to == null ? from : to));
    }
}
