package drawbridge.console.supervise;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a server writes once it answers.
 *
 * @param pid its process id
 * @param publicUrl where clients and back ends reach it
 * @param adminUrl where the console reaches it
 */
public record ReadyFile(long pid, URI publicUrl, URI adminUrl) {
    private static final long LARGEST = 64 << 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Reads it.
     *
     * @return empty as long as it is not there
     * @throws IOException when it is there and not what a server writes
     */
    public static Optional<ReadyFile> read(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException(file + " is far too large");
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            return Optional.of(
                    new ReadyFile(
                            root.required("pid").longValue(),
                            URI.create(root.required("publicUrl").stringValue()),
                            URI.create(root.required("adminUrl").stringValue())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(file + " is not what a server writes: " + e.getMessage(), e);
        }
    }
}
