package drawbridge.console.supervise;

import drawbridge.console.Platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The last 100 ends of server processes, kept in a file with one JSON object a line. A file that
 * cannot be read or written costs the memory of them, never the supervision. One thread adds, any
 * may read.
 */
final class ExitHistory {
    static final int MOST = 100;
    private static final int MOST_LINES = 2 * MOST;
    private static final Logger LOG = LoggerFactory.getLogger(ExitHistory.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Platform platform;
    private final Deque<ServerExit> oldestFirst = new ArrayDeque<>();
    private volatile List<ServerExit> newestFirst = List.of();
    private int linesInFile;

    ExitHistory(Path file, Platform platform) {
        this.file = file;
        this.platform = platform;
        load();
    }

    private void load() {
        try (Stream<String> lines = Files.lines(file)) {
            lines.forEach(this::loadLine);
        } catch (NoSuchFileException e) {
            return; // nothing has ended yet
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("earlier ends of the server cannot be read file={}", file, e);
        }
        publish();
    }

    private void loadLine(String line) {
        linesInFile++;
        try {
            ServerExit exit = JSON.readValue(line, ServerExit.class);
            if (exit != null && exit.cause() != null && exit.endedAt() != null) {
                keep(exit);
            }
        } catch (JacksonException e) {
            LOG.debug("a line cut short by a crash is passed over", e);
        }
    }

    private void keep(ServerExit exit) {
        oldestFirst.addLast(exit);
        if (oldestFirst.size() > MOST) {
            oldestFirst.removeFirst();
        }
    }

    private void publish() {
        newestFirst = List.copyOf(oldestFirst.reversed());
    }

    /** Newest first. */
    List<ServerExit> newestFirst() {
        return newestFirst;
    }

    /** One more. */
    void add(ServerExit exit) {
        keep(exit);
        publish();
        try {
            if (linesInFile >= MOST_LINES) {
                rewrite();
            } else {
                append(exit);
            }
        } catch (IOException e) {
            LOG.warn("the end of the server cannot be kept file={}", file, e);
        }
    }

    private void append(ServerExit exit) throws IOException {
        // A line end stands first as well: the line before may have been cut short by a crash.
        String line = (linesInFile == 0 ? "" : "\n") + JSON.writeValueAsString(exit);
        try (FileChannel channel =
                platform.openPrivate(
                        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            ByteBuffer rest = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
        linesInFile++;
    }

    private void rewrite() throws IOException {
        StringBuilder all = new StringBuilder();
        for (ServerExit exit : oldestFirst) {
            all.append(all.isEmpty() ? "" : "\n").append(JSON.writeValueAsString(exit));
        }
        platform.writePrivately(file, all.toString().getBytes(StandardCharsets.UTF_8));
        linesInFile = oldestFirst.size();
    }
}
