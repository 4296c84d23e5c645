package drawbridge.console.supervise;

import drawbridge.console.Platform;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What the next console needs to find the server of this one, should this one end without a word.
 */
final class StateFile {
    /**
     * A server that was started.
     *
     * @param pid its process id
     * @param startedAt when the process began; tells it from a later one with the same id
     * @param outputFrom where its output begins in the output file, in bytes
     * @param publicUrl null until it answered
     * @param adminUrl null until it answered
     */
    record Supervised(
            long pid,
            Instant startedAt,
            long outputFrom,
            @Nullable URI publicUrl,
            @Nullable URI adminUrl) {}

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Platform platform;

    StateFile(Path file, Platform platform) {
        this.file = file;
        this.platform = platform;
    }

    /** The server last started; empty when none was, or the file cannot be read. */
    Optional<Supervised> read() {
        try {
            Supervised read = JSON.readValue(Files.readAllBytes(file), Supervised.class);
            return read == null || read.startedAt() == null ? Optional.empty() : Optional.of(read);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException e) {
            LOG.warn(
                    "the state of an earlier console cannot be read file={} why={}",
                    file,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Writes it; a failure costs only that the next console does not find the server by it. */
    void write(Supervised supervised) {
        try {
            platform.writePrivately(file, JSON.writeValueAsBytes(supervised));
        } catch (IOException e) {
            LOG.warn("the state cannot be written file={}", file, e);
        }
    }

    /** The server has ended. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the state cannot be deleted file={}", file, e);
        }
    }
}
