package drawbridge.server.judge;

import drawbridge.model.Signal;
import drawbridge.server.judge.Check.Result;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;
import drawbridge.server.session.Session.Over;
import drawbridge.server.session.Signals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges a session for one call. Pure: the same arguments give the same verdict. */
public final class Judge {
    private static final Signal[] IN_ORDER = {Signal.IP, Signal.DEVICE, Signal.AGENT};

    private Judge() {}

    /**
     * The verdict at that instant. Lifetime comes before signals, so that a thief learns nothing of
     * the signals of a session that is over; signals are judged in the order IP, device, agent.
     */
    public static Verdict judge(Found found, Signals seen, Requirement required, Instant now) {
        Session session = found.session();
        Optional<Over> over = session.over(found.lastSeenAt(), now);
        if (over.isPresent()) {
            return new Refused(reason(over.get()), null, found, required.mode());
        }
        Comparison compared = Comparison.of(session.recorded(), seen);
        Optional<Check> fault = fault(compared, required);
        if (fault.isPresent()) {
            Check check = fault.get();
            return new Refused(reason(check.result()), check.signal(), found, required.mode());
        }
        return new Trusted(found, required.mode(), notCompared(compared, required));
    }

    /**
     * The first signal that makes a call refused.
     *
     * @return empty when none does, so that a session that is not over is trusted
     */
    public static Optional<Check> fault(Comparison compared, Requirement required) {
        for (Signal signal : IN_ORDER) {
            Check check = Check.of(signal, compared, required);
            if (check.result().isRefusal()) {
                return Optional.of(check);
            }
        }
        return Optional.empty();
    }

    /** What became of every signal, in the order they are judged. */
    public static List<Check> checks(Comparison compared, Requirement required) {
        List<Check> checks = new ArrayList<>(IN_ORDER.length);
        for (Signal signal : IN_ORDER) {
            checks.add(Check.of(signal, compared, required));
        }
        return checks;
    }

    private static Set<Signal> notCompared(Comparison compared, Requirement required) {
        if (required.missingRefused()) {
            return Set.of();
        }
        Set<Signal> lacking = EnumSet.noneOf(Signal.class);
        for (Signal signal : IN_ORDER) {
            if (Check.of(signal, compared, required).result() == Result.NOT_COMPARED) {
                lacking.add(signal);
            }
        }
        return lacking;
    }

    private static Reason reason(Over over) {
        return switch (over) {
            case ENDED -> Reason.REVOKED;
            case REPLACED -> Reason.REPLACED;
            case NOT_FULLY_LOGGED_IN -> Reason.NOT_FULLY_LOGGED_IN;
            case ABSOLUTE_LIFETIME -> Reason.ABSOLUTE_EXPIRED;
            case IDLE_LIFETIME -> Reason.IDLE_EXPIRED;
        };
    }

    /** The reason for a refusal that a signal's result is. */
    public static Reason reason(Result result) {
        return switch (result) {
            case MISSING -> Reason.SIGNAL_MISSING;
            case DIFFERS -> Reason.SIGNAL_DIFFERS;
            case TOO_WEAK -> Reason.SIGNAL_TOO_WEAK;
            case PASSED, NOT_ASKED, NOT_COMPARED ->
                    throw new IllegalArgumentException(result + " is no refusal");
        };
    }
}
