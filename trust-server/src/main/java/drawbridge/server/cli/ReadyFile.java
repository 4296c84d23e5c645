package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.TrustServer;
import drawbridge.server.Version;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The file that tells a script or the console that requests are answered, and where. */
final class ReadyFile implements AutoCloseable {
    private final Path file;

    private ReadyFile(Path file) {
        this.file = file;
    }

    /**
     * Writes the file at once or not at all; only its owner may read it.
     *
     * @throws IOException with a sentence for the person who named the file
     */
    static ReadyFile write(Path file, TrustServer server, Platform platform) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("pid", ProcessHandle.current().pid());
        content.put("publicUrl", server.publicUrl().toString());
        content.put("adminUrl", server.adminUrl().toString());
        content.put("version", Version.current());
        String line = JsonMapper.shared().writeValueAsString(content) + "\n";
        try {
            platform.writePrivately(file, line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException("the ready file %s cannot be written".formatted(file), e);
        }
        return new ReadyFile(file);
    }

    /** Takes it away: nobody answers there any more. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
