package drawbridge.server.config;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a running server answers, as its data folder tells the command line. Immutable.
 *
 * @param pid its process
 * @param publicUrl where clients and back ends reach it
 * @param adminUrl where an administrator reaches it
 * @param publicCertificate SHA-256 of the certificate it shows there, in hexadecimal; empty for
 *     plain HTTP
 * @param adminCertificate the same of the admin listener
 */
public record ServerAddress(
        long pid,
        URI publicUrl,
        URI adminUrl,
        Optional<String> publicCertificate,
        Optional<String> adminCertificate) {
    static final String FILE = "address.json";

    byte[] json() {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("pid", pid);
        node.put("publicUrl", publicUrl.toString());
        node.put("adminUrl", adminUrl.toString());
        publicCertificate.ifPresent(sha256 -> node.put("publicCertificate", sha256));
        adminCertificate.ifPresent(sha256 -> node.put("adminCertificate", sha256));
        return (JsonMapper.shared().writeValueAsString(node) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The address of the server that owns the folder now.
     *
     * @return empty when no process owns it, or that one has not said yet where it answers
     */
    public static Optional<ServerAddress> find(Path folder) {
        var owner = DataFolder.owner(folder);
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode node = JsonMapper.shared().readTree(Files.readString(folder.resolve(FILE)));
            ServerAddress told =
                    new ServerAddress(
                            node.path("pid").asLong(0),
                            URI.create(node.path("publicUrl").asString("")),
                            URI.create(node.path("adminUrl").asString("")),
                            Optional.of(node.path("publicCertificate").asString(""))
                                    .filter(text -> !text.isEmpty()),
                            Optional.of(node.path("adminCertificate").asString(""))
                                    .filter(text -> !text.isEmpty()));
            // One that was killed leaves its address behind; the lock says who is there.
            return told.pid() == owner.getAsLong() ? Optional.of(told) : Optional.empty();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
