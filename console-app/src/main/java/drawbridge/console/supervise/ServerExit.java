package drawbridge.console.supervise;

import java.time.Instant;

/**
 * One end of a server process.
 *
 * @param pid the process
 * @param startedAt when it was started
 * @param endedAt when it was found to have ended
 * @param exitCode its exit code; -1 when unknown, because this console had only re-attached to it
 * @param cause one sentence: "stopped from the console", "killed by signal 9", "port 7070 is held
 *     by …"
 * @param expected whether it was asked to end
 */
public record ServerExit(
        long pid,
        Instant startedAt,
        Instant endedAt,
        int exitCode,
        String cause,
        boolean expected) {}
