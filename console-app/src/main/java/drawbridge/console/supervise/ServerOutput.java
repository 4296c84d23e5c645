package drawbridge.console.supervise;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What a server printed, read after its end to find out why.
 *
 * @param lines the last lines, oldest first, without empty ones; at most 20
 */
record ServerOutput(List<String> lines) {
    private static final int MOST_LINES = 20;
    private static final int MOST_BYTES = 8 << 10;
    private static final int LONGEST_LINE = 500;
    private static final List<String> NOT_A_SENTENCE =
            List.of("Usage:", "Try:", "Caused by:", "Possible solutions:");

    ServerOutput {
        lines = List.copyOf(lines);
    }

    /**
     * The end of the output file.
     *
     * @param from where this server's output begins; what stands before it is another one's
     */
    static ServerOutput read(Path file, long from) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long begin = from > size ? 0 : from; // it was cut or exchanged since
            long start = Math.max(begin, size - MOST_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) (size - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                // Reads on until the end.
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            List<String> lines =
                    text.lines().map(ServerOutput::shortened).filter(l -> !l.isBlank()).toList();
            int first = start > begin && !lines.isEmpty() ? 1 : 0; // half a line
            return new ServerOutput(
                    lines.subList(Math.max(first, lines.size() - MOST_LINES), lines.size()));
        } catch (IOException e) {
            return new ServerOutput(List.of()); // then the exit code must do
        }
    }

    /** How long the file is now; 0 when there is none. */
    static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static String shortened(String line) {
        String plain = line.stripTrailing();
        return plain.length() > LONGEST_LINE ? plain.substring(0, LONGEST_LINE) + "…" : plain;
    }

    /** The lines as one text. */
    String text() {
        return String.join("\n", lines);
    }

    /**
     * The sentence in which the server said why it ends: the last line that is not part of the log,
     * of a stack trace or of a usage text, with the indented lines that belong to it; empty when it
     * said nothing.
     */
    String sentence() {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (isSentence(lines.get(i))) {
                return withDetails(i);
            }
        }
        return "";
    }

    private static boolean isSentence(String line) {
        return Character.isLetterOrDigit(line.charAt(0))
                && NOT_A_SENTENCE.stream().noneMatch(line::startsWith)
                && !LogLines.isLogged(line);
    }

    private String withDetails(int head) {
        List<String> details =
                lines.subList(head + 1, lines.size()).stream()
                        .takeWhile(line -> line.startsWith("  "))
                        .map(String::strip)
                        .toList();
        String sentence = lines.get(head).strip();
        return sentence.endsWith(":") && !details.isEmpty()
                ? sentence + " " + String.join("; ", details)
                : sentence;
    }
}
