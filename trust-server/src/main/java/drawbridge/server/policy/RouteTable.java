package drawbridge.server.policy;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.IpMatch;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A version of policies, ready to be asked by every validation. Immutable but for the counts of its
 * rate limits; safe for many threads, without any lock once a caller's first call is counted.
 */
public final class RouteTable {
    /** A token (RFC 9110, section 5.6.2), as far as methods are written with. */
    private static final Pattern METHOD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");

    /** What the policies say of a route. */
    public enum Why {
        /** A rule matches it. */
        RULE,
        /** None does. */
        NO_RULE,
        /** The caller did not say which route it is. */
        NOT_TOLD,
        /** The path could mean two routes; nothing may be believed of it. */
        AMBIGUOUS
    }

    /**
     * What a route must be judged by.
     *
     * @param why how it was found
     * @param version the version of the policies
     * @param line the rule's line; 0 when no rule decided
     * @param rule the rule; null when no rule decided
     * @param mode the mode; null when the caller's floor alone decides
     * @param ipMatch how closely addresses are compared
     * @param leastEvidence how sure the device must be
     * @param note what people should know besides; may be empty
     */
    public record Decision(
            Why why,
            int version,
            int line,
            @Nullable PolicyRule rule,
            @Nullable ValidationMode mode,
            IpMatch ipMatch,
            DeviceEvidence leastEvidence,
            String note) {}

    private record Line(
            PolicyRule rule, ConcurrentHashMap<String, RouteLimit> limits, RouteUse use) {
        boolean isFor(String method) {
            return rule.isForAnyMethod()
                    || rule.method().equals(method)
                    // What answers GET answers HEAD too (RFC 9110, section 9.3.2).
                    || (method.equals("HEAD") && rule.method().equals("GET"));
        }
    }

    /** How often no rule decided. */
    private record Unruled(RouteUse noRule, RouteUse notTold, RouteUse ambiguous) {
        Unruled() {
            this(new RouteUse(), new RouteUse(), new RouteUse());
        }
    }

    private final PolicySet policies;
    private final List<Line> lines;
    private final Unruled unruled;
    private final List<Decision> decisions;
    private final RouteIndex index;
    private final Decision noRule;
    private final Decision notTold;
    private final DeviceEvidence strongest;

    private RouteTable(PolicySet policies, List<Line> lines, Unruled unruled) {
        this.policies = policies;
        this.unruled = unruled;
        this.lines = List.copyOf(lines);
        List<Decision> each = new ArrayList<>();
        DeviceEvidence most = DeviceEvidence.TOLD;
        for (int i = 0; i < lines.size(); i++) {
            PolicyRule rule = lines.get(i).rule();
            each.add(
                    new Decision(
                            Why.RULE,
                            policies.version(),
                            i + 1,
                            rule,
                            rule.mode(),
                            rule.ipMatch(),
                            rule.leastEvidence(),
                            ""));
            most = rule.leastEvidence().isAtLeast(most) ? rule.leastEvidence() : most;
        }
        this.decisions = List.copyOf(each);
        this.index = new RouteIndex(lines.stream().map(line -> line.rule().pattern()).toList());
        this.noRule = floor(Why.NO_RULE, policies.version());
        this.notTold = floor(Why.NOT_TOLD, policies.version());
        this.strongest = most;
    }

    private static Decision floor(Why why, int version) {
        return new Decision(why, version, 0, null, null, IpMatch.EXACT, DeviceEvidence.TOLD, "");
    }

    /** A table with nothing counted yet. */
    public static RouteTable of(PolicySet policies) {
        return new RouteTable(
                policies,
                policies.rules().stream()
                        .map(rule -> new Line(rule, new ConcurrentHashMap<>(), new RouteUse()))
                        .toList(),
                new Unruled());
    }

    /**
     * A table that goes on counting where the other one is: the rates of rules whose rate is the
     * same, the use of rules that are for the same routes.
     */
    RouteTable after(RouteTable before) {
        Map<String, Line> known = new HashMap<>();
        Map<String, Line> used = new HashMap<>();
        for (Line line : before.lines) {
            known.putIfAbsent(limited(line.rule()), line);
            used.putIfAbsent(line.rule().route(), line);
        }
        List<Line> carried = new ArrayList<>();
        for (Line line : lines) {
            Line rate = known.remove(limited(line.rule()));
            Line use = used.remove(line.rule().route());
            carried.add(
                    new Line(
                            line.rule(),
                            rate == null ? line.limits() : rate.limits(),
                            use == null ? line.use() : use.use()));
        }
        return new RouteTable(policies, carried, before.unruled);
    }

    private static String limited(PolicyRule rule) {
        return rule.route() + " " + rule.ratePerMinute();
    }

    /** The limits that are not full at that time, for whoever shares them with other nodes. */
    void collectUsed(List<RouteSharing.Used> into, int most, long now) {
        for (Line line : lines) {
            line.limits()
                    .forEach((caller, limit) -> {
                        if (into.size() < most && limit.isUsed(now)) {
                            String name =
                                    policies.tenant() + "\0" + limited(line.rule()) + "\0" + caller;
                            into.add(new RouteSharing.Used(name, limit));
                        }
                    });
        }
    }

    /** The policies in it. */
    public PolicySet policies() {
        return policies;
    }

    /**
     * What that route must be judged by.
     *
     * @param method as reported, in any letter case; null when not told
     * @param path as reported, without query; null when not told
     */
    public Decision decide(@Nullable String method, @Nullable String path) {
        if (path == null) {
            return notTold;
        }
        return switch (RoutePath.of(path)) {
            case RoutePath.Ambiguous(String why) -> ambiguous(why);
            case RoutePath.Plain plain ->
                    method == null
                            ? forAnyMethod(plain)
                            : METHOD.matcher(method).matches()
                                    ? forMethod(method.toUpperCase(Locale.ROOT), plain)
                                    : ambiguous("the method is none that HTTP knows how to write");
        };
    }

    /** As strict as any rule could be: who bends the path must not reach a laxer one. */
    private Decision ambiguous(String why) {
        return new Decision(
                Why.AMBIGUOUS,
                policies.version(),
                0,
                null,
                ValidationMode.STRICT,
                IpMatch.EXACT,
                strongest,
                why);
    }

    private Decision forMethod(String method, RoutePath.Plain path) {
        for (int i : index.matching(path)) {
            if (lines.get(i).isFor(method)) {
                return decisions.get(i);
            }
        }
        return noRule;
    }

    /** The strictest that any method would meet: who leaves the method out gains nothing. */
    private Decision forAnyMethod(RoutePath.Plain path) {
        Decision strictest = null;
        IpMatch ipMatch = IpMatch.PREFIX;
        DeviceEvidence least = DeviceEvidence.TOLD;
        boolean allMethods = false;
        for (int i : index.matching(path)) {
            if (allMethods) {
                break;
            }
            PolicyRule rule = lines.get(i).rule();
            allMethods = rule.isForAnyMethod();
            ipMatch = rule.ipMatch() == IpMatch.EXACT ? IpMatch.EXACT : ipMatch;
            least = rule.leastEvidence().isAtLeast(least) ? rule.leastEvidence() : least;
            if (strictest == null
                    || strictest.rule() == null
                    || rule.mode().compareTo(strictest.rule().mode()) > 0) {
                strictest = decisions.get(i);
            }
        }
        if (strictest == null) {
            return noRule;
        }
        return new Decision(
                Why.RULE,
                policies.version(),
                strictest.line(),
                strictest.rule(),
                strictest.mode(),
                allMethods ? ipMatch : IpMatch.EXACT,
                least,
                "the method was not told: the strictest rule for the path");
    }

    /** Where calls are counted that were decided so. */
    public RouteUse use(Decision decided) {
        if (decided.rule() != null) {
            return lines.get(decided.line() - 1).use();
        }
        return switch (decided.why()) {
            case RULE, NO_RULE -> unruled.noRule();
            case NOT_TOLD -> unruled.notTold();
            case AMBIGUOUS -> unruled.ambiguous();
        };
    }

    /** Everything that is counted, by the name it has on all nodes. */
    Map<String, RouteUse> uses() {
        Map<String, RouteUse> uses = new HashMap<>();
        for (Line line : lines) {
            uses.putIfAbsent(line.rule().route(), line.use());
        }
        uses.put(nameWithoutRule(Why.NO_RULE), unruled.noRule());
        uses.put(nameWithoutRule(Why.NOT_TOLD), unruled.notTold());
        uses.put(nameWithoutRule(Why.AMBIGUOUS), unruled.ambiguous());
        return uses;
    }

    /** The name of what no rule decided; never that of a route, which has a space in it. */
    static String nameWithoutRule(Why why) {
        return why.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Counts a call against the rate of the rule that decided.
     *
     * @param now of a clock that only runs forward, in nanoseconds
     * @return zero when it may pass, else how long it is too early
     */
    public Duration take(Decision decided, String callerId, long now) {
        PolicyRule rule = decided.rule();
        Integer rate = rule == null ? null : rule.ratePerMinute();
        if (rate == null) {
            return Duration.ZERO;
        }
        ConcurrentHashMap<String, RouteLimit> limits = lines.get(decided.line() - 1).limits();
        RouteLimit limit = limits.get(callerId);
        if (limit == null) {
            limit = limits.computeIfAbsent(callerId, id -> new RouteLimit(rate, now));
        }
        return limit.take(now);
    }
}
