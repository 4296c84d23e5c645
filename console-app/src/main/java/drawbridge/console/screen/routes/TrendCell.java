package drawbridge.console.screen.routes;

import drawbridge.console.ui.controls.TimeChart;
import drawbridge.model.view.RouteUses;

import javafx.scene.Node;
import javafx.util.Subscription;

import java.util.List;
import java.util.Optional;

/** The calls of the last hour as a small line. */
final class TrendCell extends RuleCell {
    private static final long MINUTE = 60_000;

    private final String name;
    private final TimeChart chart = new TimeChart();

    /**
     * @param name what the line means
     */
    TrendCell(String name) {
        this.name = name;
        chart.setForm(TimeChart.Form.TREND);
        chart.getStyleClass().addAll("trend", "rule-trend");
        chart.setAccessibleText(name);
    }

    @Override
    Node node() {
        return chart;
    }

    @Override
    Subscription bind(RuleDraft rule) {
        return rule.useProperty().subscribe(this::show);
    }

    private void show(Optional<RouteUses.Use> use) {
        if (use.isEmpty() || use.get().calls() == 0) {
            chart.show(TimeChart.Frame.EMPTY);
            return;
        }
        List<Long> minutes = use.get().callsByMinute();
        double[] values = new double[minutes.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = minutes.get(i).intValue();
        }
        chart.show(new TimeChart.Frame(0, MINUTE, List.of(new TimeChart.Layer(name, values))));
    }
}
