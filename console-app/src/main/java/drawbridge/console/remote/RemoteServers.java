package drawbridge.console.remote;

import drawbridge.console.Platform;
import drawbridge.model.tls.CertificatePin;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The profiles, in a file of the console's own folder that only its owner may read. It is replaced
 * as a whole, or not at all. Safe for many threads.
 */
public final class RemoteServers {
    private static final int FORMAT = 1;
    private static final long LARGEST = 1 << 20;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;
    private final Platform platform;

    /** One as the file holds it. */
    private record Line(
            String id,
            String name,
            String url,
            ProfileColour colour,
            boolean isProtected,
            @Nullable String certificate,
            SealedToken token) {}

    private record Content(int format, List<Line> servers) {}

    /**
     * @param file need not exist
     */
    public RemoteServers(Path file, Platform platform) {
        this.file = file;
        this.platform = platform;
    }

    /**
     * All of them, by name.
     *
     * @throws IOException when the file is there and cannot be read; nothing is written over it
     *     then
     */
    public synchronized List<RemoteServer> all() throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException(file + " is far too large");
            }
            Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
            if (content == null || content.format() != FORMAT || content.servers() == null) {
                throw new IOException(file + " was written by another version of the console");
            }
            return content.servers().stream()
                    .map(RemoteServers::server)
                    .sorted(Comparator.comparing(RemoteServer::name, String.CASE_INSENSITIVE_ORDER))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged: what it holds is no list of profiles", e);
        }
    }

    private static RemoteServer server(Line line) {
        if (Stream.of(line.id(), line.name(), line.url(), line.colour(), line.token())
                .anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a profile lacks something");
        }
        if (!line.id().matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("a profile's id names its files");
        }
        return new RemoteServer(
                line.id(),
                line.name(),
                URI.create(line.url()),
                line.colour(),
                line.isProtected(),
                Optional.ofNullable(line.certificate()).map(CertificatePin::new),
                line.token());
    }

    private static Line line(RemoteServer server) {
        return new Line(
                server.id(),
                server.name(),
                server.adminUrl().toString(),
                server.colour(),
                server.isProtected(),
                server.pin().map(CertificatePin::sha256).orElse(null),
                server.token());
    }

    /** Keeps one, instead of any other with its id. */
    public synchronized void put(RemoteServer server) throws IOException {
        List<RemoteServer> servers = new ArrayList<>(all());
        servers.removeIf(other -> other.id().equals(server.id()));
        servers.add(server);
        write(servers);
    }

    /** Forgets one; nothing happens when there is none. */
    public synchronized void forget(String id) throws IOException {
        List<RemoteServer> servers = new ArrayList<>(all());
        if (servers.removeIf(other -> other.id().equals(id))) {
            write(servers);
        }
    }

    private void write(List<RemoteServer> servers) throws IOException {
        byte[] content =
                JSON.writeValueAsBytes(
                        new Content(FORMAT, servers.stream().map(RemoteServers::line).toList()));
        try {
            platform.writePrivately(file, content);
        } catch (IOException e) {
            throw new IOException("%s cannot be written: %s".formatted(file, e), e);
        }
    }
}
