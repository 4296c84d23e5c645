package drawbridge.console.ui;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;

/**
 * Keeps what is remembered in a properties file, replaced as a whole on every change. A file that
 * cannot be read or written costs the memory, never the console. Safe for many threads.
 */
public final class RememberedInFile implements Remembered {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedInFile.class);

    private final Path file;
    private final Executor writer;
    private final Properties values = new Properties();

    /** Reads the file, when there is one; later changes are written by {@code writer}. */
    public RememberedInFile(Path file, Executor writer) {
        this.file = file;
        this.writer = writer;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            values.load(in);
        } catch (NoSuchFileException e) {
            LOG.debug("nothing remembered yet file={}", file);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("what was remembered cannot be read file={}", file, e);
        }
    }

    @Override
    public synchronized Optional<String> find(String key) {
        return Optional.ofNullable(values.getProperty(key));
    }

    @Override
    public synchronized void put(String key, String value) {
        if (!value.equals(values.put(key, value))) {
            writer.execute(this::write);
        }
    }

    @Override
    public synchronized void forget(String key) {
        if (values.remove(key) != null) {
            writer.execute(this::write);
        }
    }

    private synchronized void write() {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
                values.store(out, null);
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("what should be remembered cannot be written file={}", file, e);
        }
    }
}
