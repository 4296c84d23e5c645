package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import tools.jackson.core.JacksonException;
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

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH)
                                                    .maxStringLength(TEXT)
                                                    .maxNameLength(NAME)
                                                    .maxNumberLength(32)
                                                    .maxTokenCount(5_000)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Json() {}

    /**
     * Reads one object.
     *
     * @throws ProblemException with what is wrong and where
     */
    static ObjectNode readObject(byte[] body) {
        JsonNode node;
        try {
            node = MAPPER.readTree(utf8(body));
        } catch (StreamConstraintsException e) {
            throw malformed(
                    "the JSON is too deep or too long: at most %d levels, %d characters in a text"
                            .formatted(DEPTH, TEXT));
        } catch (JacksonException e) {
            throw malformed(
                    "%s at line %d, column %d"
                            .formatted(
                                    what(e),
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr()));
        }
        if (!(node instanceof ObjectNode object)) {
            throw malformed("a JSON object is expected, such as {\"email\":\"…\"}");
        }
        return object;
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
