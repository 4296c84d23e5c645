package drawbridge.console.client;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a back end reports in a bridge call, as somebody copied it out of a log or a program. What
 * is null is not in it. A session's id is passed over: nobody may paste one anywhere.
 */
public record ReportedCall(
        @Nullable String method,
        @Nullable String path,
        @Nullable String ip,
        @Nullable String device,
        @Nullable String agent,
        @Nullable String session) {
    private static final int LARGEST = 64 * 1024;

    /**
     * Reads a bridge call's JSON object, or a request's first line such as {@code POST
     * /payments/7}.
     *
     * @return empty when the text is neither
     */
    public static Optional<ReportedCall> read(String text) {
        String line = text.strip();
        if (line.length() > LARGEST) {
            return Optional.empty();
        }
        if (line.matches("(?s)[A-Za-z]{1,16} /.*")) {
            String[] parts = line.lines().findFirst().orElse("").split(" ", -1);
            return Optional.of(new ReportedCall(parts[0], parts[1], null, null, null, null));
        }
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            Map<String, Object> fields =
                    new WireJson()
                            .read(
                                    line.getBytes(StandardCharsets.UTF_8),
                                    new TypeReference<Map<String, Object>>() {});
            return Optional.of(
                    new ReportedCall(
                            text(fields, "method"),
                            text(fields, "path"),
                            text(fields, "ip", "ip_address", "ipAddress"),
                            text(
                                    fields,
                                    "device_id",
                                    "deviceId",
                                    "device_fingerprint",
                                    "deviceFingerprint"),
                            text(fields, "user_agent", "userAgent"),
                            text(fields, "session", "ref")));
        } catch (JacksonException _) {
            return Optional.empty(); // not JSON: the caller says what would be
        }
    }

    private static @Nullable String text(Map<String, Object> fields, String... names) {
        for (String name : names) {
            if (fields.get(name) instanceof String value && !value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }
}
