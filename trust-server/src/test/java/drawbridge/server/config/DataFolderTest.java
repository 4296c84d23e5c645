package drawbridge.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.Secret;
import drawbridge.server.Platform;
import drawbridge.server.support.ChildJava;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

final class DataFolderTest {
    private static final Platform PLATFORM = Platform.current();

    @TempDir Path temp;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void makesAFolderThatOnlyItsOwnerMayEnter() throws IOException {
        Path folder = temp.resolve("a/b/data");

        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            data.adminToken(new SecureRandom()).close();
            data.masterKey(new SecureRandom(), false).close();

            assertThat(mode(folder)).isEqualTo("rwx------");
            assertThat(mode(data.database())).isEqualTo("rw-------");
            assertThat(mode(folder.resolve("lock"))).isEqualTo("rw-------");
            assertThat(mode(folder.resolve("admin-token"))).isEqualTo("rw-------");
            assertThat(mode(folder.resolve("master-key"))).isEqualTo("rw-------");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void tightensAFolderOfItsOwnAndLeavesOthersAsTheyAre() throws IOException {
        Path mine = Files.createDirectory(temp.resolve("mine"));
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path shared = Files.createDirectory(temp.resolve("shared"));
        Files.writeString(shared.resolve("letter.txt"), "not ours");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));

        DataFolder.open(mine, PLATFORM).close();
        DataFolder.open(shared, PLATFORM).close();

        assertThat(mode(mine)).isEqualTo("rwx------");
        assertThat(mode(shared)).isEqualTo("rwxr-xr-x");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void refusesAFolderThatOthersMayWrite() throws IOException {
        Path shared = Files.createDirectory(temp.resolve("shared"));
        Files.writeString(shared.resolve("letter.txt"), "not ours");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.open(shared, PLATFORM))
                .withMessageContaining(shared.toRealPath().toString())
                .withMessageContaining("0700");
        assertThat(mode(shared)).isEqualTo("rwxrwxrwx");
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.open(file, PLATFORM))
                .withMessageContaining("is a file; give a folder");
    }

    @Test
    void refusesASecondOwnerInTheSameProcessAndKeepsTheFirst() throws Exception {
        Path folder = temp.resolve("data");

        try (DataFolder first = DataFolder.open(folder, PLATFORM)) {
            long pid = ProcessHandle.current().pid();
            assertThatExceptionOfType(DataFolderException.Owned.class)
                    .isThrownBy(() -> DataFolder.open(folder, PLATFORM))
                    .withMessageContaining("process " + pid);
            assertThat(DataFolder.owner(folder)).hasValue(pid);
            assertThat(openInAnotherProcess(folder)).isEqualTo("owned by " + pid);
            assertThat(first.path()).isEqualTo(folder.toRealPath());
        }
    }

    @Test
    void namesTheProcessThatOwnsTheFolder() throws Exception {
        Path folder = temp.resolve("data");
        Process other = start(folder);
        try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).startsWith("opened");

            assertThatExceptionOfType(DataFolderException.Owned.class)
                    .isThrownBy(() -> DataFolder.open(folder, PLATFORM))
                    .satisfies(owned -> assertThat(owned.pid()).isEqualTo(other.pid()));
            assertThat(DataFolder.owner(folder)).hasValue(other.pid());
        } finally {
            other.destroyForcibly().onExit().get(20, TimeUnit.SECONDS);
        }

        assertThat(DataFolder.owner(folder)).as("after kill -9").isEmpty();
        DataFolder.open(folder, PLATFORM).close();
    }

    @Test
    void letsTheFolderGoOnClose() {
        Path folder = temp.resolve("data");

        DataFolder data = DataFolder.open(folder, PLATFORM);
        data.close();
        data.close();

        assertThat(DataFolder.owner(folder)).isEmpty();
        DataFolder.open(folder, PLATFORM).close();
    }

    @Test
    void keepsTokenAndKeyOverRestarts() throws IOException {
        Path folder = temp.resolve("data");
        Secret token;
        Secret key;
        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            token = data.adminToken(new SecureRandom());
            key = data.masterKey(new SecureRandom(), false);
            Files.writeString(data.database(), "not empty");
        }

        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            assertThat(data.adminToken(new SecureRandom())).isEqualTo(token);
            assertThat(data.masterKey(new SecureRandom(), false)).isEqualTo(key);
        }

        assertThat(token.length()).isEqualTo(43);
        assertThat(key.length()).isEqualTo(32);
        assertThat(Files.readString(folder.resolve("admin-token"))).endsWith("\n");
    }

    @Test
    void givesADatabaseNoSecondKey() throws IOException {
        Path folder = temp.resolve("data");
        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            data.masterKey(new SecureRandom(), false).close();
            Files.writeString(data.database(), "not empty");
        }
        Files.delete(folder.resolve("master-key"));

        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            assertThatExceptionOfType(DataFolderException.class)
                    .isThrownBy(() -> data.masterKey(new SecureRandom(), false))
                    .withMessageContaining("missing beside a database");
        }
        assertThat(folder.resolve("master-key")).doesNotExist();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void tightensATokenFileThatOthersCouldRead() throws IOException {
        Path folder = temp.resolve("data");
        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            Path file = folder.resolve("admin-token");
            Files.writeString(file, "0123456789abcdef0123456789abcdef\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

            Secret token = data.adminToken(new SecureRandom());

            assertThat(token).isEqualTo(Secret.ofText("0123456789abcdef0123456789abcdef"));
            assertThat(mode(file)).isEqualTo("rw-------");
        }
    }

    @Test
    void refusesAnEmptyToken() throws IOException {
        Path folder = temp.resolve("data");
        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            Files.writeString(folder.resolve("admin-token"), "\n");

            assertThatExceptionOfType(DataFolderException.class)
                    .isThrownBy(() -> data.adminToken(new SecureRandom()))
                    .withMessageContaining("holds 0 characters");
        }
    }

    @Test
    void leavesNoTemporaryFileBehind() throws IOException {
        Path folder = temp.resolve("data");
        try (DataFolder data = DataFolder.open(folder, PLATFORM)) {
            data.adminToken(new SecureRandom()).close();

            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("lock", "admin-token");
            }
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String openInAnotherProcess(Path folder) throws Exception {
        Process other = start(folder);
        try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
            return said.readLine();
        } finally {
            other.destroyForcibly().onExit().get(20, TimeUnit.SECONDS);
        }
    }

    private static Process start(Path folder) throws IOException {
        return new ProcessBuilder(ChildJava.command(Opener.class, folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Opens the folder, says how that went, and waits for its input to end. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) throws IOException {
            try (DataFolder data = DataFolder.open(Path.of(args[0]), PLATFORM)) {
                System.out.println("opened " + data.path());
                System.in.read();
            } catch (DataFolderException.Owned e) {
                System.out.println("owned by " + e.pid());
            }
        }
    }

    /** Two folders, two locks, one file: two servers that know nothing of each other. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
    void refusesDatabaseThatAnotherFolderLeadsTo(boolean isSymbolic) throws IOException {
        try (DataFolder first = DataFolder.open(temp.resolve("first"), PLATFORM);
                DataFolder second = DataFolder.open(temp.resolve("second"), PLATFORM)) {
            Path database = first.database();
            Path link = second.path().resolve("drawbridge.db");
            if (isSymbolic) {
                Files.createSymbolicLink(link, database);
            } else {
                Files.createLink(link, database);
            }

            assertThatThrownBy(second::database)
                    .isInstanceOf(DataFolderException.class)
                    .hasMessageContaining("another server could open it");
        }
    }
}
