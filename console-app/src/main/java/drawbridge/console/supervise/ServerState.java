package drawbridge.console.supervise;

import java.net.URI;
import java.time.Instant;

/** What the supervised server is doing. */
public sealed interface ServerState {
    /** Not running, and not meant to. */
    record Stopped() implements ServerState {}

    /** The process was started; it does not answer yet. */
    record Starting(Instant since) implements ServerState {}

    /**
     * Answers.
     *
     * @param pid its process id
     * @param publicUrl where clients and back ends reach it
     * @param adminUrl where this console reaches it
     * @param since when it began to answer
     * @param attached whether it was running before this console, which then re-attached to it
     */
    record Running(long pid, URI publicUrl, URI adminUrl, Instant since, boolean attached)
            implements ServerState {}

    /** Was asked to end. */
    record Stopping(Instant since) implements ServerState {}

    /**
     * Ended by itself; a new start follows.
     *
     * @param why one sentence, such as "killed by signal 9"
     * @param failures how many ends in a row
     * @param nextTryAt when the next start is due
     */
    record Waiting(String why, int failures, Instant nextTryAt) implements ServerState {}

    /**
     * Ended or could not start, and no new start follows until somebody asks for one.
     *
     * @param why one sentence, such as "port 7070 is held by nginx (pid 812)"
     * @param lastOutput the last lines the process printed; empty when there are none
     */
    record Failed(String why, String lastOutput) implements ServerState {}
}
