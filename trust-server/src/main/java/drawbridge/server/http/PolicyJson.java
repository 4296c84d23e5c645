package drawbridge.server.http;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.policy.DatabaseRouteUse.Hours;
import drawbridge.server.policy.PolicyDiff;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.PolicySet;
import drawbridge.server.policy.RoutePattern;
import drawbridge.server.policy.RouteTable.Why;
import drawbridge.server.policy.RouteUse;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Route policies as the admin API reads and shows them. */
final class PolicyJson {
    private static final int MOST_RULES = 200;
    private static final int MOST_PATTERN = 512;
    private static final int MOST_RATE = 1_000_000;

    private PolicyJson() {}

    /** The list of rules under that name; empty when the body has none. */
    static Optional<List<PolicyRule>> rules(Body body, String name) {
        return body.objects(name, MOST_RULES)
                .map(objects -> {
                    List<PolicyRule> rules = new ArrayList<>();
                    for (Body object : objects) {
                        rules.add(rule(object));
                    }
                    return rules;
                });
    }

    /** One rule. Its place in the list says when it is asked; a line is only repeated. */
    static PolicyRule rule(Body body) {
        body.number("line", 1, MOST_RULES);
        String method = body.text(16, "method").orElse(PolicyRule.ANY_METHOD);
        String upper = method.toUpperCase(Locale.ROOT);
        if (!upper.equals(PolicyRule.ANY_METHOD) && !upper.matches("[A-Z]{1,16}")) {
            throw body.wrong("method", "must be an HTTP method such as POST, or *");
        }
        String path = body.needed(MOST_PATTERN, "pattern");
        RoutePattern pattern =
                switch (RoutePattern.parse(path)) {
                    case RoutePattern.Outcome.Good(RoutePattern good) -> good;
                    case RoutePattern.Outcome.Bad(String why) -> throw body.wrong("pattern", why);
                };
        ValidationMode mode =
                ValidationMode.parse(body.needed(32, "mode"))
                        .orElseThrow(
                                () -> body.wrong("mode", "must be STANDARD, ADVANCED or STRICT"));
        OptionalInt rate = body.number("ratePerMinute", 1, MOST_RATE);
        PolicyRule rule =
                new PolicyRule(
                        upper,
                        pattern,
                        mode,
                        rate.isEmpty() ? null : rate.getAsInt(),
                        word(body, "ipMatch", IpMatch::parse, IpMatch.EXACT, "exact or prefix"),
                        word(
                                body,
                                "leastDeviceEvidence",
                                DeviceEvidence::parse,
                                DeviceEvidence.TOLD,
                                "told or cookie"));
        body.refuseOthers();
        if (rule.leastEvidence() == DeviceEvidence.KEY) {
            throw body.wrong(
                    "leastDeviceEvidence",
                    "must be told or cookie: no login of this version records a key");
        }
        return rule;
    }

    private static <T> T word(
            Body body,
            String name,
            Function<String, Optional<T>> parse,
            T otherwise,
            String words) {
        return body.text(32, name)
                .map(text ->
                        parse.apply(text).orElseThrow(() -> body.wrong(name, "must be " + words)))
                .orElse(otherwise);
    }

    static ObjectNode of(PolicySet set) {
        ObjectNode json = Json.object();
        json.put("tenant", set.tenant().value());
        json.put("version", set.version());
        json.put("at", set.version() == 0 ? null : set.at().toString());
        json.put("by", set.by());
        json.put("note", set.note());
        ArrayNode rules = json.putArray("rules");
        for (int i = 0; i < set.rules().size(); i++) {
            rules.add(numbered(i + 1, set.rules().get(i)));
        }
        json.set("warnings", warnings(set.rules()));
        return json;
    }

    /** What was counted of those rules in the hour that ends now. */
    static ObjectNode use(TenantId tenant, PolicySet set, Hours hours, Instant now) {
        ObjectNode json = Json.object();
        json.put("tenant", tenant.value());
        json.put("version", set.version());
        json.put("at", now.toString());
        json.put("minutes", RouteUse.MINUTES);
        ArrayNode rules = json.putArray("rules");
        for (int line = 1; line <= hours.rules().size(); line++) {
            ObjectNode one = rules.addObject();
            one.put("line", line);
            put(one, hours.rules().get(line - 1));
        }
        ObjectNode others = json.putObject("withoutRule");
        for (Why why : List.of(Why.NO_RULE, Why.NOT_TOLD, Why.AMBIGUOUS)) {
            put(others.putObject(why.name().toLowerCase(Locale.ROOT)), hours.withoutRule(why));
        }
        return json;
    }

    private static void put(ObjectNode json, RouteUse.Hour hour) {
        json.put("calls", sum(hour.calls()));
        json.put("refused", sum(hour.refused()));
        ArrayNode reasons = json.putArray("reasons");
        hour.reasons().entrySet().stream()
                .sorted(Map.Entry.<RouteUse.Refusal, Long>comparingByValue().reversed())
                .forEach(each -> {
                    RouteUse.Refusal refusal = each.getKey();
                    ObjectNode one = reasons.addObject();
                    one.put("reason", refusal.reason());
                    one.put("signal", refusal.signal().isEmpty() ? null : refusal.signal());
                    one.put("count", each.getValue());
                });
        ArrayNode calls = json.putArray("callsByMinute");
        hour.calls().forEach(calls::add);
        ArrayNode refused = json.putArray("refusedByMinute");
        hour.refused().forEach(refused::add);
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    static ArrayNode warnings(List<PolicyRule> rules) {
        ArrayNode warnings = Json.object().putArray("warnings");
        for (PolicySet.Warning warning : PolicySet.warnings(rules)) {
            ObjectNode json = warnings.addObject();
            json.put("line", warning.line());
            json.put("shadowedBy", warning.shadowedBy());
            json.put("text", warning.text());
        }
        return warnings;
    }

    /** A rule without its place, as a file holds it. */
    static ObjectNode of(PolicyRule rule) {
        ObjectNode json = Json.object();
        json.put("method", rule.method());
        json.put("pattern", rule.pattern().toString());
        json.put("mode", rule.mode().name());
        json.put("ratePerMinute", rule.ratePerMinute());
        json.put("ipMatch", rule.ipMatch().wireName());
        json.put("leastDeviceEvidence", rule.leastEvidence().wireName());
        return json;
    }

    static ObjectNode numbered(int line, PolicyRule rule) {
        ObjectNode json = Json.object();
        json.put("line", line);
        json.setAll(of(rule));
        return json;
    }

    static ArrayNode of(List<PolicyDiff.Change> changes) {
        ArrayNode all = Json.object().putArray("changes");
        for (PolicyDiff.Change change : changes) {
            ObjectNode json = all.addObject();
            json.put("what", change.what().name().toLowerCase(Locale.ROOT));
            json.set("from", side(change.fromLine(), change.from()));
            json.set("to", side(change.toLine(), change.to()));
        }
        return all;
    }

    private static @Nullable ObjectNode side(int line, @Nullable PolicyRule rule) {
        return rule == null ? null : numbered(line, rule);
    }
}
