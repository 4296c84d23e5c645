package drawbridge.server.bridge;

import drawbridge.model.Signal;
import drawbridge.server.bridge.Recent.Ending;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.Recent.Seen;
import drawbridge.server.judge.Check;
import drawbridge.server.judge.Judge;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.policy.RouteTable;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Judges recent calls again under policies that are not in force. Pure; rates are not counted
 * again, and a session that was over stays over.
 */
public final class WhatIf {
    /** How many routes and users are named. */
    private static final int NAMED = 100;

    /**
     * What would have been.
     *
     * @param considered how many calls were looked at
     * @param oldest when the first of them came; null when there was none
     * @param newest when the last came
     * @param trusted trusted then and under the proposal
     * @param refused refused then and under the proposal, for whatever reason
     * @param newlyRefused trusted then, refused under the proposal
     * @param newlyTrusted refused then, trusted under the proposal
     * @param notJudgeable calls of which too little is known, by why
     * @param lines what becomes of the calls that each line of the proposal decides, by line
     */
    public record Answer(
            long considered,
            @Nullable Instant oldest,
            @Nullable Instant newest,
            long trusted,
            long refused,
            Changes newlyRefused,
            Changes newlyTrusted,
            Map<String, Long> notJudgeable,
            List<ByLine> lines) {
        public Answer {
            lines = List.copyOf(lines);
            notJudgeable = Map.copyOf(notJudgeable);
        }
    }

    /**
     * Calls whose verdict would change.
     *
     * @param total how many
     * @param reasons why, the most frequent first
     * @param routes where, the most frequent first; at most 100
     * @param users whose, the most frequent first; at most 100
     * @param usersInAll how many users
     * @param calls the newest of them; at most 100
     */
    public record Changes(
            long total,
            List<ByReason> reasons,
            List<ByRoute> routes,
            List<ByUser> users,
            int usersInAll,
            List<One> calls) {
        public Changes {
            calls = List.copyOf(calls);
            reasons = List.copyOf(reasons);
            routes = List.copyOf(routes);
            users = List.copyOf(users);
        }
    }

    /** So many for that reason, about that signal. */
    public record ByReason(String reason, String signal, long count) {}

    /**
     * So many on that route.
     *
     * @param line the proposed rule that judged them; 0 when it is the caller's floor
     * @param mode the mode under the proposal
     * @param users how many users
     * @param addresses from how many addresses
     */
    public record ByRoute(
            String caller,
            String route,
            int line,
            String mode,
            long count,
            int users,
            int addresses) {}

    /** So many of that user. */
    public record ByUser(String userId, long count) {}

    /**
     * A call whose verdict would change.
     *
     * @param call the call as it was
     * @param session its session
     * @param ruling how strictly it is judged under the proposal
     * @param reason why it would be refused, or was
     * @param signal the signal at fault; null when none is
     */
    public record One(
            Judged call,
            Seen session,
            Ruling ruling,
            @Nullable Reason reason,
            @Nullable Signal signal) {}

    /**
     * What becomes of the calls that one line of the proposal decides.
     *
     * @param line the line; 0 for all calls that the caller's floor alone decides
     * @param calls how many could be judged again
     * @param newlyRefused trusted then, refused under the proposal
     * @param newlyTrusted refused then, trusted under the proposal
     * @param reasons why the newly refused would be, the most frequent first
     */
    public record ByLine(
            int line, long calls, long newlyRefused, long newlyTrusted, List<ByReason> reasons) {
        public ByLine {
            reasons = List.copyOf(reasons);
        }
    }

    private WhatIf() {}

    /**
     * Judges again.
     *
     * @param recent the calls of one tenant, the newest first
     * @param proposed the policies to try
     * @param callers gives a caller as it should be for the trial
     */
    public static Answer of(
            Iterable<Judged> recent, RouteTable proposed, UnaryOperator<Caller> callers) {
        Tally refusals = new Tally();
        Tally trusts = new Tally();
        Map<Integer, LineTally> lines = new TreeMap<>();
        Map<String, Long> unknown = new LinkedHashMap<>();
        Instant oldest = null;
        Instant newest = null;
        long considered = 0;
        long trusted = 0;
        long refused = 0;
        for (Judged call : recent) {
            considered++;
            oldest = oldest == null || call.at().isBefore(oldest) ? call.at() : oldest;
            newest = newest == null || call.at().isAfter(newest) ? call.at() : newest;
            Optional<String> lacking = lacking(call);
            if (lacking.isPresent()) {
                unknown.merge(lacking.get(), 1L, Long::sum);
                continue;
            }
            Seen session = Objects.requireNonNull(call.session());
            Ruling ruling =
                    RouteModes.ruling(
                            proposed,
                            callers.apply(call.caller()),
                            call.method(),
                            call.path(),
                            call.asked());
            Optional<Check> fault = Judge.fault(session.compared(), ruling.required());
            LineTally line = lines.computeIfAbsent(ruling.decision().line(), _ -> new LineTally());
            line.calls++;
            boolean wasTrusted = call.ending() == Ending.TRUSTED;
            if (wasTrusted && fault.isPresent()) {
                Check check = fault.get();
                Reason reason = Judge.reason(check.result());
                refusals.add(new One(call, session, ruling, reason, check.signal()));
                line.newlyRefused.merge(ReasonKey.of(reason, check.signal()), 1L, Long::sum);
            } else if (wasTrusted) {
                trusted++;
            } else if (fault.isPresent() || !isAboutSignals(call.reason())) {
                refused++;
            } else {
                trusts.add(new One(call, session, ruling, call.reason(), call.signal()));
                line.newlyTrusted++;
            }
        }
        return new Answer(
                considered,
                oldest,
                newest,
                trusted,
                refused,
                refusals.changes(),
                trusts.changes(),
                unknown,
                byLine(lines));
    }

    private static List<ByLine> byLine(Map<Integer, LineTally> lines) {
        List<ByLine> all = new ArrayList<>();
        lines.forEach((line, tally) ->
                all.add(
                        new ByLine(
                                line,
                                tally.calls,
                                tally.newlyRefused.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                tally.newlyTrusted,
                                byReason(tally.newlyRefused))));
        return all;
    }

    private static List<ByReason> byReason(Map<ReasonKey, Long> reasons) {
        List<ByReason> all = new ArrayList<>();
        reasons.forEach((key, n) -> all.add(new ByReason(key.reason(), key.signal(), n)));
        all.sort(Comparator.comparingLong(ByReason::count).reversed());
        return all;
    }

    /** Why a call cannot be judged again; empty when it can. */
    private static Optional<String> lacking(Judged call) {
        return switch (call.ending()) {
            case RATE_LIMITED -> Optional.of("rate_limited");
            case UNDECIDED -> Optional.of("undecided");
            case TRUSTED, REFUSED ->
                    call.session() == null ? Optional.of("no_session") : Optional.empty();
        };
    }

    private static boolean isAboutSignals(@Nullable Reason reason) {
        return reason == Reason.SIGNAL_DIFFERS
                || reason == Reason.SIGNAL_MISSING
                || reason == Reason.SIGNAL_TOO_WEAK;
    }

    private record ReasonKey(String reason, String signal) {
        static ReasonKey of(@Nullable Reason reason, @Nullable Signal signal) {
            return new ReasonKey(
                    reason == null ? "" : reason.wireName(),
                    signal == null ? "" : signal.wireName());
        }
    }

    /** Counts the calls of one line. One thread. */
    private static final class LineTally {
        private final Map<ReasonKey, Long> newlyRefused = new LinkedHashMap<>();
        private long calls;
        private long newlyTrusted;
    }

    /** Counts calls whose verdict changes. One thread. */
    private static final class Tally {
        private record RouteKey(String caller, String route, int line, String mode) {}

        private static final class Place {
            private long count;
            private final Set<String> users = new HashSet<>();
            private final Set<Long> addresses = new HashSet<>();
        }

        private final Map<ReasonKey, Long> reasons = new LinkedHashMap<>();
        private final Map<RouteKey, Place> routes = new LinkedHashMap<>();
        private final Map<String, Long> users = new LinkedHashMap<>();
        private final List<One> calls = new ArrayList<>();
        private long total;

        void add(One one) {
            total++;
            if (calls.size() < NAMED) {
                calls.add(one);
            }
            Judged call = one.call();
            reasons.merge(ReasonKey.of(one.reason(), one.signal()), 1L, Long::sum);
            users.merge(one.session().userId(), 1L, Long::sum);
            Place place =
                    routes.computeIfAbsent(
                            new RouteKey(
                                    call.caller().name(),
                                    call.route(),
                                    one.ruling().decision().line(),
                                    one.ruling().mode().name()),
                            key -> new Place());
            place.count++;
            place.users.add(one.session().userId());
            place.addresses.add(call.sent().address());
        }

        Changes changes() {
            List<ByRoute> byRoute = new ArrayList<>();
            routes.forEach((key, place) ->
                    byRoute.add(
                            new ByRoute(
                                    key.caller(),
                                    key.route(),
                                    key.line(),
                                    key.mode(),
                                    place.count,
                                    place.users.size(),
                                    place.addresses.size())));
            byRoute.sort(Comparator.comparingLong(ByRoute::count).reversed());
            List<ByUser> byUser = new ArrayList<>();
            users.forEach((user, n) -> byUser.add(new ByUser(user, n)));
            byUser.sort(Comparator.comparingLong(ByUser::count).reversed());
            return new Changes(
                    total, byReason(reasons), first(byRoute), first(byUser), users.size(), calls);
        }

        private static <T> List<T> first(List<T> all) {
            return all.subList(0, Math.min(NAMED, all.size()));
        }
    }
}
