package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class DataFolderTest {
    @TempDir private Path temp;

    private DataFolder folder() {
        return new DataFolder(temp.resolve("a").resolve("data"), Platform.current());
    }

    @Test
    void makesFolderAndSecretOnTheFirstRun() throws IOException {
        DataFolder folder = folder();

        folder.prepare(Map.of());

        assertThat(Files.readString(folder.bridgeSecret())).matches("[A-Za-z0-9_-]{43}");
        assertThat(folder.path().resolve("logs")).isDirectory();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void letsOnlyTheOwnerIn() throws IOException {
        DataFolder folder = folder();

        folder.prepare(Map.of());

        assertThat(rights(folder.path())).isEqualTo("rwx------");
        assertThat(rights(folder.path().resolve("logs"))).isEqualTo("rwx------");
        assertThat(rights(folder.bridgeSecret())).isEqualTo("rw-------");
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void keepsTheSecretOfTheFirstRun() throws IOException {
        DataFolder folder = folder();
        folder.prepare(Map.of());
        String secret = Files.readString(folder.bridgeSecret());

        folder.prepare(Map.of());

        assertThat(Files.readString(folder.bridgeSecret())).isEqualTo(secret);
        assertThat(ServerEnvironment.of(Map.of(), folder))
                .containsOnly(Map.entry("BRIDGE_SECRET_FILE", folder.bridgeSecret().toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BRIDGE_SECRET",
                "BRIDGE_SECRET_FILE",
                "BRIDGE_VALIDATION_SECRET",
                "BRIDGE_VALIDATION_SECRET_FILE"
            })
    void makesNoSecretWhereTheEnvironmentGivesOne(String variable) throws IOException {
        DataFolder folder = folder();
        Map<String, String> environment = Map.of(variable, "given");

        folder.prepare(environment);

        assertThat(folder.bridgeSecret()).doesNotExist();
        assertThat(ServerEnvironment.of(environment, folder)).isEqualTo(environment);
    }

    @Test
    void makesNoSecretInAFolderThatAServerMade() throws IOException {
        DataFolder folder = folder();
        Files.createDirectories(folder.path());
        Files.writeString(folder.path().resolve("drawbridge.db"), "");

        folder.prepare(Map.of());

        assertThat(folder.bridgeSecret()).doesNotExist();
    }

    @Test
    void readsWhoHoldsTheLock() throws IOException {
        DataFolder folder = folder();
        folder.prepare(Map.of());
        assertThat(folder.lockHolder()).isEmpty();

        Files.writeString(folder.path().resolve("lock"), "4121\n");
        assertThat(folder.lockHolder()).hasValue(4121);

        Files.writeString(folder.path().resolve("lock"), "nobody");
        assertThat(folder.lockHolder()).isEmpty();
    }
}
