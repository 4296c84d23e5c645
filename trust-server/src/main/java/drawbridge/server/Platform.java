package drawbridge.server;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What differs between the systems the server runs on: file rights, and who holds a port. All of it
 * stands here, so that no other class asks which system this is. Safe for many threads.
 */
public sealed interface Platform permits PosixPlatform, WindowsPlatform {
    /**
     * Who may touch a file or folder.
     *
     * @param owner the owner's name
     * @param mine whether this process's user owns it
     * @param othersRead whether anybody but the owner may read it
     * @param othersWrite whether anybody but the owner may write it
     */
    record Access(String owner, boolean mine, boolean othersRead, boolean othersWrite) {}

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

    /** Opens a file; where that creates it, only its owner may read and write it. */
    FileChannel openPrivate(Path file, Set<? extends OpenOption> options) throws IOException;

    /** Takes every right on the file or folder from all but its owner. */
    void restrictToOwner(Path path) throws IOException;

    /** Who may touch the file or folder. */
    Access accessOf(Path path) throws IOException;

    /** Makes sure that a name just created in, or moved into, the folder survives a power loss. */
    void syncFolder(Path folder) throws IOException;

    /** The process that listens on this TCP port; empty when none does or the system won't tell. */
    Optional<PortHolder> holderOf(int port);

    /** Memory this process holds, in bytes; 0 where the system does not tell. */
    long residentBytes();

    /** How far a thread goes back behind others. */
    enum Deferral {
        /** Behind what answers at once; what waits for a disk, and somebody for it. */
        A_LITTLE(2),
        /** A third of what another thread gets where both want the same processor. */
        FAR(5);

        private final int niceness;

        Deferral(int niceness) {
            this.niceness = niceness;
        }

        int niceness() {
            return niceness;
        }
    }

    /**
     * Asks the system to let the calling thread, and those that it starts from now on, come to
     * their turn at once and leave after little: whoever answers a request needs a tenth of a
     * millisecond, and would wait for ten times that until another's turn is over. Without effect
     * where the system has no such thing.
     */
    void takeShortTurns();

    /**
     * Lets the other threads of this machine go before the calling one from now on, for good, where
     * Java's own thread priorities do not. Without effect where the system has no such thing.
     */
    void deferThisThread(Deferral deferral);

    /** Whether {@link #deferThisThread} or Java's thread priorities have an effect here. */
    boolean defersThreads();

    /**
     * Writes a file that only its owner may read, all of it or nothing: readers see the old content
     * or the new one, also across a power loss. An older file of that name is replaced.
     */
    default void writePrivately(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " names no file");
        }
        String suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path fresh = folder.resolve("." + file.getFileName() + "." + suffix);
        try (FileChannel channel =
                openPrivate(
                        fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        try {
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        syncFolder(folder);
    }
}
