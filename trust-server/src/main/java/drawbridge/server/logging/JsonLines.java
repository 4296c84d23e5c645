package drawbridge.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;

import org.slf4j.event.KeyValuePair;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One JSON object a line, in UTF-8: {@code at}, {@code level}, {@code logger} (short), {@code
 * message}, then the fields of the thread and of the event as strings, and {@code error} with the
 * stack trace when there is one.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final Set<String> RESERVED = Set.of("at", "level", "logger", "message", "error");

    private final JsonMapper json = JsonMapper.shared();

    /** Lines are encoded one by one, in the order in which they are written. */
    private Instant last = Instant.EPOCH;

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("at", notBefore(event.getInstant()).toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", shortName(event.getLoggerName()));
        line.put("message", event.getFormattedMessage());
        event.getMDCPropertyMap().forEach((key, value) -> line.put(free(key), value));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> line.put(free(pair.key), String.valueOf(pair.value)));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("error", ThrowableProxyUtil.asString(thrown).stripTrailing());
        }
        return (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** So that the lines of a file are in the order of their times. */
    private Instant notBefore(Instant at) {
        last = at.isAfter(last) ? at : last;
        return last;
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String free(String key) {
        return RESERVED.contains(key) ? "_" + key : key;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
