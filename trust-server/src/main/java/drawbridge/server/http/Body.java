package drawbridge.server.http;

import drawbridge.server.config.Units;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The fields of a request's JSON object, read one by one with type and length. A null counts as
 * absent: some clients send their unset fields so. Messages name the field, never its value.
 */
final class Body implements Texts {
    private final ObjectNode fields;
    private final String prefix;
    private final Set<String> asked = new LinkedHashSet<>();

    Body(ObjectNode fields) {
        this(fields, "");
    }

    /** An object within the body; messages name its fields with the prefix before them. */
    private Body(ObjectNode fields, String prefix) {
        this.fields = fields;
        this.prefix = prefix;
    }

    /** Whether there is no field at all. */
    boolean isEmpty() {
        return fields.isEmpty();
    }

    @Override
    public Optional<String> text(int most, String... names) {
        Optional<String> found = Optional.empty();
        for (String name : names) {
            asked.add(name);
            JsonNode value = fields.get(name);
            if (value == null || value.isNull() || found.isPresent()) {
                continue;
            }
            found = Optional.of(text(prefix + name, value, most));
        }
        return found;
    }

    /** The same, for a field that must be there and must not be blank. */
    String needed(int most, String... names) {
        return text(most, names)
                .filter(value -> !value.isBlank())
                .orElseThrow(() ->
                        ProblemException.inField(prefix + names[0], "is missing; give a text"));
    }

    /**
     * A list of objects.
     *
     * @return empty when it is absent
     */
    Optional<List<Body>> objects(String name, int most) {
        return elements(name, most)
                .map(elements -> {
                    List<Body> objects = new ArrayList<>();
                    for (JsonNode element : elements) {
                        String place = place(name, objects.size());
                        if (!(element instanceof ObjectNode object)) {
                            throw ProblemException.inField(place, "must be an object");
                        }
                        objects.add(new Body(object, place + "."));
                    }
                    return objects;
                });
    }

    private String place(String name, int index) {
        return "%s%s[%d]".formatted(prefix, name, index);
    }

    private Optional<List<JsonNode>> elements(String name, int most) {
        asked.add(name);
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            throw ProblemException.inField(prefix + name, "must be a list");
        }
        if (value.size() > most) {
            throw ProblemException.inField(
                    prefix + name,
                    "has %d entries; at most %d are read".formatted(value.size(), most));
        }
        List<JsonNode> elements = new ArrayList<>();
        value.forEach(elements::add);
        return Optional.of(elements);
    }

    /**
     * An object.
     *
     * @return empty when it is absent
     */
    Optional<Body> object(String name) {
        asked.add(name);
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode object)) {
            throw ProblemException.inField(prefix + name, "must be an object");
        }
        return Optional.of(new Body(object, prefix + name + "."));
    }

    /**
     * A whole number within bounds.
     *
     * @return empty when it is absent
     */
    OptionalInt number(String name, int least, int most) {
        asked.add(name);
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return OptionalInt.empty();
        }
        boolean isWhole = value.isIntegralNumber() && value.canConvertToInt();
        if (!isWhole || value.intValue() < least || value.intValue() > most) {
            throw ProblemException.inField(
                    prefix + name, "must be a whole number from %d to %d".formatted(least, most));
        }
        return OptionalInt.of(value.intValue());
    }

    /** A time with its unit, such as {@code 24h}; empty when it is not there. */
    Optional<Duration> duration(String name, Duration least, Duration most) {
        return text(32, name)
                .map(text ->
                        Units.duration(text)
                                .filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0)
                                .orElseThrow(() ->
                                        wrong(
                                                name,
                                                "must be a time such as 90s, 24h or 30d, from %s to %s"
                                                        .formatted(
                                                                Units.text(least),
                                                                Units.text(most)))));
    }

    /** A refusal of that field. */
    ProblemException wrong(String name, String message) {
        return ProblemException.inField(prefix + name, message);
    }

    private static String text(String name, JsonNode value, int most) {
        if (!value.isString()) {
            throw ProblemException.inField(
                    name,
                    "must be a text, not " + value.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        return checked(name, value.stringValue(), most);
    }

    /** A text that is within bounds and holds nothing that hides in logs or cuts texts short. */
    static String checked(String name, String text, int most) {
        if (text.length() > most) {
            throw ProblemException.inField(
                    name, "has %d characters; at most %d are read".formatted(text.length(), most));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw ProblemException.inField(
                        name, "holds a control character at position " + i + "; leave it out");
            }
            if (Character.isSurrogate(c) && !isPaired(text, i)) {
                throw ProblemException.inField(
                        name, "holds half a character at position " + i + "; leave it out");
            }
        }
        return text;
    }

    private static boolean isPaired(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** A truth value; {@code otherwise} when it is absent. */
    boolean flag(String name, boolean otherwise) {
        asked.add(name);
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw ProblemException.inField(prefix + name, "must be true or false");
        }
        return value.booleanValue();
    }

    /** A truth value under the first of these names that is present; empty when none is. */
    Optional<Boolean> truth(String... names) {
        Optional<Boolean> found = Optional.empty();
        for (String name : names) {
            asked.add(name);
            JsonNode value = fields.get(name);
            if (value == null || value.isNull() || found.isPresent()) {
                continue;
            }
            if (!value.isBoolean()) {
                throw ProblemException.inField(name, "must be true or false");
            }
            found = Optional.of(value.booleanValue());
        }
        return found;
    }

    /**
     * An object, as text without line breaks; empty when it is absent.
     *
     * @param most how many characters that text may have
     */
    Optional<String> object(int most, String name) {
        asked.add(name);
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw ProblemException.inField(name, "must be an object");
        }
        String text = Json.text(value);
        if (text.length() > most) {
            throw ProblemException.inField(
                    name, "has %d characters; at most %d are kept".formatted(text.length(), most));
        }
        return Optional.of(text);
    }

    /**
     * A list of texts without doubles, in the order given.
     *
     * @param mostTexts how many there may be
     * @param most how many characters each may have
     * @return empty when it is absent
     */
    Optional<Set<String>> texts(String name, int mostTexts, int most) {
        asked.add(name);
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isArray() || value.size() > mostTexts) {
            throw ProblemException.inField(
                    prefix + name, "must be a list of at most %d texts".formatted(mostTexts));
        }
        Set<String> texts = new LinkedHashSet<>();
        value.values().forEach(item -> texts.add(text(prefix + name, item, most)));
        return Optional.of(texts);
    }

    /** Refuses fields that nothing asked for. */
    void refuseOthers() {
        for (String name : fields.propertyNames()) {
            if (!asked.contains(name)) {
                throw ProblemException.inField(
                        prefix + shown(name),
                        asked.isEmpty()
                                ? "is not known here; no fields are"
                                : "is not known here; known are " + String.join(", ", asked));
            }
        }
    }

    /** A name that somebody made up, fit to be told and logged. */
    static String shown(String name) {
        String some = name.length() > 40 ? name.substring(0, 40) + "…" : name;
        return some.replaceAll("\\p{Cntrl}", "?");
    }
}
