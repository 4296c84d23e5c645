package drawbridge.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** The right to be the one console of a data folder, from {@link #claim} until closed. */
final class SingleConsole implements AutoCloseable {
    /** Behind the pid, which other consoles must be able to read. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    private final FileChannel channel;

    private SingleConsole(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Claims the folder.
     *
     * @param lockFile made when absent
     * @return empty when another console has it
     */
    static Optional<SingleConsole> claim(Path lockFile, Platform platform) throws IOException {
        FileChannel channel =
                platform.openPrivate(
                        lockFile,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE));
        try {
            FileLock lock = channel.tryLock(LOCK_POSITION, 1, false);
            if (lock != null) {
                writePid(channel);
                return Optional.of(new SingleConsole(channel));
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it: as good as another one.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    private static void writePid(FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid())
                                .getBytes(StandardCharsets.US_ASCII)),
                0);
    }

    /** Whose console it is, as in "a console (pid 812)"; without the pid when it cannot be read. */
    static String holder(Path lockFile) {
        try {
            String pid = Files.readString(lockFile).strip();
            return pid.matches("[0-9]{1,10}") ? "a console (pid " + pid + ")" : "a console";
        } catch (IOException e) {
            return "a console";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
