package drawbridge.console.model;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import java.time.Instant;

/** What the feed's thread hands to the model, in the order it was read. */
sealed interface FeedMessage {
    /** The state to start from. */
    record Began(ServerSnapshot snapshot) implements FeedMessage {}

    /** One event. */
    record Happened(ServerEvent event) implements FeedMessage {}

    /** The stream is open. */
    record Opened() implements FeedMessage {}

    /** The stream broke. */
    record Broke(Instant since, String why) implements FeedMessage {}
}
