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
 * verdict never does. Safe for many threads; waits only when memory does not hold the session.
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
        return left(call, ruling, decide(call, ruling, now), now);
    }

    /**
     * The same, without waiting for anything.
     *
     * @return empty when the session has to be looked for; then nothing is counted, and {@link
     *     #validate} decides
     */
    public Optional<Verdict> validateAtOnce(BridgeCall call) {
        SessionId session = call.session();
        if (session == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        SessionKey key = key(call, session);
        long began = System.nanoTime();
        Optional<Found> held = sessions.held(key, now);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        long took = System.nanoTime() - began;
        Ruling ruling = routes.rulingFor(call);
        Optional<Verdict> limited = limited(call, ruling);
        if (limited.isEmpty()) {
            sessions.usesHeld(key, took);
        }
        Verdict verdict = limited.orElseGet(() -> judge(held, call, ruling, now));
        return Optional.of(left(call, ruling, verdict, now));
    }

    private Verdict left(BridgeCall call, Ruling ruling, Verdict verdict, Instant now) {
        trail.leave(call, ruling, verdict, now);
        return verdict;
    }

    private Optional<Verdict> limited(BridgeCall call, Ruling ruling) {
        Duration early = ruling.take(call.caller(), ticker.getAsLong());
        return early.isZero() ? Optional.empty() : Optional.of(new Limited(early));
    }

    /** The secret says whose sessions may be seen; nothing else does. */
    private static SessionKey key(BridgeCall call, SessionId session) {
        return new SessionKey(call.caller().tenant(), session);
    }

    private Verdict decide(BridgeCall call, Ruling ruling, Instant now) {
        Optional<Verdict> limited = limited(call, ruling);
        if (limited.isPresent()) {
            return limited.get();
        }
        SessionId session = call.session();
        if (session == null) {
            return Refused.because(Reason.NO_SESSION);
        }
        try {
            Optional<Found> found = sessions.find(key(call, session));
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
