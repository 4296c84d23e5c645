package drawbridge.server.bridge;

import drawbridge.model.ValidationMode;
import drawbridge.server.judge.Requirement;
import drawbridge.server.policy.RouteTable;

import java.time.Duration;
import java.util.Locale;

/**
 * How strictly a call is judged, and why so.
 *
 * @param required what its session must show
 * @param by what made the mode as strict as it is
 * @param decision what the policies said of the route
 * @param table the policies that said it
 */
public record Ruling(Requirement required, By by, RouteTable.Decision decision, RouteTable table) {
    /** What made a mode as strict as it is. */
    public enum By {
        /** The rule for the route. */
        RULE,
        /** The caller's floor. */
        FLOOR,
        /** The call asked for it. */
        ASKED,
        /** The path could mean two routes. */
        AMBIGUOUS;

        /** The name in JSON, in lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The mode. */
    public ValidationMode mode() {
        return required.mode();
    }

    /** Counts a call against the rate of the rule; zero when it may pass. */
    Duration take(Caller caller, long now) {
        return table.take(decision, caller.id(), now);
    }
}
