package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How a tenant stands against every threat.
 *
 * @param tenant whose
 * @param at when it was looked at
 * @param rows one for each threat, always in the same order
 * @param running the drill run that is under way on this server, for whichever tenant; null when
 *     none is
 */
public record ThreatMatrix(
        String tenant, Instant at, List<ThreatRow> rows, @Nullable String running) {
    public ThreatMatrix {
        rows = List.copyOf(rows);
    }
}
