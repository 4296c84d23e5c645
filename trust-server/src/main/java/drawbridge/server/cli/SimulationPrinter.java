package drawbridge.server.cli;

import drawbridge.server.simulate.SimulationReport;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Prints what a simulation saw. */
final class SimulationPrinter {
    private final PrintWriter out;
    private final Optional<URI> askedAt;

    /**
     * @param askedAt where the server's own counts were asked for; empty when they were not
     */
    SimulationPrinter(PrintWriter out, Optional<URI> askedAt) {
        this.out = out;
        this.askedAt = askedAt;
    }

    void print(SimulationReport report) {
        double seconds = report.took().toMillis() / 1000.0;
        out.printf(
                "%n%,d validations of %,d users in %.1f s (%.0f a second)%n%n",
                report.validations(),
                report.users(),
                seconds,
                seconds == 0 ? 0 : report.validations() / seconds);
        out.println("what was asked, and what came of it");
        report.outcomes().forEach((what, count) -> out.printf("  %,9d  %s%n", count, what));
        if (report.notSent() > 0) {
            out.printf("  %,9d  not sent: too many were unanswered%n", report.notSent());
        }
        out.printf("%nhad to be refused       refused  otherwise  unanswered  WRONG%n");
        for (SimulationReport.Expectation row : report.expectations()) {
            out.printf(
                    "  %-20s %,8d  %,9d  %,10d  %,5d%n",
                    row.why(),
                    row.refused(),
                    row.refusedOtherwise(),
                    row.unanswered(),
                    row.wrong());
        }
        out.printf(
                "%ntime of a validation    p50 %s, p99 %s, longest %s%n",
                millis(report.latency().p50Micros()),
                millis(report.latency().p99Micros()),
                millis(report.latency().maxMicros()));
        out.printf(
                "while warming up        p50 %s, p99 %s, longest %s%n",
                millis(report.warmUp().p50Micros()),
                millis(report.warmUp().p99Micros()),
                millis(report.warmUp().maxMicros()));
        report.storm().ifPresent(this::printStorm);
        report.server().ifPresentOrElse(its -> printServer(report, its), this::printNoServer);
        out.println();
        out.println(verdict(report));
    }

    private void printStorm(SimulationReport.Storm storm) {
        out.printf("%nstorm of %d wrong logins a second%n", storm.perSecond());
        storm.outcomes()
                .forEach((what, outcome) ->
                        out.printf(
                                "  %,9d  %-28s p50 %s, p99 %s, longest %s%n",
                                outcome.count(),
                                what,
                                millis(outcome.latency().p50Micros()),
                                millis(outcome.latency().p99Micros()),
                                millis(outcome.latency().maxMicros())));
        if (storm.notSent() > 0) {
            out.printf("  %,9d  not sent: too many were unanswered%n", storm.notSent());
        }
        out.println();
    }

    private void printServer(SimulationReport report, SimulationReport.ServerView its) {
        out.printf(
                "inside the server       p50 %s, p99 of the slowest second %s, %.1f %% from memory%n",
                millis(its.p50Micros()), millis(its.worstP99Micros()), its.hitRate() * 100);
        boolean agree = report.agrees().orElse(false);
        out.printf(
                "the server counted      %,d validations, %,d trusted, %,d refused: %s%n",
                its.validations(),
                its.trusted(),
                its.refused(),
                agree
                        ? "agree"
                        : "differ from %,d, %,d, %,d seen here"
                                .formatted(
                                        report.validations(), report.trusted(), report.refused()));
    }

    private void printNoServer() {
        out.printf(
                "the server counted      %s%n",
                askedAt.map(url -> "not told by " + url + ": is --admin-url right?")
                        .orElse(
                                "not asked: give --admin-url, and --data-dir or --admin-token-file"));
    }

    private static String verdict(SimulationReport report) {
        long wrong = report.wrong();
        if (wrong > 0) {
            return "%,d requests that had to be refused were answered \"valid\".".formatted(wrong);
        }
        if (report.isInconclusive()) {
            return "Too little was answered to tell whether what had to be refused was.";
        }
        long unanswered =
                report.expectations().stream()
                        .mapToLong(SimulationReport.Expectation::unanswered)
                        .sum();
        return unanswered == 0
                ? "Nothing that had to be refused was trusted."
                : "Nothing that had to be refused was trusted, but %,d of those requests were not answered."
                        .formatted(unanswered);
    }

    private static String millis(long micros) {
        return "%.2f ms".formatted(micros / 1000.0);
    }

    void printJson(SimulationReport report) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("tookMillis", report.took().toMillis());
        answer.put("users", report.users());
        answer.put("outcomes", report.outcomes());
        answer.put("expectations", report.expectations());
        answer.put("notSent", report.notSent());
        answer.put("validations", report.validations());
        answer.put("trusted", report.trusted());
        answer.put("refused", report.refused());
        answer.put("latency", report.latency());
        answer.put("warmUp", report.warmUp());
        report.storm().ifPresent(storm -> answer.put("storm", storm));
        report.server().ifPresent(its -> answer.put("server", its));
        report.agrees().ifPresent(agree -> answer.put("agrees", agree));
        answer.put("wrong", report.wrong());
        out.println(JsonMapper.shared().writeValueAsString(answer));
    }
}
