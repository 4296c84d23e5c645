package drawbridge.server;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.Platform.Deferral;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

final class PlatformTest {
    /** The field of the thread's own stat line that tells its niceness, after its name. */
    private static final int NICENESS = 16;

    @Test
    @EnabledOnOs(OS.LINUX)
    void defersOneThreadAndNoOther() throws Exception {
        CompletableFuture<Integer> deferred = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            Platform.current().deferThisThread(Deferral.FAR);
                            deferred.complete(niceness());
                        });
        thread.join();

        assertThat(Platform.current().defersThreads()).isTrue();
        assertThat(deferred.join()).isEqualTo(Math.min(niceness() + 5, 19));
    }

    /** As those of a server are that was itself started with nice. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aThreadThatIsNiceAlreadyIsDeferredToo() throws Exception {
        CompletableFuture<Integer> deferred = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            Platform.current().deferThisThread(Deferral.FAR);
                            Platform.current().deferThisThread(Deferral.FAR);
                            deferred.complete(niceness());
                        });
        thread.join();

        assertThat(deferred.join()).isEqualTo(Math.min(niceness() + 10, 19));
    }

    /** Systems before Linux 6.12 do not say how long a turn is, and take no notice. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void turnsAreShortOfThreadsStartedFromNowOnUntilOneIsDeferred() throws Exception {
        CompletableFuture<List<String>> turns = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            Platform.current().takeShortTurns();
                            turns.completeAsync(
                                    () -> {
                                        String before = turn();
                                        Platform.current().deferThisThread(Deferral.A_LITTLE);
                                        return List.of(before, turn());
                                    },
                                    work -> Thread.ofPlatform().start(work));
                        });
        thread.join();

        String usual = turn();
        assertThat(turns.join())
                .isEqualTo(usual.isEmpty() ? List.of("", "") : List.of("100000", usual));
    }

    /** In nanoseconds; empty where the system does not say it. */
    private static String turn() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/sched"))) {
            return lines.filter(line -> line.startsWith("se.slice"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return ""; // a system without it
        }
    }

    private static int niceness() {
        try {
            String line = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(line.substring(line.lastIndexOf(')') + 2).split(" ")[NICENESS]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
