package drawbridge.console.model;

import java.time.Instant;

/** How true what the console shows is. */
public sealed interface FeedStatus {
    /** No server runs, so there is nothing to follow. */
    record Off() implements FeedStatus {}

    /** A server runs; nothing was read of it yet. */
    record Connecting() implements FeedStatus {}

    /** Everything shown is as new as the last event. */
    record Live() implements FeedStatus {}

    /**
     * The stream broke: what is shown is as old as {@code since}.
     *
     * @param since when the server was last heard of
     * @param why one sentence for a person
     */
    record Lost(Instant since, String why) implements FeedStatus {}
}
