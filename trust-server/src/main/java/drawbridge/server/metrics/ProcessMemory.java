package drawbridge.server.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process holds, where the system tells. */
final class ProcessMemory {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE = 4096;

    private ProcessMemory() {}

    /** Resident memory in bytes; 0 where it cannot be read. */
    static long residentBytes() {
        try {
            String[] fields = Files.readString(STATM).split(" ", 3);
            return Long.parseLong(fields[1]) * PAGE;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
