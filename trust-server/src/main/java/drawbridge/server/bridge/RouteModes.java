package drawbridge.server.bridge;

import drawbridge.model.CallerSignals;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.Requirement;

/**
 * Says how strictly a call is judged: by the caller's floor at least, and by more when the call
 * asks for it. Never by less.
 */
public final class RouteModes {
    /** What this call's session must show. */
    public Requirement requirementFor(BridgeCall call) {
        ValidationMode floor = call.caller().floor();
        ValidationMode asked = call.askedMode();
        Requirement required = Requirement.of(asked == null ? floor : asked.atLeast(floor));
        return call.caller().signals() == CallerSignals.WHEN_SENT ? required.whenSent() : required;
    }
}
