package drawbridge.server.judge;

import drawbridge.model.Signal;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;
import drawbridge.server.session.Session.Over;
import drawbridge.server.session.Signals;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Judges a session for one call. Pure: the same arguments give the same verdict. */
public final class Judge {
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
        Set<Signal> notCompared = EnumSet.noneOf(Signal.class);
        for (Signal signal : Signal.values()) {
            if (!required.signals().contains(signal)) {
                continue;
            }
            if (isMissing(session.recorded(), seen, signal)) {
                if (required.missingRefused()) {
                    return new Refused(Reason.SIGNAL_MISSING, signal, found, required.mode());
                }
                notCompared.add(signal);
            } else if (differs(session.recorded(), seen, signal)) {
                return new Refused(Reason.SIGNAL_DIFFERS, signal, found, required.mode());
            }
        }
        return new Trusted(found, required.mode(), notCompared);
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

    /** Whether the two have nothing of this signal that could be compared. */
    private static boolean isMissing(Signals recorded, Signals seen, Signal signal) {
        return switch (signal) {
            case IP -> recorded.ip() == null || seen.ip() == null;
            case DEVICE -> recorded.comparable(seen).isEmpty();
            case AGENT -> recorded.agent() == null || seen.agent() == null;
        };
    }

    private static boolean differs(Signals recorded, Signals seen, Signal signal) {
        return switch (signal) {
            case IP -> !Objects.equals(recorded.ip(), seen.ip());
            case DEVICE -> recorded.differsInDevice(seen);
            case AGENT -> !Objects.equals(recorded.agent(), seen.agent());
        };
    }
}
