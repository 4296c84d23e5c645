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

    private final int mostBytes;
    private byte[] line = new byte[2_048];
    private int lineLength;
    private final StringBuilder data = new StringBuilder(512);
    private boolean hasData;
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
        String text = new String(line, 0, lineLength, StandardCharsets.UTF_8);
        lineLength = 0;
        if (isFirstLine && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        isFirstLine = false;
        if (text.isEmpty()) {
            endEvent(events);
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        switch (field) {
            case "data" -> {
                if (hasData) {
                    data.append('\n');
                }
                hasData = true;
                data.append(value);
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

    private void endEvent(List<SseEvent> events) {
        if (hasData) {
            events.add(new SseEvent(id, type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        id = null;
        type = "";
        bytesOfEvent = 0;
    }
}
