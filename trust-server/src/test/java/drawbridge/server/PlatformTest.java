package drawbridge.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

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
                            Platform.current().deferThisThread();
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
                            Platform.current().deferThisThread();
                            Platform.current().deferThisThread();
                            deferred.complete(niceness());
                        });
        thread.join();

        assertThat(deferred.join()).isEqualTo(Math.min(niceness() + 10, 19));
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
