package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How a route policy is backed: by what it demands, and by what its callers send.
 *
 * @param line its place among the policies; 0 for calls that no policy names
 * @param route method and pattern; empty for line 0
 * @param mode the mode; empty for line 0, where the caller's floor decides
 * @param ratePerMinute calls a minute and caller; null for any number
 * @param leastEvidence how sure the device must be, {@code told} or {@code cookie}; {@code
 *     not_asked} where the mode compares no device
 * @param ipMatch {@code exact} or {@code prefix}
 * @param callsLastHour how often it decided
 * @param callers who called it lately, by name
 */
public record PolicyCoverage(
        int line,
        String route,
        String mode,
        @Nullable Integer ratePerMinute,
        String leastEvidence,
        String ipMatch,
        long callsLastHour,
        List<PolicyCaller> callers) {
    public PolicyCoverage {
        callers = List.copyOf(callers);
    }

    /**
     * A caller, in the calls that are remembered.
     *
     * @param id its id
     * @param name its name
     * @param calls how many of them
     * @param complete how many carried every signal that the policy compares
     * @param lacks the signals that any of them lacked, such as {@code device}
     */
    public record PolicyCaller(
            String id, String name, long calls, long complete, List<String> lacks) {
        public PolicyCaller {
            lacks = List.copyOf(lacks);
        }
    }
}
