package drawbridge.console.supervise;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns lines of the server's files into log lines. Safe for many threads. */
final class LogLines {
    private static final Set<String> OWN = Set.of("at", "level", "logger", "message", "error");

    /** How the server's logger prints what it also writes to the structured log. */
    private static final Pattern LOGGED =
            Pattern.compile(
                    "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (?:ERROR|WARN |INFO |DEBUG|TRACE) .*",
                    Pattern.DOTALL);

    private static final Pattern TRACE =
            Pattern.compile(
                    "\\s+(?:at |\\.\\.\\. ).*|Caused by: .*|(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:: .*)?",
                    Pattern.DOTALL);

    private final JsonMapper json = JsonMapper.builder().build();

    /** A line of the structured log; one that is no JSON object is taken as it is. */
    LogLine structured(String line) {
        try {
            JsonNode root = json.readTree(line);
            if (root != null && root.isObject()) {
                return ofObject(root);
            }
        } catch (JacksonException e) {
            return unstructured(line); // cut short, or not from the logger
        }
        return unstructured(line);
    }

    private static LogLine ofObject(JsonNode root) {
        StringBuilder message = new StringBuilder(text(root, "message"));
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (!OWN.contains(field.getKey())) {
                message.append(message.isEmpty() ? "" : " ").append(field.getKey()).append('=');
                message.append(valueOf(field.getValue()));
            }
        }
        String error = text(root, "error");
        if (!error.isBlank()) {
            message.append('\n').append(error.stripTrailing());
        }
        return new LogLine(
                instant(text(root, "at")),
                level(text(root, "level")),
                shortName(text(root, "logger")),
                message.toString());
    }

    /** Whether the server's logger printed this line; the structured log has it too, with more. */
    static boolean isLogged(String line) {
        return LOGGED.matcher(line).matches();
    }

    /** Whether a line continues one that was logged: part of a stack trace. */
    static boolean isTrace(String line) {
        return TRACE.matcher(line).matches();
    }

    /** A line that something printed. */
    LogLine unstructured(String line) {
        return new LogLine(null, "INFO", "", line);
    }

    private static String text(JsonNode root, String field) {
        JsonNode value = root.path(field);
        return value.isMissingNode() || value.isNull() ? "" : valueOf(value);
    }

    private static String valueOf(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    @Nullable
    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String level(String text) {
        return switch (text) {
            case "ERROR", "WARN", "DEBUG" -> text;
            case "TRACE" -> "DEBUG";
            default -> "INFO";
        };
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
