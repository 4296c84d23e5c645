package drawbridge.server.bridge;

import drawbridge.model.CallerSignals;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.Requirement;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.policy.RouteTable.Decision;
import drawbridge.server.policy.RouteTable.Why;

import org.jspecify.annotations.Nullable;

/**
 * Says how strictly a call is judged: by the rule for its route, by the caller's floor at least,
 * and by more when the call asks for it. Never by less.
 */
public final class RouteModes {
    private final Policies policies;

    public RouteModes(Policies policies) {
        this.policies = policies;
    }

    /** What this call's session must show, by the policies in force now. */
    public Ruling rulingFor(BridgeCall call) {
        return ruling(
                policies.table(call.caller().tenant()),
                call.caller(),
                call.method(),
                call.path(),
                call.askedMode());
    }

    /** The same, under any policies. */
    static Ruling ruling(
            RouteTable table,
            Caller caller,
            @Nullable String method,
            @Nullable String path,
            @Nullable ValidationMode asked) {
        Decision decision = table.decide(method, path);
        ValidationMode mode = caller.floor();
        Ruling.By by = Ruling.By.FLOOR;
        ValidationMode routes = decision.mode();
        if (routes != null && routes.compareTo(mode) >= 0) {
            mode = routes;
            by = decision.why() == Why.AMBIGUOUS ? Ruling.By.AMBIGUOUS : Ruling.By.RULE;
        }
        if (asked != null && asked.compareTo(mode) > 0) {
            mode = asked;
            by = Ruling.By.ASKED;
        }
        return new Ruling(required(mode, decision, caller), by, decision, table);
    }

    /** What a mode asks of that caller's calls on that route. */
    static Requirement required(ValidationMode mode, Decision decision, Caller caller) {
        Requirement required =
                Requirement.of(mode)
                        .withIp(decision.ipMatch())
                        .withEvidence(decision.leastEvidence());
        // Leniencies are for those who ask plainly.
        return decision.why() == Why.AMBIGUOUS ? required : lenient(required, caller);
    }

    private static Requirement lenient(Requirement required, Caller caller) {
        Requirement read =
                caller.advancedMeans() == AdvancedMeans.AGENT
                        ? required.advancedIsAgent()
                        : required;
        return caller.signals() == CallerSignals.WHEN_SENT ? read.whenSent() : read;
    }
}
