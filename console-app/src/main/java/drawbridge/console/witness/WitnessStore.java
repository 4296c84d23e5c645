package drawbridge.console.witness;

import java.io.IOException;
import java.util.List;

/** Where a witness keeps what it saw, one line each. Safe for many threads. */
public interface WitnessStore {
    /** What was kept, oldest first; empty when nothing was. */
    List<String> lines() throws IOException;

    /** Keeps one more; on return it outlives a crash. */
    void append(String line) throws IOException;

    /** Keeps these instead of what was kept. */
    void replace(List<String> lines) throws IOException;

    /** Puts what was kept aside, where it is never overwritten, and begins with nothing. */
    void putAside() throws IOException;
}
