package drawbridge.console.supervise;

import java.nio.file.Path;

/**
 * What is done to the data folder of a server that does not run, by the server's own program.
 * Blocks until it is done and does not throw: call it from a background thread only. Safe for many
 * threads.
 */
public interface ServerCommands {
    /** How a command ended. */
    sealed interface Outcome {
        /**
         * It was done.
         *
         * @param keptAs the backup of the database that was there before; empty when there was none
         */
        record Done(String keptAs) implements Outcome {}

        /**
         * It was refused, or failed.
         *
         * @param why what the program said
         */
        record Refused(String why) implements Outcome {}
    }

    /**
     * {@code drawbridge-server restore}: puts a backup in the place of the database. All sessions
     * and open tokens are ended; what is refused has changed nothing.
     */
    Outcome restore(Path backup);

    /** {@code drawbridge-server diagnostics}: writes a bundle to a new file. */
    Outcome diagnose(Path file);
}
