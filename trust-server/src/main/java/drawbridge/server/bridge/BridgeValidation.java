package drawbridge.server.bridge;

import drawbridge.model.SessionId;
import drawbridge.server.judge.Judge;
import drawbridge.server.judge.Requirement;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Undecided;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionKey;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Clock;
import java.time.Instant;

/**
 * Answers one question: may this session be trusted for this call? Facts may come from a cache, the
 * verdict never does. Safe for many threads; blocks only when the session is in no cache.
 */
public final class BridgeValidation {
    private final RouteModes routes;
    private final SessionFinder sessions;
    private final BridgeTrail trail;
    private final Clock clock;

    public BridgeValidation(
            RouteModes routes, SessionFinder sessions, BridgeTrail trail, Clock clock) {
        this.routes = routes;
        this.sessions = sessions;
        this.trail = trail;
        this.clock = clock;
    }

    /** The verdict now; every one is counted. */
    public Verdict validate(BridgeCall call) {
        Instant now = clock.instant();
        Requirement required = routes.requirementFor(call);
        Verdict verdict = decide(call, required, now);
        trail.leave(call, required.mode(), verdict, now);
        return verdict;
    }

    private Verdict decide(BridgeCall call, Requirement required, Instant now) {
        SessionId session = call.session();
        if (session == null) {
            return Refused.because(Reason.NO_SESSION);
        }
        try {
            // The secret says whose sessions may be seen; nothing else does.
            return sessions.find(new SessionKey(call.caller().tenant(), session))
                    .map(found -> Judge.judge(found, call.signals(), required, now))
                    .orElseGet(() -> Refused.because(Reason.NO_SESSION));
        } catch (StoreUnavailableException e) {
            return new Undecided(e.store()); // fail closed: answered as 503, never as trusted
        }
    }
}
