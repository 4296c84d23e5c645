package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How a tenant, and the server it is on, keep the ten practices.
 *
 * @param tenant whose rules, callers and traffic were looked at
 * @param at when
 * @param verdict {@code pass}, {@code warn} or {@code fail}: the worst of the items
 * @param kept how many items are kept, or not applicable
 * @param triedAt when the listeners were last attacked; null before the first time
 * @param isTrying whether they are being attacked now
 * @param items one for each practice, always in the same order
 */
public record ChecklistView(
        String tenant,
        Instant at,
        String verdict,
        int kept,
        @Nullable Instant triedAt,
        boolean isTrying,
        List<ChecklistItem> items) {
    public ChecklistView {
        items = List.copyOf(items);
    }
}
