package drawbridge.server.judge;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a call's route and caller ask of a session.
 *
 * @param mode the mode, for the answer and the audit
 * @param signals the signals that are compared
 * @param missingRefused whether a signal that is missing on either side is a refusal; otherwise it
 *     is not compared
 * @param ipMatch how closely addresses are compared
 * @param leastEvidence how sure a device must be at least; above {@code TOLD} the device is
 *     compared and refused when missing, whatever the mode and the caller say
 */
public record Requirement(
        ValidationMode mode,
        Set<Signal> signals,
        boolean missingRefused,
        IpMatch ipMatch,
        DeviceEvidence leastEvidence) {
    private static final Set<Signal> IP_AND_AGENT = Set.of(Signal.IP, Signal.AGENT);

    public Requirement {
        if (leastEvidence != DeviceEvidence.TOLD && !signals.contains(Signal.DEVICE)) {
            EnumSet<Signal> more = EnumSet.copyOf(signals);
            more.add(Signal.DEVICE);
            signals = more;
        }
        signals = Set.copyOf(signals);
    }

    /** The mode as the standard reads it, every signal required, addresses exact. */
    public static Requirement of(ValidationMode mode) {
        return new Requirement(mode, mode.signals(), true, IpMatch.EXACT, DeviceEvidence.TOLD);
    }

    /** The same, with missing signals not compared. */
    public Requirement whenSent() {
        return new Requirement(mode, signals, false, ipMatch, leastEvidence);
    }

    /**
     * The same, for a caller whose kit means IP and user agent when it says ADVANCED. Other modes
     * stay as they are.
     */
    public Requirement advancedIsAgent() {
        return mode == ValidationMode.ADVANCED
                ? new Requirement(mode, IP_AND_AGENT, missingRefused, ipMatch, leastEvidence)
                : this;
    }

    /** The same, with addresses compared so. */
    public Requirement withIp(IpMatch match) {
        return match == ipMatch
                ? this
                : new Requirement(mode, signals, missingRefused, match, leastEvidence);
    }

    /** The same, with a device that must be that sure. */
    public Requirement withEvidence(DeviceEvidence least) {
        return least == leastEvidence
                ? this
                : new Requirement(mode, signals, missingRefused, ipMatch, least);
    }

    /** Whether that signal may be missing. */
    boolean mayLack(Signal signal) {
        boolean isSureDevice = signal == Signal.DEVICE && leastEvidence != DeviceEvidence.TOLD;
        return !missingRefused && !isSureDevice;
    }
}
