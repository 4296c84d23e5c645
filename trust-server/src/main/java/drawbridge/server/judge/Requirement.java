package drawbridge.server.judge;

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
 */
public record Requirement(ValidationMode mode, Set<Signal> signals, boolean missingRefused) {
    public Requirement {
        signals = Set.copyOf(signals);
    }

    /** The mode as the standard reads it, every signal required. */
    public static Requirement of(ValidationMode mode) {
        return new Requirement(mode, EnumSet.copyOf(mode.signals()), true);
    }

    /** The same, with missing signals not compared. */
    public Requirement whenSent() {
        return new Requirement(mode, signals, false);
    }
}
