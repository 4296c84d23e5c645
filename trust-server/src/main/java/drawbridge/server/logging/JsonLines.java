package drawbridge.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;

import drawbridge.server.request.RequestId;

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
 * message}, {@code request} when it was written for one, then the fields of the thread and of the
 * event as strings, and {@code error} with the stack trace when there is one.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final Set<String> RESERVED = Set.of("at", "level", "logger", "message", "error");

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Lines are encoded one by one, in the order in which they are written. */
    private Instant last = Instant.EPOCH;

    @Override
    public byte[] encode(ILoggingEvent event) {
        return (JSON.writeValueAsString(fields(event, notBefore(event.getInstant()))) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * One event as JSON without a line's end, no part of it longer than that. Called on the thread
     * that logs: the request is known there only.
     */
    static String text(ILoggingEvent event, int mostOfEach) {
        Map<String, String> fields = fields(event, event.getInstant());
        fields.replaceAll((key, value) ->
                value.length() <= mostOfEach ? value : value.substring(0, mostOfEach) + "…");
        return JSON.writeValueAsString(fields);
    }

    private static Map<String, String> fields(ILoggingEvent event, Instant at) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("at", at.toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", shortName(event.getLoggerName()));
        line.put("message", event.getFormattedMessage());
        RequestId.current().ifPresent(id -> line.put("request", id));
        event.getMDCPropertyMap().forEach((key, value) -> line.put(free(key), value));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> line.put(free(pair.key), String.valueOf(pair.value)));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("error", ThrowableProxyUtil.asString(thrown).stripTrailing());
        }
        return line;
    }

    /** So that the lines of a file are in the order of their times. */
    private Instant notBefore(Instant at) {
        last = at.isAfter(last) ? at : last;
        return last;
    }

    static String shortName(String logger) {
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
