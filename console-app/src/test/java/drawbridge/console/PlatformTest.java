package drawbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PlatformTest {
    private static final Path HOME = Path.of("/home/ana");

    @TempDir private Path temp;

    private final Platform linux =
            new PosixPlatform(Path.of("/proc"), false, Optional.of(Path.of("/usr/bin/setsid")));
    private final Platform mac = new PosixPlatform(Path.of("/proc"), true, Optional.empty());
    private final Platform windows = new WindowsPlatform();

    @Test
    void knowsTheDataFolderOfEachSystem() {
        assertThat(linux.defaultDataFolder(Map.of(), HOME))
                .isEqualTo(HOME.resolve(".local/share/drawbridge"));
        assertThat(linux.defaultDataFolder(Map.of("XDG_DATA_HOME", "/data/ana"), HOME))
                .isEqualTo(Path.of("/data/ana/drawbridge"));
        assertThat(linux.defaultDataFolder(Map.of("XDG_DATA_HOME", "relative"), HOME))
                .isEqualTo(HOME.resolve(".local/share/drawbridge"));
        assertThat(mac.defaultDataFolder(Map.of(), HOME))
                .isEqualTo(HOME.resolve("Library/Application Support/Drawbridge"));
        assertThat(windows.defaultDataFolder(Map.of("LOCALAPPDATA", "/local"), HOME))
                .isEqualTo(Path.of("/local/Drawbridge"));
        assertThat(windows.defaultDataFolder(Map.of(), HOME))
                .isEqualTo(HOME.resolve("AppData/Local/Drawbridge"));
    }

    @Test
    void detachesByASessionOrByIgnoringTheTerminalsSignals() {
        assertThat(linux.detached(List.of("x", "y"))).containsExactly("/usr/bin/setsid", "x", "y");
        assertThat(mac.detached(List.of("x", "y")))
                .containsExactly(
                        "/bin/sh",
                        "-c",
                        "trap '' HUP INT; exec \"$@\"",
                        "drawbridge-server",
                        "x",
                        "y");
        assertThat(windows.detached(List.of("x"))).containsExactly("x");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theShellPassesTheCommandOnWithTheSameProcessId() throws Exception {
        Process process =
                new ProcessBuilder(mac.detached(List.of("/bin/sh", "-c", "echo $$ \"$0\"", "a b")))
                        .start();

        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(printed.strip()).isEqualTo(process.pid() + " a b");
    }

    @Test
    void saysHowAProcessEnded() {
        assertThat(linux.endOf(137)).isEqualTo("killed by signal 9 (SIGKILL)");
        assertThat(linux.endOf(143)).isEqualTo("killed by signal 15 (SIGTERM)");
        assertThat(linux.endOf(138)).isEqualTo("killed by signal 10");
        assertThat(linux.endOf(1)).isEqualTo("ended with code 1");
        assertThat(linux.endOf(255)).isEqualTo("ended with code 255");
        assertThat(windows.endOf(0xC0000005)).isEqualTo("ended with code 0xC0000005");
        assertThat(windows.endOf(1)).isEqualTo("ended with code 1");
    }

    @Test
    void knowsWhetherThereIsADisplay() {
        assertThat(linux.hasDisplay(Map.of())).isFalse();
        assertThat(linux.hasDisplay(Map.of("DISPLAY", ""))).isFalse();
        assertThat(linux.hasDisplay(Map.of("DISPLAY", ":0"))).isTrue();
        assertThat(linux.hasDisplay(Map.of("WAYLAND_DISPLAY", "wayland-0"))).isTrue();
        assertThat(mac.hasDisplay(Map.of())).isTrue();
        assertThat(windows.hasDisplay(Map.of())).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void doesNotTakeAnUncollectedProcessForRunning() throws IOException {
        long pid = ProcessHandle.current().pid();
        Path proc = Files.createDirectories(temp.resolve("proc"));
        Path stat = Files.createDirectories(proc.resolve(Long.toString(pid))).resolve("stat");
        Platform platform = new PosixPlatform(proc, false, Optional.empty());

        Files.writeString(stat, pid + " (odd) Z (name) S 1 1");
        assertThat(platform.isRunning(ProcessHandle.current())).isTrue();

        Files.writeString(stat, pid + " (odd) S (name) Z 1 1");
        assertThat(platform.isRunning(ProcessHandle.current())).isFalse();
    }

    @Test
    void replacesAFileAsAWhole() throws IOException {
        Platform platform = Platform.current();
        Path file = temp.resolve("file");

        platform.writePrivately(file, "one, and longer".getBytes(StandardCharsets.UTF_8));
        platform.writePrivately(file, "two".getBytes(StandardCharsets.UTF_8));

        assertThat(file).hasContent("two");
        assertThat(temp).isDirectoryContaining(path -> path.equals(file));
        try (var files = Files.list(temp)) {
            assertThat(files).containsExactly(file);
        }
    }
}
