package drawbridge.model.view;

import java.util.List;

/** The rules of alerts, in the order in which they are judged. */
public record AlertRules(List<AlertRuleRow> rules) {
    public AlertRules {
        rules = List.copyOf(rules);
    }
}
