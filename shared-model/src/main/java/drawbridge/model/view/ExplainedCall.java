package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Why a call was answered as it was, or how one that nobody made would be.
 *
 * @param caller the caller's name; null when its secret is nobody's
 * @param route method and path; null when not told
 * @param verdict {@code trusted}, {@code refused}, {@code undecided} or {@code rate_limited}; null
 *     when only the mode was asked for
 * @param reason why not; null when it was trusted
 * @param signal the signal at fault; null when none is
 * @param mode how strictly it was judged; null when it did not come to that
 * @param checks every check in its order
 * @param wouldPass what would have made it pass; empty when it did
 * @param passesUnder the modes its signals pass under
 */
public record ExplainedCall(
        @Nullable String caller,
        @Nullable String route,
        @Nullable String verdict,
        @Nullable String reason,
        @Nullable String signal,
        @Nullable Mode mode,
        List<Check> checks,
        List<String> wouldPass,
        List<String> passesUnder) {
    public ExplainedCall {
        checks = List.copyOf(checks);
        wouldPass = List.copyOf(wouldPass);
        passesUnder = List.copyOf(passesUnder);
    }

    /**
     * How strictly, and why so.
     *
     * @param mode the mode
     * @param decidedBy {@code rule}, {@code floor}, {@code asked} or {@code ambiguous}
     * @param floor the caller's
     * @param policyVersion the version that was asked
     * @param route {@code rule}, {@code no_rule}, {@code not_told} or {@code ambiguous}
     * @param rule the rule; null when none decided
     * @param note what else there is to know; may be empty
     */
    public record Mode(
            String mode,
            String decidedBy,
            String floor,
            int policyVersion,
            String route,
            @Nullable RouteRule rule,
            @Nullable String note) {}

    /**
     * One check.
     *
     * @param check {@code caller}, {@code rate}, {@code session}, {@code state} or a signal
     * @param result {@code passed}, {@code failed}, {@code not_reached}, {@code differs}, …
     * @param expected the masked value recorded at login; null when there is none
     * @param seen the masked value of the call; null when there is none
     * @param note one sentence; may be empty
     */
    public record Check(
            String check,
            String result,
            @Nullable String expected,
            @Nullable String seen,
            @Nullable String note) {}
}
