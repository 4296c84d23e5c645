package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What differs between two lists of rules.
 *
 * @param changes removed ones by their old line, then all others by their new one
 */
public record PolicyDifference(List<Change> changes) {
    public PolicyDifference {
        changes = List.copyOf(changes);
    }

    /**
     * One difference.
     *
     * @param what {@code added}, {@code removed}, {@code changed} or {@code moved}
     * @param from the rule as it was; null when it was not there
     * @param to the rule as it is; null when it is no longer there
     */
    public record Change(String what, @Nullable RouteRule from, @Nullable RouteRule to) {}
}
