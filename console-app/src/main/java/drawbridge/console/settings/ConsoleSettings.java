package drawbridge.console.settings;

import drawbridge.console.Platform;
import drawbridge.console.ui.Remembered;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * What the console remembers from one start to the next, by key: window, theme, columns, choices. A
 * small JSON file, replaced as a whole by the executor given, however many changes come at once. A
 * file that cannot be read costs the memory, never the start: it is kept aside with {@code .bad}
 * behind its name. Safe for many threads.
 */
public final class ConsoleSettings implements Remembered {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSettings.class);
    private static final long LARGEST = 1 << 20;
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private final Path file;
    private final Platform platform;
    private final Executor writer;
    private final Map<String, String> values = new TreeMap<>();
    private boolean isWriteDue;

    /**
     * Reads the file, when there is one.
     *
     * @param writer runs the writing, off the FX thread and one task at a time
     */
    public ConsoleSettings(Path file, Platform platform, Executor writer) {
        this.file = file;
        this.platform = platform;
        this.writer = writer;
        load();
    }

    private void load() {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException(file + " is far too large");
            }
            Map<String, String> read =
                    JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {});
            if (read == null || read.containsValue(null)) {
                throw new IOException(file + " holds null");
            }
            values.putAll(read);
        } catch (NoSuchFileException e) {
            LOG.debug("nothing is remembered yet file={}", file);
        } catch (IOException | JacksonException e) {
            LOG.warn("what was remembered cannot be read and is kept aside file={}", file, e);
            keepAside();
        }
    }

    private void keepAside() {
        try {
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".bad"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("it could not be kept aside file={}", file, e);
        }
    }

    @Override
    public synchronized Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public synchronized void put(String key, String value) {
        if (!value.equals(values.put(key, value))) {
            writeSoon();
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public synchronized void forget(String key) {
        if (values.remove(key) != null) {
            writeSoon();
        }
    }

    private void writeSoon() {
        if (!isWriteDue) {
            isWriteDue = true;
            writer.execute(this::write);
        }
    }

    private void write() {
        byte[] content;
        synchronized (this) {
            isWriteDue = false; // a change from here on gets a writing of its own
            content = JSON.writeValueAsBytes(values);
        }
        try {
            platform.writePrivately(file, content);
        } catch (NoSuchFileException e) {
            // Somebody removed the folder, and meant what is in it.
            LOG.info("nothing is remembered: its folder is gone file={}", file);
        } catch (IOException e) {
            LOG.warn("what should be remembered cannot be written file={}", file, e);
        }
    }
}
