package drawbridge.server.judge;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.Signal;
import drawbridge.server.judge.Comparison.Match;

import java.util.Locale;

/**
 * What became of one signal of a call.
 *
 * @param signal the signal
 * @param match how the values compare
 * @param result what that means under the requirement
 */
public record Check(Signal signal, Match match, Result result) {
    /** What a comparison means. */
    public enum Result {
        /** It is as it must be. */
        PASSED,
        /** The mode does not compare it. */
        NOT_ASKED,
        /** It is missing, and this caller may lack it. */
        NOT_COMPARED,
        /** It is missing. */
        MISSING,
        /** It is another one. */
        DIFFERS,
        /** The device matches, but it is not sure enough that it is the device. */
        TOO_WEAK;

        /** The name in JSON, in lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is a refusal. */
        public boolean isRefusal() {
            return this == MISSING || this == DIFFERS || this == TOO_WEAK;
        }
    }

    /** Looks at one signal. */
    static Check of(Signal signal, Comparison compared, Requirement required) {
        Match match = compared.of(signal);
        return new Check(signal, match, result(signal, match, compared, required));
    }

    private static Result result(
            Signal signal, Match match, Comparison compared, Requirement required) {
        if (!required.signals().contains(signal)) {
            return Result.NOT_ASKED;
        }
        return switch (match) {
            case NOT_SENT, NOT_RECORDED ->
                    required.mayLack(signal) ? Result.NOT_COMPARED : Result.MISSING;
            case DIFFERS -> Result.DIFFERS;
            case SAME_NETWORK ->
                    required.ipMatch() == IpMatch.PREFIX ? Result.PASSED : Result.DIFFERS;
            case SAME ->
                    signal == Signal.DEVICE && isTooWeak(compared, required)
                            ? Result.TOO_WEAK
                            : Result.PASSED;
        };
    }

    private static boolean isTooWeak(Comparison compared, Requirement required) {
        DeviceEvidence evidence = compared.evidence();
        return evidence == null || !evidence.isAtLeast(required.leastEvidence());
    }
}
