package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the recorded calls would fare under a proposal.
 *
 * @param baseVersion the version in force
 * @param considered how many calls were looked at
 * @param from when the first of them came; null when there was none
 * @param to when the last came
 * @param trusted trusted then and under the proposal
 * @param refused refused then and under the proposal
 * @param newlyRefused trusted then, refused under the proposal
 * @param newlyTrusted refused then, trusted under the proposal
 * @param notJudgeable calls of which too little is known
 * @param lines what becomes of the calls that each line decides; line 0 is no line
 * @param warnings rules that could never decide
 */
public record WhatIfResult(
        int baseVersion,
        long considered,
        @Nullable Instant from,
        @Nullable Instant to,
        long trusted,
        long refused,
        Changes newlyRefused,
        Changes newlyTrusted,
        NotJudgeable notJudgeable,
        List<Line> lines,
        List<RouteWarning> warnings) {
    public WhatIfResult {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /**
     * Calls whose verdict would change.
     *
     * @param total how many
     * @param reasons why, the most frequent first
     * @param usersInAll how many users
     * @param calls the newest, at most 100
     */
    public record Changes(long total, List<ReasonCount> reasons, int usersInAll, List<Call> calls) {
        public Changes {
            reasons = List.copyOf(reasons);
            calls = List.copyOf(calls);
        }
    }

    /**
     * A recorded call whose verdict would change.
     *
     * @param requestId explains it further
     * @param route method and path
     * @param line the proposed line that judges it; 0 for none
     * @param mode the mode under the proposal
     * @param reason why it would be refused, or was; null when that is not known
     * @param signal the signal at fault; null when none is
     * @param session its session's reference
     * @param network the network it came from; null when none was reported
     * @param device its device's label; null when none was reported
     * @param agent its masked user agent; null when none was reported
     */
    public record Call(
            String requestId,
            Instant at,
            String caller,
            String route,
            int line,
            String mode,
            @Nullable String reason,
            @Nullable String signal,
            String session,
            String userId,
            @Nullable String network,
            @Nullable String device,
            @Nullable String agent) {}

    /** Calls of which too little is known, and why. */
    public record NotJudgeable(long total, Map<String, Long> reasons) {
        public NotJudgeable {
            reasons = Map.copyOf(reasons);
        }
    }

    /**
     * What becomes of the calls that one line decides.
     *
     * @param calls how many could be judged again
     * @param reasons why the newly refused would be, the most frequent first
     */
    public record Line(
            int line, long calls, long newlyRefused, long newlyTrusted, List<ReasonCount> reasons) {
        public Line {
            reasons = List.copyOf(reasons);
        }
    }
}
