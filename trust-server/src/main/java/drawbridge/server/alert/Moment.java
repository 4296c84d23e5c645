package drawbridge.server.alert;

import drawbridge.model.event.ServerEvent;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * When rules are judged, and what happened since they last were.
 *
 * @param at by the clock
 * @param nanos time that has passed, from any beginning
 */
record Moment(Instant at, long nanos, List<ServerEvent> events) {
    Moment {
        events = List.copyOf(events);
    }

    <T extends ServerEvent> Stream<T> all(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }
}
