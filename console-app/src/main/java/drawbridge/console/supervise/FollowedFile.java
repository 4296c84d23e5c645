package drawbridge.console.supervise;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that grows by lines, is cut to nothing or exchanged for a new one now and then, and may
 * not be there yet. A file that cannot be read just now has no new lines. For one thread.
 */
final class FollowedFile implements AutoCloseable {
    private static final int MOST_BYTES_AT_ONCE = 256 << 10;
    private static final int LONGEST_LINE = 64 << 10;
    private static final long BYTES_AT_START = 2L << 20;

    private final Path path;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES_AT_ONCE);
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long position;
    private boolean mayHaveMore;

    FollowedFile(Path path) {
        this.path = path;
    }

    /** When it was last written, in milliseconds; 0 when it is not there. */
    long modified() {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last lines there are, oldest first; {@link #readOn} goes on behind them. */
    List<String> readLast(int most) {
        List<String> lines = new ArrayList<>();
        try {
            FileChannel opened = open();
            if (opened == null) {
                return lines;
            }
            long size = opened.size();
            position = Math.max(0, size - BYTES_AT_START);
            boolean isCut = position > 0;
            while (position < size) {
                lines.addAll(readFrom(opened));
                if (isCut && !lines.isEmpty()) {
                    lines.removeFirst(); // half a line
                    isCut = false;
                }
                if (lines.size() > most) {
                    lines.subList(0, lines.size() - most).clear();
                }
            }
        } catch (IOException e) {
            close();
        }
        return lines;
    }

    /** The lines that are new, oldest first, of at most 256 KiB. */
    List<String> readOn() {
        mayHaveMore = false;
        List<String> lines = new ArrayList<>();
        try {
            FileChannel opened = open();
            if (opened == null) {
                return lines;
            }
            if (opened.size() < position) { // cut to nothing
                position = 0;
                line.reset();
            }
            lines.addAll(readFrom(opened));
            if (position < opened.size()) {
                mayHaveMore = true;
            } else if (isExchanged()) {
                close(); // read to its end; the new one is next
                mayHaveMore = true;
            }
        } catch (IOException e) {
            close();
        }
        return lines;
    }

    /** Whether {@link #readOn} stopped before the end. */
    boolean mayHaveMore() {
        return mayHaveMore;
    }

    private @Nullable FileChannel open() throws IOException {
        if (channel == null && Files.isRegularFile(path)) {
            Object before = fileKey();
            channel = FileChannel.open(path, StandardOpenOption.READ);
            key = before;
            position = 0;
            line.reset();
            if (isExchanged()) {
                close(); // right then; the next look opens the new one
            }
        }
        return channel;
    }

    /** What tells this file from another one under its name; its creation time at worst. */
    private Object fileKey() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Object inode = attributes.fileKey();
        return inode == null ? attributes.creationTime() : inode;
    }

    private boolean isExchanged() {
        try {
            return !fileKey().equals(key);
        } catch (IOException e) {
            return false; // between moving away and making new
        }
    }

    private List<String> readFrom(FileChannel from) throws IOException {
        bytes.clear();
        int read = from.read(bytes, position);
        List<String> lines = new ArrayList<>();
        if (read <= 0) {
            return lines;
        }
        position += read;
        bytes.flip();
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b == '\n') {
                endLine(lines);
            } else if (line.size() < LONGEST_LINE) {
                line.write(b);
            }
        }
        return lines;
    }

    private void endLine(List<String> lines) {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        if (!text.isEmpty()) {
            lines.add(line.size() < LONGEST_LINE ? text : text + "…");
        }
        line.reset();
    }

    @Override
    public void close() {
        FileChannel opened = channel;
        channel = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                return; // it was only read
            }
        }
    }
}
