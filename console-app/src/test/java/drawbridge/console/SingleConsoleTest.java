package drawbridge.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

class SingleConsoleTest {
    private static final Platform PLATFORM = Platform.current();
    @TempDir private Path folder;

    @Test
    void isGrantedToOneAtATime() throws IOException {
        Path lock = folder.resolve("console.lock");

        try (SingleConsole _ = SingleConsole.claim(lock, PLATFORM).orElseThrow()) {
            assertThat(SingleConsole.claim(lock, PLATFORM)).isEmpty();
            assertThat(SingleConsole.holder(lock))
                    .isEqualTo("a console (pid " + ProcessHandle.current().pid() + ")");
        }

        try (SingleConsole again = SingleConsole.claim(lock, PLATFORM).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void hearsOneRequestOnceAndNoneFromBefore() throws IOException {
        RaiseRequests.ask(folder, PLATFORM);
        AtomicInteger raised = new AtomicInteger();
        try (ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
                RaiseRequests _ = RaiseRequests.hear(folder, scheduler, raised::incrementAndGet)) {
            assertThat(raised).hasValue(0);

            RaiseRequests.ask(folder, PLATFORM);
            await().until(() -> raised.get() == 1);

            RaiseRequests.ask(folder, PLATFORM);
            RaiseRequests.ask(folder, PLATFORM);
            await().until(() -> raised.get() >= 2);
        }
    }
}
