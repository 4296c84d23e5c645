package drawbridge.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What differs between the systems the console runs on: file rights, how a process is detached, how
 * its end is told. All of it stands here, so that no other class asks which system this is. Safe
 * for many threads.
 */
public sealed interface Platform permits PosixPlatform, WindowsPlatform {
    /**
     * A process that listens on a port.
     *
     * @param pid its process id
     * @param name its short name, such as {@code nginx}
     */
    record PortHolder(long pid, String name) {
        @Override
        public String toString() {
            return name + " (pid " + pid + ")";
        }
    }

    /** The platform this process runs on. */
    static Platform current() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new PosixPlatform()
                : new WindowsPlatform();
    }

    /** Creates a folder only its owner may enter, and the missing folders above it as usual. */
    void createPrivateFolder(Path folder) throws IOException;

    /**
     * Whether that is a folder, and no link to one, which belongs to this user and which only they
     * may enter, as far as the system tells.
     */
    boolean isPrivateFolder(Path folder);

    /** Opens a file; where that creates it, only its owner may read and write it. */
    FileChannel openPrivate(Path file, Set<? extends OpenOption> options) throws IOException;

    /** The file that is always empty and swallows everything. */
    Path nullDevice();

    /** The program's file name, with the ending that programs have here. */
    Path program(Path withoutEnding);

    /**
     * The command that runs {@code command} so that it outlives this console: neither the end of
     * this process nor Ctrl-C or hang-up of its terminal reaches it. Its process id is the one the
     * new process begins with.
     */
    List<String> detached(List<String> command);

    /** Whether asking a process to end lets it end in good order. */
    boolean endsGently();

    /**
     * Whether the process still runs. Unlike {@link ProcessHandle#isAlive} false for one that ended
     * and whose end nobody has taken note of yet.
     */
    boolean isRunning(ProcessHandle process);

    /**
     * How a process with this exit code ended, as in "It was …", such as {@code ended with code 1}.
     */
    String endOf(int exitCode);

    /** The process that listens on this TCP port; empty when none does or the system won't tell. */
    Optional<PortHolder> holderOf(int port);

    /**
     * The data folder of somebody who chose none.
     *
     * @param environment the console's environment
     * @param home the user's home folder
     */
    Path defaultDataFolder(Map<String, String> environment, Path home);

    /** Whether a window can be shown, as far as the environment tells. */
    boolean hasDisplay(Map<String, String> environment);

    /**
     * Writes a file that only its owner may read, all of it or nothing: readers see the old content
     * or the new one. An older file of that name is replaced.
     */
    default void writePrivately(Path file, byte[] content) throws IOException {
        String suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + suffix);
        try {
            try (FileChannel channel =
                    openPrivate(
                            fresh,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }
}
