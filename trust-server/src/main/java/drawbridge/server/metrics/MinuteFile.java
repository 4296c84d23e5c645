package drawbridge.server.metrics;

import drawbridge.model.view.MinuteFigures;
import drawbridge.server.Platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The last day's minutes in a file, a line each, so that a restart does not lose them. They are
 * good to have and nothing depends on them: a line that cannot be read is skipped, and what cannot
 * be written is tried again with the next minute. Used by one thread.
 */
public final class MinuteFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MinuteFile.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Far more than two days of lines: what is larger was not written here. */
    private static final long MOST_BYTES = 8L * 1024 * 1024;

    private final Path file;
    private final Platform platform;
    private final DayOfMinutes day;
    private int lines;

    /** Whether the file may hold half a line, or lacks some: then it is written as a whole. */
    private boolean isDamaged;

    private MinuteFile(Path file, Platform platform, DayOfMinutes day) {
        this.file = file;
        this.platform = platform;
        this.day = day;
    }

    /**
     * Reads what an earlier run left behind into that day, and writes its minutes down from then
     * on. Never fails: without a file that can be read the day begins empty.
     */
    public static MinuteFile open(Path file, Platform platform, DayOfMinutes day, Instant now) {
        MinuteFile opened = new MinuteFile(file, platform, day);
        opened.read(now);
        return opened;
    }

    private void read(Instant now) {
        Instant oldest = now.minus(Duration.ofDays(1));
        Instant newest = now.plus(Duration.ofMinutes(1));
        try {
            if (Files.notExists(file)) {
                return;
            }
            isDamaged = true; // also when it is whole: the first writing leaves out what is old
            if (Files.size(file) > MOST_BYTES) {
                LOG.warn("the history is too large and begins anew file={}", file);
                return;
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            List<MinuteFigures> minutes = new ArrayList<>();
            text.lines()
                    .map(MinuteFile::parse)
                    .flatMap(Optional::stream)
                    .filter(m -> m.at().isAfter(oldest) && !m.at().isAfter(newest))
                    .forEach(minutes::add);
            day.restore(minutes);
        } catch (IOException e) {
            LOG.warn("the history cannot be read and begins anew", e);
        }
    }

    private static Optional<MinuteFigures> parse(String line) {
        try {
            return Optional.ofNullable(JSON.readValue(line, MinuteFigures.class));
        } catch (JacksonException e) {
            return Optional.empty(); // half a line from a crash, or a field that is missing
        }
    }

    /** Writes down the minutes that ended since the last time. */
    public void writeDown() {
        boolean anew = isDamaged || lines > 2 * DayOfMinutes.MOST_MINUTES;
        List<MinuteFigures> minutes = anew ? day.takeAll() : day.takeUnwritten();
        if (minutes.isEmpty()) {
            return;
        }
        try {
            byte[] text = text(minutes);
            if (anew) {
                platform.writePrivately(file, text);
                lines = 0;
            } else {
                append(text);
            }
            lines += minutes.size();
            isDamaged = false;
        } catch (IOException e) {
            if (!isDamaged) {
                LOG.warn("the history cannot be written and is tried again", e);
            }
            isDamaged = true;
        }
    }

    private static byte[] text(List<MinuteFigures> minutes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (MinuteFigures minute : minutes) {
            text.writeBytes(JSON.writeValueAsBytes(minute));
            text.write('\n');
        }
        return text.toByteArray();
    }

    /** Not forced to disk: after a power loss half a line may stand there, which is skipped. */
    private void append(byte[] text) throws IOException {
        try (FileChannel channel =
                platform.openPrivate(
                        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            ByteBuffer rest = ByteBuffer.wrap(text);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    /** Writes down the rest, the minute that goes on as far as it came. */
    @Override
    public void close() {
        day.finish();
        writeDown();
    }
}
