package drawbridge.console.client;

import drawbridge.model.view.ServerSnapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Where an event feed reads from. The message of every exception is one sentence for a person. */
interface EventSource extends AutoCloseable {
    /** Reads the snapshot. */
    ServerSnapshot snapshot() throws IOException, InterruptedException;

    /**
     * Opens the stream of events.
     *
     * @param after the number behind which it begins
     */
    Stream open(long after) throws IOException, InterruptedException;

    @Override
    void close();

    /** An open stream of events. */
    interface Stream extends AutoCloseable {
        /**
         * Waits for bytes.
         *
         * @return empty at the end of the stream; a buffer without bytes after {@link #wake()}
         * @throws IOException when the stream broke, or nothing came for as long as {@code
         *     patience}
         */
        Optional<ByteBuffer> next(Duration patience) throws IOException, InterruptedException;

        /** Makes a waiting {@link #next} return now. For any thread. */
        void wake();

        /** Ends the stream; never throws. */
        @Override
        void close();
    }
}
