package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One page of a list.
 *
 * @param items in the list's order; empty when nothing matches
 * @param next what to send as {@code after} for the next page; null on the last one
 * @param total how many match in all, at the instant of the query
 */
public record Page<T>(List<T> items, @Nullable String next, long total) {
    public Page {
        items = List.copyOf(items);
    }
}
