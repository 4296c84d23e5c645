package drawbridge.console.ui;

import java.io.IOException;
import java.nio.file.Path;

/** Writes files that only their owner may read. */
@FunctionalInterface
public interface PrivateFiles {
    /**
     * Writes a new one.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is a file of that name
     * @throws IOException when it cannot be written
     */
    void write(Path file, byte[] content) throws IOException;
}
