package drawbridge.server.drill;

import drawbridge.model.view.ThreatReason;
import drawbridge.server.bridge.Caller;
import drawbridge.server.policy.PolicyRule;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/** Makes reasons. {@code docs/drills.md} lists their codes. */
final class Reasons {
    static final String HOLDS = "holds";
    static final String WEAK = "weak";
    static final String OPEN = "open";

    private Reasons() {}

    /** A setting is at fault. */
    static ThreatReason ofSetting(String code, String setting, String what) {
        return new ThreatReason(code, WEAK, what, "settings", setting, null, null, null, null);
    }

    /** The settings of a caller are. */
    static ThreatReason ofCaller(String code, Caller caller, String what) {
        return ofCaller(code, caller, what, null);
    }

    /** The same, for so long. */
    static ThreatReason ofCaller(
            String code, Caller caller, String what, @Nullable Duration lasting) {
        return new ThreatReason(
                code,
                WEAK,
                what,
                "callers",
                null,
                caller.id(),
                caller.name(),
                null,
                lasting == null ? null : lasting.toSeconds());
    }

    /** A route policy is. */
    static ThreatReason ofRoute(String code, PolicyRule rule, String what) {
        return new ThreatReason(code, WEAK, what, "routes", null, null, null, rule.route(), null);
    }

    /** Nothing that is set: the server does what it must never do. */
    static ThreatReason ofServer(String code, String what) {
        return new ThreatReason(code, OPEN, what, "server", null, null, null, null, null);
    }

    /** What an attack got through is open, whatever is set, until a drill of it holds again. */
    static ThreatReason ofLastDrill() {
        return ofServer(
                "last_drill_open",
                "the last drill got through; its steps say how, and a drill that holds takes this back");
    }

    /** The worst of them. */
    static String worst(List<ThreatReason> reasons) {
        return reasons.stream().map(ThreatReason::state).reduce(HOLDS, Reasons::worse);
    }

    /** The worse of two outcomes. */
    static String worse(String one, String other) {
        return rank(one) >= rank(other) ? one : other;
    }

    private static int rank(String outcome) {
        return switch (outcome) {
            case OPEN -> 2;
            case WEAK -> 1;
            default -> 0;
        };
    }
}
