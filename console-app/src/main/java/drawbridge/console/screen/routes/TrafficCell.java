package drawbridge.console.screen.routes;

import drawbridge.model.view.RouteUses;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

import java.util.Optional;

/** What a rule decided in the last hour, and what it refused. */
final class TrafficCell extends RuleCell {
    private final RouteWords words;
    private final Label calls = new Label();
    private final Label refused = new Label();
    private final Tooltip more = new Tooltip();
    private final VBox box = new VBox(calls, refused);

    TrafficCell(RouteWords words) {
        this.words = words;
        calls.getStyleClass().add("traffic-calls");
        refused.getStyleClass().add("traffic-refused");
        box.getStyleClass().add("traffic-box");
        refused.setMinWidth(0);
        calls.setMinWidth(0);
    }

    @Override
    Node node() {
        return box;
    }

    @Override
    Subscription bind(RuleDraft rule) {
        return rule.useProperty().subscribe(use -> show(rule, use));
    }

    private void show(RuleDraft rule, Optional<RouteUses.Use> use) {
        refused.setVisible(use.isPresent());
        refused.setManaged(use.isPresent());
        if (use.isEmpty()) {
            calls.setText(
                    rule.origin().isPresent()
                            ? words.words().get("routes.traffic.unknown")
                            : words.words().get("routes.traffic.draft"));
            refused.setText("");
            setTooltip(null);
            return;
        }
        RouteUses.Use hour = use.get();
        calls.setText(
                words.words().get("routes.traffic.calls", words.formats().number(hour.calls())));
        boolean some = hour.refused() > 0;
        refused.setText(
                some
                        ? words.words()
                                .get(
                                        "routes.traffic.refused",
                                        words.formats().number(hour.refused()),
                                        words.reasons(hour.reasons()))
                        : words.words().get("routes.traffic.none"));
        refused.getStyleClass().remove("refused-text");
        if (some) {
            refused.getStyleClass().add("refused-text");
            more.setText(refused.getText());
        }
        setTooltip(some ? more : null);
    }
}
