package drawbridge.console.screen.routes;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ReasonCount;
import drawbridge.model.view.RouteRule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** What is said of rules, and of calls they refuse. */
public final class RouteWords {
    private final Words words;
    private final Formats formats;

    /** In those words and formats. */
    public RouteWords(Words words, Formats formats) {
        this.words = words;
        this.formats = formats;
    }

    Words words() {
        return words;
    }

    Formats formats() {
        return formats;
    }

    /** Why calls were refused: {@code 9 without a device, 3 with a changed agent}. */
    String reasons(List<ReasonCount> reasons) {
        List<String> said = new ArrayList<>();
        for (ReasonCount each : reasons) {
            said.add(
                    words.get(
                            "routes.counted",
                            formats.number(each.count()),
                            reason(each.reason(), each.signal())));
        }
        return String.join(", ", said);
    }

    /** One reason: {@code without a device}. */
    String reason(@Nullable String reason, @Nullable String signal) {
        if (reason == null) {
            return "";
        }
        return signal == null
                ? words.oneOf("refusal", reason)
                : words.oneOf("routes.why", reason + "." + signal);
    }

    /** A rule in one line, its defaults left out. */
    String rule(RouteRule rule) {
        List<String> parts = new ArrayList<>();
        parts.add(rule.mode());
        Integer rate = rule.ratePerMinute();
        if (rate != null) {
            parts.add(words.get("routes.rule.rate", formats.number(rate)));
        }
        if (!rule.ipMatch().equals("exact")) {
            parts.add(words.oneOf("routes.ip", rule.ipMatch()));
        }
        if (!rule.leastDeviceEvidence().equals("told")) {
            parts.add(words.oneOf("routes.evidence.long", rule.leastDeviceEvidence()));
        }
        return String.join(" · ", parts);
    }

    /** What is different between two states of one rule. */
    String difference(RouteRule from, RouteRule to) {
        List<String> parts = new ArrayList<>();
        add(parts, "mode", from.mode(), to.mode());
        add(parts, "ratePerMinute", rate(from), rate(to));
        add(
                parts,
                "ipMatch",
                words.oneOf("routes.ip", from.ipMatch()),
                words.oneOf("routes.ip", to.ipMatch()));
        add(
                parts,
                "leastDeviceEvidence",
                words.oneOf("routes.evidence", from.leastDeviceEvidence()),
                words.oneOf("routes.evidence", to.leastDeviceEvidence()));
        return String.join(", ", parts);
    }

    private String rate(RouteRule rule) {
        Integer rate = rule.ratePerMinute();
        return rate == null ? words.get("routes.rate.none") : formats.number(rate);
    }

    private void add(List<String> parts, String field, String from, String to) {
        if (!from.equals(to)) {
            parts.add(words.get("routes.diff.field", words.oneOf("routes.field", field), from, to));
        }
    }
}
