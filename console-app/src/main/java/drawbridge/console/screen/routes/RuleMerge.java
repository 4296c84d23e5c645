package drawbridge.console.screen.routes;

import drawbridge.model.view.RouteRule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the changes of a draft on top of a version that somebody else made meanwhile. A rule is the
 * same one while method and pattern stay. Pure.
 */
final class RuleMerge {
    /**
     * What came out.
     *
     * @param rules theirs with the draft's changes
     * @param origins for each rule the one of theirs that it is; null for a new one
     * @param clashes routes that both changed; the draft's wish stands in {@code rules}
     */
    record Merged(List<RouteRule> rules, List<@Nullable RouteRule> origins, List<String> clashes) {
        Merged {
            rules = List.copyOf(rules);
            origins = new ArrayList<>(origins);
            clashes = List.copyOf(clashes);
        }
    }

    private RuleMerge() {}

    /** Merges; rules are given in their order, without places. */
    static Merged of(List<RouteRule> base, List<RouteRule> mine, List<RouteRule> theirs) {
        Map<String, RouteRule> before = keyed(base);
        Map<String, RouteRule> wanted = keyed(mine);
        Map<String, RouteRule> there = keyed(theirs);
        List<String> clashes = new ArrayList<>();
        List<String> order = new ArrayList<>();
        Map<String, RouteRule> result = new HashMap<>();
        there.forEach((key, rule) -> {
            RouteRule was = before.get(key);
            boolean isRemovedByMe = was != null && !wanted.containsKey(key);
            if (isRemovedByMe && !rule.equals(was)) {
                clashes.add(rule.route());
            }
            if (!isRemovedByMe) {
                order.add(key);
                result.put(key, rule);
            }
        });
        String previous = null;
        for (Map.Entry<String, RouteRule> each : wanted.entrySet()) {
            String key = each.getKey();
            RouteRule rule = each.getValue();
            RouteRule was = before.get(key);
            RouteRule theirsNow = there.get(key);
            boolean isMyWish = !rule.equals(was);
            if (isMyWish) {
                boolean isTheirWish = was == null ? theirsNow != null : !was.equals(theirsNow);
                if (isTheirWish && !rule.equals(theirsNow)) {
                    clashes.add(rule.route());
                }
                result.put(key, rule);
                if (!order.contains(key)) {
                    order.add(previous == null ? 0 : order.indexOf(previous) + 1, key);
                }
            }
            previous = order.contains(key) ? key : previous;
        }
        if (isReordered(before, wanted)) {
            reorder(order, new ArrayList<>(wanted.keySet()));
        }
        List<RouteRule> rules = new ArrayList<>();
        List<@Nullable RouteRule> origins = new ArrayList<>();
        for (String key : order) {
            RouteRule rule = result.get(key);
            if (rule != null) {
                rules.add(rule);
                origins.add(there.get(key));
            }
        }
        return new Merged(rules, origins, clashes);
    }

    /** Route and, where a route stands twice, which of them. */
    private static Map<String, RouteRule> keyed(List<RouteRule> rules) {
        Map<String, Integer> seen = new HashMap<>();
        Map<String, RouteRule> keyed = new LinkedHashMap<>();
        for (RouteRule rule : rules) {
            keyed.put(
                    rule.route() + " #" + seen.merge(rule.route(), 1, Integer::sum), rule.at(null));
        }
        return keyed;
    }

    private static boolean isReordered(
            Map<String, RouteRule> before, Map<String, RouteRule> wanted) {
        List<String> was = before.keySet().stream().filter(wanted::containsKey).toList();
        List<String> is = wanted.keySet().stream().filter(before::containsKey).toList();
        return !was.equals(is);
    }

    /** My rules in my order, in the places that they have together; theirs stay where they are. */
    private static void reorder(List<String> order, List<String> mine) {
        List<String> sorted = mine.stream().filter(order::contains).toList();
        int next = 0;
        for (int i = 0; i < order.size(); i++) {
            if (sorted.contains(order.get(i))) {
                order.set(i, sorted.get(next));
                next++;
            }
        }
    }
}
