package drawbridge.console.client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) out of bytes as they come, however they are cut.
 * One event may have so many bytes and no more. For one thread.
 */
final class SseParser {
    /**
     * One event.
     *
     * @param id its own id; null when it carries none, an earlier event's id does not count for it
     * @param type {@code message} when it names none
     * @param data its data lines, joined by line feeds
     */
    record SseEvent(@Nullable String id, String type, String data) {}

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final int mostBytes;
    private byte[] line = new byte[2_048];
    private int lineLength;
    private @Nullable String data;
    private final StringBuilder furtherData = new StringBuilder();
    private @Nullable String id;
    private String type = "";
    private int bytesOfEvent;
    private boolean isAfterCr;
    private boolean isFirstLine = true;

    /**
     * @param mostBytes how many bytes one event may have, its field names and comments included
     */
    SseParser(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Takes the next bytes.
     *
     * @return the events that are complete with them, in order
     * @throws IOException when an event is too large; the parser is of no use afterwards
     */
    List<SseEvent> feed(ByteBuffer bytes) throws IOException {
        List<SseEvent> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            boolean isSecondHalf = isAfterCr && b == '\n';
            isAfterCr = b == '\r';
            if (isSecondHalf) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                endLine(events);
                continue;
            }
            if (++bytesOfEvent > mostBytes) {
                throw new IOException("an event has more than " + mostBytes + " bytes");
            }
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, 2 * lineLength);
            }
            line[lineLength++] = b;
        }
        return events;
    }

    private void endLine(List<SseEvent> events) {
        int from = isFirstLine && startsWithMark() ? MARK.length : 0;
        int end = lineLength;
        lineLength = 0;
        isFirstLine = false;
        if (from == end) {
            endEvent(events);
            return;
        }
        int colon = from;
        while (colon < end && line[colon] != ':') {
            colon++;
        }
        String field = text(from, colon);
        int begin = Math.min(colon + 1, end);
        String value = text(begin < end && line[begin] == ' ' ? begin + 1 : begin, end);
        switch (field) {
            case "data" -> {
                if (data == null) {
                    data = value; // most have one line, and it is copied no further
                } else {
                    furtherData.append('\n').append(value);
                }
            }
            case "event" -> type = value;
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                }
            }
            default -> {
                // A comment (empty field name), retry, or a field of a later version: passed over.
            }
        }
    }

    private boolean startsWithMark() {
        return lineLength >= MARK.length
                && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length);
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    private void endEvent(List<SseEvent> events) {
        if (data != null) {
            String whole = furtherData.isEmpty() ? data : data + furtherData;
            events.add(new SseEvent(id, type.isEmpty() ? "message" : type, whole));
        }
        data = null;
        furtherData.setLength(0);
        id = null;
        type = "";
        bytesOfEvent = 0;
    }
}
