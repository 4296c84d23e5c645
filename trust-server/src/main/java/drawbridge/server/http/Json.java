package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes JSON. Reading is strict: UTF-8 only, one object, no duplicate keys, nothing
 * behind it, bounded depth and lengths. Safe for many threads.
 */
final class Json {
    private static final int DEPTH = 16;
    private static final int TEXT = 16 * 1024;
    private static final int NAME = 128;

    private static final JsonMapper MAPPER = mapper(true);

    /** Does not look for doubles: that costs as much as all the rest of its reading. */
    private static final JsonMapper QUICK = mapper(false);

    private Json() {}

    private static JsonMapper mapper(boolean findsDoubles) {
        return JsonMapper.builder(
                        JsonFactory.builder()
                                .streamReadConstraints(
                                        StreamReadConstraints.builder()
                                                .maxNestingDepth(DEPTH)
                                                .maxStringLength(TEXT)
                                                .maxNameLength(NAME)
                                                .maxNumberLength(32)
                                                .maxTokenCount(5_000)
                                                .build())
                                .configure(
                                        StreamReadFeature.STRICT_DUPLICATE_DETECTION, findsDoubles)
                                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * Reads one object.
     *
     * @throws ProblemException with what is wrong and where
     */
    static ObjectNode readObject(byte[] body) {
        JsonNode node;
        try {
            node = MAPPER.readTree(utf8(body));
        } catch (JacksonException e) {
            throw malformed(e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw noObject();
        }
        return object;
    }

    /** Takes the fields of an object one by one. */
    interface Fields {
        /**
         * A field; the parser stands at its value.
         *
         * @return false when it is not one of a known name, there for the first time, and a text
         */
        boolean take(String name, JsonParser text);
    }

    /**
     * Reads an object of nothing but known texts in one pass over its bytes.
     *
     * @return false when it is not such a one, or not well made: {@link #readObject} then judges it
     */
    static boolean readTexts(byte[] body, Fields fields) {
        if (!isPlain(body)) {
            return false; // what is plain ASCII is UTF-8 for sure
        }
        try (JsonParser parser = QUICK.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                if (parser.nextToken() != JsonToken.VALUE_STRING || !fields.take(name, parser)) {
                    return false;
                }
            }
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static boolean isPlain(byte[] body) {
        for (byte b : body) {
            if (b <= 0) {
                return false;
            }
        }
        return true;
    }

    private static ProblemException noObject() {
        return malformed("a JSON object is expected, such as {\"email\":\"…\"}");
    }

    private static ProblemException malformed(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return malformed(
                    "the JSON is too deep or too long: at most %d levels, %d characters in a text"
                            .formatted(DEPTH, TEXT));
        }
        return malformed(
                "%s at line %d, column %d"
                        .formatted(
                                what(e),
                                e.getLocation().getLineNr(),
                                e.getLocation().getColumnNr()));
    }

    /** Jackson's words without the parts that quote the input, which may hold a password. */
    private static String what(JacksonException e) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Duplicate")) {
            return "the same key stands twice in one object";
        }
        if (message.startsWith("Trailing")) {
            return "something stands behind the JSON object";
        }
        return "this is not JSON";
    }

    private static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the body is not UTF-8");
        }
    }

    private static ProblemException malformed(String message) {
        return ProblemException.of(ProblemCode.MALFORMED_JSON, message);
    }

    /** An empty object to put fields into. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An empty array to put values into. */
    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The JSON of a record, a list or a tree, as UTF-8. */
    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** The same, as text without line breaks. */
    static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
