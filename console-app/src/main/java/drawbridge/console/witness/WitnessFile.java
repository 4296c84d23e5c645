package drawbridge.console.witness;

import drawbridge.console.Platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;

/** A file that only its owner may read, written through to the disk. */
public final class WitnessFile implements WitnessStore {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final Platform platform;
    private final Clock clock;

    /** That file, which need not be there yet. */
    public WitnessFile(Path file, Platform platform, Clock clock) {
        this.file = file;
        this.platform = platform;
        this.clock = clock;
    }

    @Override
    public synchronized List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public synchronized void append(String line) throws IOException {
        try (FileChannel channel =
                platform.openPrivate(
                        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            ByteBuffer rest = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(false);
        }
    }

    @Override
    public synchronized void replace(List<String> lines) throws IOException {
        String all = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        platform.writePrivately(file, all.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void putAside() throws IOException {
        if (Files.exists(file)) {
            String name = "%s.%s".formatted(file.getFileName(), STAMP.format(clock.instant()));
            Files.move(file, file.resolveSibling(name));
        }
    }
}
