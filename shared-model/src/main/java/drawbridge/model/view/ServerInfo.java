package drawbridge.model.view;

import java.time.Instant;

/**
 * Which server this is.
 *
 * @param version the server's version
 * @param pid its process id
 * @param startedAt when it began to answer
 * @param publicUrl where clients and back ends reach it
 * @param adminUrl where the console reaches it
 * @param node its name among the nodes
 * @param storage {@code sqlite} or {@code postgresql}
 * @param redis whether a Redis tier is configured
 * @param dataDir its data folder, as an absolute path
 */
public record ServerInfo(
        String version,
        long pid,
        Instant startedAt,
        String publicUrl,
        String adminUrl,
        String node,
        String storage,
        boolean redis,
        String dataDir) {}
