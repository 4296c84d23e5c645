package drawbridge.model.view;

import java.time.Instant;
import java.util.List;

/**
 * What fires and what has cleared of late.
 *
 * @param at when this was read
 * @param alerts those that fire first, then the cleared ones; the newest first in each
 * @param channels on which ways they leave the server; empty when they are only shown
 */
public record AlertsView(Instant at, List<AlertView> alerts, List<AlertChannel> channels) {
    public AlertsView {
        alerts = List.copyOf(alerts);
        channels = List.copyOf(channels);
    }
}
