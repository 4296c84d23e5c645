package drawbridge.server.http;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The texts of a bridge call's body, taken from its bytes in one pass when it holds nothing but
 * texts of the names that are read. Any other body is a {@link Body}. For one thread.
 */
final class BridgeBody implements Texts {
    private static final List<String> NAMES =
            List.of(
                    "bridge_secret",
                    "session_id",
                    "sessionId",
                    "ip",
                    "ip_address",
                    "ipAddress",
                    "device_id",
                    "deviceId",
                    "device_fingerprint",
                    "deviceFingerprint",
                    "device_cookie",
                    "deviceCookie",
                    "user_agent",
                    "userAgent",
                    "method",
                    "path",
                    "validation_mode",
                    "validationMode");
    private static final Map<String, Integer> PLACES =
            IntStream.range(0, NAMES.size())
                    .boxed()
                    .collect(Collectors.toUnmodifiableMap(NAMES::get, place -> place));

    private final @Nullable String[] values = new String[NAMES.size()];

    private BridgeBody() {}

    /** A body without any field. */
    static Texts empty() {
        return new BridgeBody();
    }

    /**
     * Reads one object: in one pass when it is as nearly all are, else like every other body.
     *
     * @throws ProblemException with what is wrong and where
     */
    static Texts read(byte[] json) {
        BridgeBody body = new BridgeBody();
        return Json.readTexts(json, body::take) ? body : new Body(Json.readObject(json));
    }

    private boolean take(String name, JsonParser text) {
        Integer place = PLACES.get(name);
        if (place == null || values[place] != null) {
            return false;
        }
        values[place] = text.getString();
        return true;
    }

    @Override
    public Optional<String> text(int most, String... names) {
        for (String name : names) {
            Integer place = PLACES.get(name);
            if (place == null) {
                throw new IllegalArgumentException("no bridge call has " + name);
            }
            String value = values[place];
            if (value != null) {
                return Optional.of(Body.checked(name, value, most));
            }
        }
        return Optional.empty();
    }
}
