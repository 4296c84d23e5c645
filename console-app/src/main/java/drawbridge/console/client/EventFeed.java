package drawbridge.console.client;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import java.time.Instant;

/**
 * Follows a server's events for as long as it is open: reads the snapshot, then the stream behind
 * it, resumes after a break from the last number, and reads the snapshot again when something was
 * missed.
 */
public interface EventFeed extends AutoCloseable {
    /** Receives what the feed reads, on the feed's own thread, one call at a time, in order. */
    interface Listener {
        /** The state to start from; everything known before is void. */
        void snapshot(ServerSnapshot snapshot);

        /**
         * The next event: its number is one more than that of the last one, told or skipped, or the
         * snapshot's.
         */
        void event(ServerEvent event);

        /**
         * The next event is of a type this build does not know, as a newer server may send: only
         * its number counts.
         */
        default void skipped(long seq, String type) {}

        /** The stream is open and was just heard of. */
        void live();

        /**
         * The stream broke; the feed keeps trying.
         *
         * @param since when it was last heard of
         * @param why one sentence for a person
         */
        void lost(Instant since, String why);
    }

    /**
     * Reads the snapshot again and goes on from there: at once while live, else with the next try.
     */
    default void refresh() {}

    /** Ends the feed; the listener hears nothing afterwards. */
    @Override
    void close();
}
