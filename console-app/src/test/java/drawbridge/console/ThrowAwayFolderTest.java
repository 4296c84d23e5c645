package drawbridge.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.settings.ConsoleOptions;
import drawbridge.console.supervise.ChildServerSupervisor;
import drawbridge.console.supervise.ServerEnvironment;
import drawbridge.console.supervise.ServerLaunch;
import drawbridge.console.supervise.ServerState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;

/** What a console that ended without a word left is found and removed, and nothing else is. */
class ThrowAwayFolderTest {
    private final Platform platform = Platform.current();
    @TempDir private Path parent = Path.of("");

    @Test
    @SuppressWarnings("try") // that they are closed one by one is what is looked at
    void removesWhatAConsoleLeftTogetherWithItsServer() throws Exception {
        Path left = Files.createTempDirectory(parent, "drawbridge-simulated-");
        ConsoleOptions options =
                new ConsoleOptions(left, 0, 0, ServerEnvironment.ofThrowAway(System.getenv()));
        ServerLaunch launch = ServerLaunch.of(options, platform);
        launch.folder().create();
        try (SingleConsole console =
                        SingleConsole.claim(launch.folder().consoleLock(), platform).orElseThrow();
                ChildServerSupervisor server =
                        ChildServerSupervisor.of(launch, platform, Clock.systemUTC())) {
            server.start();
            await().atMost(Duration.ofSeconds(150)) // more than one try on a busy machine
                    .until(() -> server.state() instanceof ServerState.Running);
            long pid = ((ServerState.Running) server.state()).pid();
            ThrowAwayFolder.sweep(parent, platform);
            assertThat(ProcessHandle.of(pid)).as("its console lives").isPresent();

            server.close(); // as after a crash: nobody ends the server
            console.close();
            ThrowAwayFolder.sweep(parent, platform);

            assertThat(left).doesNotExist();
            await().until(() -> ProcessHandle.of(pid).filter(platform::isRunning).isEmpty());
        }
    }

    @Test
    void removesItsOwn() throws Exception {
        ThrowAwayFolder folder = ThrowAwayFolder.make(parent, platform);
        Files.writeString(folder.path().resolve("logs").resolve("server.out"), "something");

        folder.remove();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its links need a right of their own")
    void leavesLinksAndFoldersThatOthersMayEnter() throws IOException, InterruptedException {
        Path target = Files.createDirectory(parent.resolve("real"));
        Files.createFile(target.resolve("console.lock"));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        Path link = Files.createSymbolicLink(parent.resolve("drawbridge-simulated-1"), target);
        Path open = Files.createDirectory(parent.resolve("drawbridge-simulated-2"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(open.resolve("console.lock"));

        ThrowAwayFolder.sweep(parent, platform);

        assertThat(link).exists();
        assertThat(target.resolve("console.lock")).exists();
        assertThat(open.resolve("console.lock")).exists();
    }
}
