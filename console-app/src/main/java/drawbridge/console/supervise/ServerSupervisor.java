package drawbridge.console.supervise;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps one server running: starts it, or re-attaches to the one that outlived an earlier console,
 * watches it, and starts it again with growing pauses after a crash.
 *
 * <p>Methods return at once; what becomes of them is told by the state. Safe for many threads.
 */
public interface ServerSupervisor extends AutoCloseable {
    /** The state now. */
    ServerState state();

    /**
     * Hears every change of state from now on, on the supervisor's thread, beginning with the state
     * now.
     *
     * @return closing it ends the hearing
     */
    Subscription onState(Consumer<ServerState> listener);

    /** Hears the log from its last 1 000 lines on, in batches of at least one line. */
    Subscription onLog(Consumer<List<LogLine>> listener);

    /**
     * The ends of server processes, newest first, at most 100; kept over restarts of the console.
     */
    List<ServerExit> exits();

    /** Re-attaches to a running server or starts one. Nothing happens when it runs already. */
    void start();

    /** Ends the server in good order, by force after 8 s. */
    void stop();

    /** Ends the server in good order and starts it again. */
    void restart();

    /** While waiting for the next try: gives up. The state becomes {@link ServerState.Failed}. */
    void stopTrying();

    /** While waiting for the next try: tries now. */
    void tryNow();

    /**
     * What can be done to the data folder while no server runs on it; empty where the folder is not
     * on this machine.
     */
    default Optional<ServerCommands> commands() {
        return Optional.empty();
    }

    /** Lets go of the server without ending it; to end it, call {@link #stop()} first. */
    @Override
    void close();

    /** A hearing that can be ended. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
