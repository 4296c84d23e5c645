package drawbridge.server.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command has of the process it runs in.
 *
 * @param out for answers
 * @param err for what went wrong
 * @param environment the variables
 */
public record Terminal(PrintWriter out, PrintWriter err, Map<String, String> environment) {
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** The process's own. UTF-8, because a pipe or a file has no better idea. */
    public static Terminal ofProcess() {
        return new Terminal(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv());
    }
}
