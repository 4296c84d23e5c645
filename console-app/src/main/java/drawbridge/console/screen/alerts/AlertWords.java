package drawbridge.console.screen.alerts;

import drawbridge.console.screen.PagedTable.State;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertView;

import java.time.Duration;

/** What is said of alerts and rules. */
final class AlertWords {
    private final Words words;
    private final Formats formats;

    AlertWords(Words words, Formats formats) {
        this.words = words;
        this.formats = formats;
    }

    State state(AlertView alert, AlertState state) {
        String text = words.oneOf("alerts.state", state.key());
        return switch (state) {
            case OPEN ->
                    alert.severity().equals("critical")
                            ? new State(
                                    "fth-alert-octagon",
                                    "held",
                                    words.oneOf("alerts.severity", alert.severity()))
                            : new State("fth-alert-triangle", "problem", text);
            case ACKNOWLEDGED -> new State("fth-user-check", "working", text);
            case SNOOZED -> new State("fth-bell-off", "expired", text);
            case CLEARED -> new State("fth-check-circle", "live", text);
        };
    }

    State state(AlertRuleRow rule) {
        return switch (rule.state()) {
            case "firing" ->
                    new State(
                            "fth-alert-triangle",
                            rule.severity().equals("critical") ? "held" : "problem",
                            words.get("alerts.rule.firing"));
            case "off" ->
                    new State(
                            "fth-bell-off",
                            "expired",
                            rule.on()
                                    ? words.get("alerts.rule.offWhy", shortly(rule.why()))
                                    : words.get("alerts.rule.off"));
            default -> new State("fth-eye", "live", words.get("alerts.rule.watching"));
        };
    }

    /** What stands before the colon; the drawer has the rest. */
    private static String shortly(String why) {
        int colon = why.indexOf(':');
        return colon < 0 ? why : why.substring(0, colon);
    }

    /** A figure of that rule, in the unit that reads best. */
    String figure(AlertRuleRow rule, double value) {
        return switch (rule.unit()) {
            case "microseconds" -> formats.took(Math.round(value));
            case "ms" -> formats.took(Math.round(value * 1_000));
            case "seconds" -> formats.span(Duration.ofSeconds(Math.round(value)));
            case "of 100 validations" -> formats.percent(value / 100);
            case "of 1000 validations" -> formats.percent(value / 1_000);
            default -> formats.rate(value);
        };
    }

    /** From where on a rule fires; a dash where that is not a matter of numbers. */
    String limit(AlertRuleRow rule) {
        if (rule.usualLeast() == 0) {
            return "–";
        }
        return figure(rule, Math.max(rule.limit(), rule.least()));
    }

    String usual(AlertRuleRow rule) {
        return rule.usualFactor() == 0 || rule.state().equals("off")
                ? "–"
                : figure(rule, rule.usual());
    }

    String now(AlertRuleRow rule) {
        return rule.state().equals("off") ? "–" : figure(rule, rule.now());
    }
}
