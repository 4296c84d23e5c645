package drawbridge.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file that holds one secret and nothing else. */
public final class SecretFile {
    private static final int MOST_BYTES = 4096;

    private SecretFile() {}

    /**
     * The content without the line end that editors and {@code echo} put behind it.
     *
     * @throws IOException when it cannot be read or is larger than any secret
     */
    public static byte[] read(Path file) throws IOException {
        byte[] all;
        try (InputStream in = Files.newInputStream(file)) {
            all = in.readNBytes(MOST_BYTES + 1);
        }
        if (all.length > MOST_BYTES) {
            Arrays.fill(all, (byte) 0);
            throw new IOException("it is larger than " + MOST_BYTES + " bytes");
        }
        int end = all.length;
        while (end > 0 && (all[end - 1] == '\n' || all[end - 1] == '\r')) {
            end--;
        }
        byte[] content = Arrays.copyOf(all, end);
        Arrays.fill(all, (byte) 0);
        return content;
    }
}
