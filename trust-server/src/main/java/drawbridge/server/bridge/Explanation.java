package drawbridge.server.bridge;

import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.Recent.Ending;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.Recent.Seen;
import drawbridge.server.bridge.Recent.Shown;
import drawbridge.server.bridge.Recent.TurnedAway;
import drawbridge.server.judge.Check;
import drawbridge.server.judge.Comparison;
import drawbridge.server.judge.Comparison.Match;
import drawbridge.server.judge.Judge;
import drawbridge.server.judge.Requirement;
import drawbridge.server.judge.Verdict.Reason;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Why a call was answered as it was: every check in its order, with masked values, and what would
 * have made it pass.
 *
 * @param steps the checks
 * @param wouldPass what all would have had to be otherwise, also behind the check that refused it;
 *     empty when it passed
 * @param passesUnder the modes under which its signals pass; empty when none, or nothing is known
 *     of them
 */
public record Explanation(
        List<Step> steps, List<String> wouldPass, List<ValidationMode> passesUnder) {
    /**
     * One check.
     *
     * @param name {@code caller}, {@code rate}, {@code session}, {@code state}, or a signal
     * @param result {@code passed}, {@code failed}, {@code not_reached}, or for a signal what
     *     {@link Check.Result} says
     * @param expected the masked value recorded at login; null when there is none
     * @param seen the masked value of the call; null when there is none
     * @param note one sentence; empty when there is nothing to say
     */
    public record Step(
            String name,
            String result,
            @Nullable String expected,
            @Nullable String seen,
            String note) {
        static Step of(String name, boolean passed, String note) {
            return new Step(name, passed ? "passed" : "failed", null, null, note);
        }

        static Step notReached(String name) {
            return new Step(name, "not_reached", null, null, "");
        }
    }

    public Explanation {
        steps = List.copyOf(steps);
        wouldPass = List.copyOf(wouldPass);
        passesUnder = List.copyOf(passesUnder);
    }

    /** Explains. */
    public static Explanation of(Recent recent) {
        return switch (recent) {
            case TurnedAway away -> turnedAway(away);
            case Judged judged -> judged(judged);
        };
    }

    private static Explanation turnedAway(TurnedAway away) {
        Caller caller = away.caller();
        List<Step> steps = new ArrayList<>();
        steps.add(
                Step.of(
                        "caller",
                        false,
                        caller == null
                                ? "the bridge secret is missing, unknown, retired, burned or past its announced end"
                                : "the secret is that of caller %s, who may not call from this address"
                                        .formatted(caller.name())));
        for (String later : List.of("rate", "session", "state", "ip", "device", "agent")) {
            steps.add(Step.notReached(later));
        }
        return new Explanation(
                steps,
                List.of(
                        caller == null
                                ? "an accepted bridge secret"
                                : "a call from one of the networks of caller " + caller.name()),
                List.of());
    }

    private static Explanation judged(Judged call) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of("caller", true, "caller " + call.caller().name()));
        steps.add(Step.of("rate", call.ending() != Ending.RATE_LIMITED, rate(call)));
        Seen session = call.session();
        boolean isLooked = call.ending() == Ending.TRUSTED || call.ending() == Ending.REFUSED;
        steps.add(isLooked ? Step.of("session", session != null, "") : Step.notReached("session"));
        boolean isOver = session != null && isOver(call.reason());
        steps.add(
                session == null
                        ? Step.notReached("state")
                        : Step.of("state", !isOver, isOver ? overText(call.reason()) : ""));
        if (session == null || isOver) {
            for (Signal signal : Signal.values()) {
                steps.add(Step.notReached(signal.wireName()));
            }
            return new Explanation(steps, List.of(remedy(call)), List.of());
        }
        boolean reached = true;
        Set<String> wouldPass = new LinkedHashSet<>();
        for (Check check : Judge.checks(session.compared(), call.ruling().required())) {
            steps.add(reached ? step(check, session, call) : Step.notReached(name(check)));
            if (check.result().isRefusal()) {
                reached = false;
                wouldPass.addAll(remedies(check, call));
            }
        }
        return new Explanation(steps, List.copyOf(wouldPass), passing(session.compared(), call));
    }

    private static String name(Check check) {
        return check.signal().wireName();
    }

    private static String rate(Judged call) {
        var rule = call.ruling().decision().rule();
        Integer rate = rule == null ? null : rule.ratePerMinute();
        return rate == null
                ? "the route has no rate"
                : "at most %d a minute for this caller".formatted(rate);
    }

    private static boolean isOver(@Nullable Reason reason) {
        return reason == Reason.REVOKED
                || reason == Reason.IDLE_EXPIRED
                || reason == Reason.ABSOLUTE_EXPIRED
                || reason == Reason.REPLACED
                || reason == Reason.NOT_FULLY_LOGGED_IN;
    }

    private static String overText(@Nullable Reason reason) {
        if (reason == Reason.REPLACED) {
            return "its id was replaced by a refresh, and the grace of the old one is over";
        }
        return reason == Reason.REVOKED
                ? "it was revoked, or logged out, or ended with its user or tenant"
                : reason == Reason.NOT_FULLY_LOGGED_IN
                        ? "its login is not complete"
                        : "its lifetime is over";
    }

    private static String remedy(Judged call) {
        return switch (call.ending()) {
            case RATE_LIMITED -> "waiting, or a higher rate in the rule for the route";
            case UNDECIDED -> "a store that answers; repeat the call";
            case TRUSTED, REFUSED ->
                    call.reason() == Reason.NOT_FULLY_LOGGED_IN
                            ? "completing the login"
                            : "the user signing in again";
        };
    }

    private static Step step(Check check, Seen session, Judged call) {
        return new Step(
                name(check),
                check.result().wireName(),
                value(check.signal(), session.recorded()),
                value(check.signal(), call.sent()),
                note(check, session, call));
    }

    private static @Nullable String value(Signal signal, Shown shown) {
        return switch (signal) {
            case IP -> shown.network() == null ? null : shown.network().toString();
            case DEVICE -> shown.device() == null ? null : shown.device().label();
            case AGENT -> shown.agent();
        };
    }

    /** Whether the call shows a device, but by other evidence than was recorded of it. */
    private static boolean isOtherEvidence(Check check, Judged call) {
        return check.signal() == Signal.DEVICE
                && check.match() == Match.NOT_SENT
                && call.sent().device() != null;
    }

    private static String note(Check check, Seen session, Judged call) {
        return switch (check.result()) {
            case NOT_ASKED -> "the mode does not compare it";
            case NOT_COMPARED -> "it is missing, which this caller is allowed";
            case MISSING ->
                    isOtherEvidence(check, call)
                            ? "the call shows one by other evidence than the login recorded"
                            : check.match() == Match.NOT_SENT
                                    ? "the call does not report it"
                                    : "it was not recorded at login";
            case TOO_WEAK ->
                    "the device is %s, the route asks for %s"
                            .formatted(
                                    session.compared().evidence() == null
                                            ? "not known"
                                            : session.compared().evidence().wireName(),
                                    call.ruling().required().leastEvidence().wireName());
            case DIFFERS ->
                    check.match() == Match.SAME_NETWORK
                            ? "another address of the same network"
                            : "it is another one";
            case PASSED ->
                    check.match() == Match.SAME_NETWORK
                            ? "another address of the same network, which the rule allows"
                            : "";
        };
    }

    private static List<String> remedies(Check check, Judged call) {
        List<String> remedies = new ArrayList<>();
        String signal =
                switch (check.signal()) {
                    case IP -> "address";
                    case DEVICE -> "device";
                    case AGENT -> "user agent";
                };
        switch (check.result()) {
            case MISSING ->
                    remedies.add(
                            isOtherEvidence(check, call)
                                    ? "the evidence of the device that the login recorded: its cookie, or what the client tells"
                                    : check.match() == Match.NOT_SENT
                                            ? "the back end reporting the user's " + signal
                                            : "a login that records the " + signal);
            case TOO_WEAK ->
                    remedies.add(
                            "the device cookie of the login, which the back end forwards as device_cookie");
            case DIFFERS -> remedies.add("the " + signal + " of the login");
            case PASSED, NOT_ASKED, NOT_COMPARED -> {}
        }
        if (check.match() == Match.SAME_NETWORK) {
            remedies.add("ipMatch prefix in the rule for the route");
        }
        if (call.ruling().by() == Ruling.By.AMBIGUOUS) {
            remedies.add("a path that can mean one route only");
        }
        return remedies;
    }

    /** Rates and lifetimes apart; leniencies of the caller count as they did for the call. */
    private static List<ValidationMode> passing(Comparison compared, Judged call) {
        List<ValidationMode> modes = new ArrayList<>();
        for (ValidationMode mode : ValidationMode.values()) {
            Requirement required =
                    RouteModes.required(mode, call.ruling().decision(), call.caller());
            if (Judge.fault(compared, required).isEmpty()) {
                modes.add(mode);
            }
        }
        return modes;
    }
}
