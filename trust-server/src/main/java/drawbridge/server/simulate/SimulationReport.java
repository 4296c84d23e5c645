package drawbridge.server.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a simulation saw.
 *
 * @param took how long it ran, registration not counted
 * @param users how many people were logged in
 * @param outcomes answers by what was asked and what came back, such as {@code validate trusted}
 * @param expectations how the validations that had to be refused came out
 * @param notSent requests that were due while too many were unanswered
 * @param validations verdicts received
 * @param trusted how many of them were "valid"
 * @param refused the others
 * @param latency of the validations after the warm-up, from the moment each was due
 * @param warmUp the same of those before
 * @param storm what came of the storm; empty when there was none
 * @param server the server's own view; empty when nobody could ask it
 */
public record SimulationReport(
        Duration took,
        int users,
        Map<String, Long> outcomes,
        List<Expectation> expectations,
        long notSent,
        long validations,
        long trusted,
        long refused,
        Latency latency,
        Latency warmUp,
        Optional<Storm> storm,
        Optional<ServerView> server) {
    public SimulationReport {
        expectations = List.copyOf(expectations);
    }

    /** How a validation that had to be refused came out. */
    enum Got {
        /** Refused, and for the reason it had to be. */
        REFUSED,
        /** Refused, for another reason. */
        REFUSED_OTHERWISE,
        /** Answered "valid". Nothing is worse. */
        WRONG,
        /** Not answered, or not decided. */
        UNANSWERED
    }

    /**
     * Validations that had to be refused for one reason.
     *
     * @param why such as {@code another ip}
     * @param refused for that reason
     * @param refusedOtherwise for another reason, such as a session that had expired by then
     * @param wrong answered "valid"
     * @param unanswered not answered, or not decided
     */
    public record Expectation(
            String why, long refused, long refusedOtherwise, long wrong, long unanswered) {}

    /** Times in microseconds. */
    public record Latency(long p50Micros, long p99Micros, long maxMicros) {}

    /**
     * Logins with wrong passwords, each of another account and from another network.
     *
     * @param perSecond how many were due each second
     * @param notSent those that were due while too many were unanswered
     * @param outcomes status and code to how many there were and how fast those after the warm-up
     */
    public record Storm(int perSecond, long notSent, Map<String, Outcome> outcomes) {
        /** How many were answered so, and how long after they were due once it was warm. */
        public record Outcome(long count, Latency latency) {}
    }

    /**
     * The server's own counts over the same time.
     *
     * @param validations verdicts it gave
     * @param trusted how many of them were "valid"
     * @param refused the others
     * @param hitRate share of the sessions found that memory served, 0 to 1
     * @param p50Micros median time of a validation inside the server
     * @param worstP99Micros 99th percentile of the slowest second
     */
    public record ServerView(
            long validations,
            long trusted,
            long refused,
            double hitRate,
            long p50Micros,
            long worstP99Micros) {}

    /** Validations that had to be refused and were answered "valid". */
    public long wrong() {
        return expectations.stream().mapToLong(Expectation::wrong).sum();
    }

    /**
     * Whether too little was answered to say anything: of the validations that had to be refused,
     * none was answered, or fewer than were not.
     */
    public boolean isInconclusive() {
        long answered = 0;
        long unanswered = 0;
        for (Expectation each : expectations) {
            answered += each.refused() + each.refusedOtherwise() + each.wrong();
            unanswered += each.unanswered();
        }
        return answered == 0 || answered < unanswered;
    }

    /** Whether the server counted what this counted; empty when nobody could ask it. */
    public Optional<Boolean> agrees() {
        return server.map(its ->
                its.validations() == validations
                        && its.trusted() == trusted
                        && its.refused() == refused);
    }
}
