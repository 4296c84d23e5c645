package drawbridge.server.policy;

import drawbridge.model.Unmoved;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What differs between two lists of rules. A rule is the same one while method and pattern stay.
 */
public final class PolicyDiff {
    /** What became of a rule. */
    public enum What {
        ADDED,
        REMOVED,
        /** Something other than its place is different. */
        CHANGED,
        /** It stands before or behind others than it did. */
        MOVED
    }

    /**
     * One difference.
     *
     * @param what its kind
     * @param fromLine the line it had; 0 when it was not there
     * @param from the rule as it was; null when it was not there
     * @param toLine the line it has; 0 when it is no longer there
     * @param to the rule as it is; null when it is no longer there
     */
    public record Change(
            What what,
            int fromLine,
            @Nullable PolicyRule from,
            int toLine,
            @Nullable PolicyRule to) {}

    private PolicyDiff() {}

    /** The differences: removed ones by their old line, then all others by their new one. */
    public static List<Change> between(List<PolicyRule> from, List<PolicyRule> to) {
        List<String> before = keys(from);
        List<String> after = keys(to);
        List<String> kept = after.stream().filter(before::contains).toList();
        Set<String> unmoved = Set.copyOf(Unmoved.of(kept, before::indexOf));
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            if (!after.contains(before.get(i))) {
                changes.add(new Change(What.REMOVED, i + 1, from.get(i), 0, null));
            }
        }
        for (int i = 0; i < to.size(); i++) {
            int was = before.indexOf(after.get(i));
            if (was < 0) {
                changes.add(new Change(What.ADDED, 0, null, i + 1, to.get(i)));
                continue;
            }
            if (!from.get(was).equals(to.get(i))) {
                changes.add(new Change(What.CHANGED, was + 1, from.get(was), i + 1, to.get(i)));
            }
            if (!unmoved.contains(after.get(i))) {
                changes.add(new Change(What.MOVED, was + 1, from.get(was), i + 1, to.get(i)));
            }
        }
        return changes;
    }

    /** Route and, where a route stands twice, which of them. */
    private static List<String> keys(List<PolicyRule> rules) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> keys = new ArrayList<>();
        for (PolicyRule rule : rules) {
            keys.add(rule.route() + " #" + seen.merge(rule.route(), 1, Integer::sum));
        }
        return keys;
    }
}
