package drawbridge.server.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command has of the process it runs in.
 *
 * @param out for answers
 * @param err for what went wrong
 * @param environment the variables
 * @param in for secrets, which never stand among the arguments
 */
public record Terminal(
        PrintWriter out, PrintWriter err, Map<String, String> environment, InputStream in) {
    private static final int MOST_LINE = 16 * 1024;

    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** The same with nothing to read. */
    public Terminal(PrintWriter out, PrintWriter err, Map<String, String> environment) {
        this(out, err, environment, InputStream.nullInputStream());
    }

    /** The first line of the input: a password, a passphrase or a token. */
    String readSecretLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                if (line.size() == MOST_LINE) {
                    throw new CommandFailure(
                            ExitCodes.USAGE, "the first line of the input is too long");
                }
                line.write(b);
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCodes.USAGE, "the input cannot be read", e);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        String secret = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        if (secret.isEmpty()) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "nothing stands in the input; pipe it in, such as: command < file");
        }
        return secret;
    }

    /** The process's own. UTF-8, because a pipe or a file has no better idea. */
    public static Terminal ofProcess() {
        return new Terminal(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                System.in);
    }
}
