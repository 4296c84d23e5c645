package drawbridge.console.supervise;

import java.time.Duration;
import java.time.Instant;

/**
 * The supervisor's one thread and its time: everything the supervisor decides is decided here, one
 * thing at a time. Safe for many threads.
 */
interface Timeline extends AutoCloseable {
    /** The time now. */
    Instant now();

    /** Does it as soon as what waits already is done. Nothing happens once closed. */
    void soon(Runnable task);

    /** Does it after a while. */
    Timer after(Duration delay, Runnable task);

    /** Nothing waiting is done any more. */
    @Override
    void close();

    /** Something that will be done later. */
    @FunctionalInterface
    interface Timer {
        /** It will not be done, unless it is being done right now. */
        void cancel();
    }
}
