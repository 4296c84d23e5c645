package drawbridge.model.view;

import java.time.Instant;
import java.util.List;

/**
 * The server's past, minute by minute.
 *
 * @param at the server's clock
 * @param minutes the minutes that are over, oldest first; one in which the server did not run is
 *     absent
 */
public record History(Instant at, List<MinuteFigures> minutes) {
    public History {
        minutes = List.copyOf(minutes);
    }
}
