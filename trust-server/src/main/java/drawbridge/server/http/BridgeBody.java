package drawbridge.server.http;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The texts of a bridge call's body, taken from the bytes in one pass: what a validation does not
 * read is only looked through. As strict as {@link Body}. For one thread.
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

    /** What stands where no text does. */
    private record Other(String kind) {}

    private final @Nullable Object[] values = new Object[NAMES.size()];

    private BridgeBody() {}

    /** A body without any field. */
    static BridgeBody empty() {
        return new BridgeBody();
    }

    /**
     * Reads one object.
     *
     * @throws ProblemException with what is wrong and where
     */
    static BridgeBody read(byte[] json) {
        BridgeBody body = new BridgeBody();
        Json.readObject(json, body::takeQuickly, body::again);
        return body;
    }

    /** A text of a name that is known and was not there before; gives up on anything else. */
    private boolean takeQuickly(String name, JsonParser value) {
        Integer place = PLACES.get(name);
        if (place == null
                || values[place] != null
                || value.currentToken() != JsonToken.VALUE_STRING) {
            return false;
        }
        values[place] = value.getString();
        return true;
    }

    private Json.Fields again() {
        Arrays.fill(values, null);
        return this::take;
    }

    private boolean take(String name, JsonParser value) {
        Integer place = PLACES.get(name);
        JsonToken token = value.currentToken();
        if (place != null && token == JsonToken.VALUE_STRING) {
            values[place] = value.getString();
        } else if (place != null && token != JsonToken.VALUE_NULL) {
            values[place] = new Other(kind(token));
        }
        value.skipChildren();
        return true;
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "object";
            case START_ARRAY -> "array";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            default -> "number";
        };
    }

    @Override
    public Optional<String> text(int most, String... names) {
        for (String name : names) {
            Integer place = PLACES.get(name);
            if (place == null) {
                throw new IllegalArgumentException("no bridge call has " + name);
            }
            Object value = values[place];
            if (value instanceof Other(String kind)) {
                throw ProblemException.inField(name, "must be a text, not " + kind);
            }
            if (value instanceof String text) {
                return Optional.of(Body.checked(name, text, most));
            }
        }
        return Optional.empty();
    }
}
