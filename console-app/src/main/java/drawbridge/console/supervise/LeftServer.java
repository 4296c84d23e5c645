package drawbridge.console.supervise;

import drawbridge.console.Platform;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server whose console has ended without a word. */
public final class LeftServer {
    private static final Duration GENTLE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private LeftServer() {}

    /**
     * Ends the server that an earlier console left running on that folder, if there is one, and
     * waits for its end.
     *
     * @return whether none runs now
     */
    public static boolean end(DataFolder folder, Platform platform) throws InterruptedException {
        Optional<? extends ServerProcess> left =
                new StateFile(folder.stateFile(), platform)
                        .read()
                        .flatMap(known ->
                                OsServerProcess.find(known.pid(), known.startedAt(), platform));
        if (left.isEmpty()) {
            return true;
        }
        ServerProcess process = left.get();
        process.askToEnd();
        if (!hasEnded(process)) {
            process.kill();
            return hasEnded(process);
        }
        return true;
    }

    /** What is no child of this process tells its end late, or never: it is looked at as well. */
    private static boolean hasEnded(ServerProcess process) throws InterruptedException {
        CompletableFuture<OptionalInt> ended = process.ended();
        for (long waited = 0;
                process.isRunning() && waited < GENTLE.toMillis();
                waited += BETWEEN_LOOKS.toMillis()) {
            try {
                OptionalInt _ = ended.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Not yet: it is looked at again.
            }
        }
        return !process.isRunning();
    }
}
