package drawbridge.server.bridge;

import drawbridge.model.SessionId;
import drawbridge.server.judge.Judge;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Limited;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Undecided;
import drawbridge.server.session.Found;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionKey;
import drawbridge.server.storage.StoreUnavailableException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers one question: may this session be trusted for this call? Facts may come from a cache, the
 * verdict never does. Safe for many threads; blocks only when the session is in no cache.
 */
public final class BridgeValidation {
    private final RouteModes routes;
    private final SessionFinder sessions;
    private final BridgeTrail trail;
    private final Clock clock;
    private final LongSupplier ticker;

    /**
     * @param ticker a clock that only runs forward, in nanoseconds; for rates
     */
    public BridgeValidation(
            RouteModes routes,
            SessionFinder sessions,
            BridgeTrail trail,
            Clock clock,
            LongSupplier ticker) {
        this.ticker = ticker;
        this.routes = routes;
        this.sessions = sessions;
        this.trail = trail;
        this.clock = clock;
    }

    /** The verdict now; every one is counted. */
    public Verdict validate(BridgeCall call) {
        Instant now = clock.instant();
        Ruling ruling = routes.rulingFor(call);
        Verdict verdict = decide(call, ruling, now);
        trail.leave(call, ruling, verdict, now);
        return verdict;
    }

    private Verdict decide(BridgeCall call, Ruling ruling, Instant now) {
        Duration early = ruling.take(call.caller(), ticker.getAsLong());
        if (!early.isZero()) {
            return new Limited(early);
        }
        SessionId session = call.session();
        if (session == null) {
            return Refused.because(Reason.NO_SESSION);
        }
        try {
            // The secret says whose sessions may be seen; nothing else does.
            Optional<Found> found = sessions.find(new SessionKey(call.caller().tenant(), session));
            Verdict verdict = judge(found, call, ruling, now);
            return verdict instanceof Refused refused && refused.reason() == Reason.IDLE_EXPIRED
                    ? judge(found.flatMap(sessions::lookAgain), call, ruling, now)
                    : verdict;
        } catch (StoreUnavailableException e) {
            return new Undecided(e.store()); // fail closed: answered as 503, never as trusted
        }
    }

    private static Verdict judge(
            Optional<Found> found, BridgeCall call, Ruling ruling, Instant now) {
        return found.isEmpty()
                ? Refused.because(Reason.NO_SESSION)
                : Judge.judge(found.get(), call.signals(), ruling.required(), now);
    }
}
