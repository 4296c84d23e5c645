package drawbridge.console.supervise;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A server's process: one that was started here, or one that outlived an earlier console. */
interface ServerProcess {
    /** The process id of the server itself. */
    long pid();

    /** When the process began, by the system's record. */
    Instant startedAt();

    /** Whether it runs, as far as can be seen right now. */
    boolean isRunning();

    /**
     * Completes when it has ended, with its exit code; empty when the code cannot be known, because
     * it was not started here. May come late for those: ask {@link #isRunning} as well.
     */
    CompletableFuture<OptionalInt> ended();

    /**
     * A launcher may have started the server as a further process: that one is meant from now on.
     */
    void becomes(long serverPid);

    /** Asks it to end in good order, where the system has a way to. */
    void askToEnd();

    /** Ends it by force, with what it has started. */
    void kill();
}
