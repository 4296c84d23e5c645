package drawbridge.console.client;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

import drawbridge.model.Secret;
import drawbridge.model.event.ServerEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import java.lang.reflect.Executable;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads and writes the records of the admin API. Properties it does not know are passed over, since
 * the server may be newer; a property that is missing or null where the record does not say
 * {@code @Nullable} makes the whole answer unreadable, so that no null gets behind this class. Safe
 * for many threads.
 */
final class WireJson {
    private static final StreamReadConstraints BOUNDS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxStringLength(1 << 20)
                    .maxNameLength(256)
                    .maxNumberLength(64)
                    .build();

    private final JsonMapper mapper =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(BOUNDS)
                                    // References of sessions are property names too: not to be
                                    // kept.
                                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(Instant.class, new InstantReader())
                                    .addDeserializer(Secret.class, new SecretReader()))
                    .annotationIntrospector(new NullMarkedRecords())
                    .build();

    /**
     * Reads one value.
     *
     * @throws JacksonException when the text is no JSON or not of that type
     */
    <T> T read(byte[] json, TypeReference<T> type) {
        T value = mapper.readValue(json, type);
        if (value == null) {
            throw new UnreadableException("null stands where a value is needed");
        }
        return value;
    }

    /**
     * Reads one event.
     *
     * @return empty for a type this build does not know
     * @throws JacksonException when the text is no JSON or not of that type
     */
    Optional<ServerEvent> readEvent(String type, String json) {
        Optional<Class<? extends ServerEvent>> known = ServerEvent.classOf(type);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        ServerEvent event = mapper.readValue(json, known.get());
        if (event == null) {
            throw new UnreadableException("null stands where an event is needed");
        }
        return Optional.of(event);
    }

    /** Writes a request's body. */
    byte[] write(Object body) {
        return mapper.writeValueAsBytes(body);
    }

    /** What is wrong with an unreadable answer, in a few words and without the answer itself. */
    static String words(JacksonException e) {
        String message = e.getOriginalMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        int place = line.indexOf(" (start marker at "); // says no more than where, in bytes
        line = place < 0 ? line : line.substring(0, place);
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }

    /** A value that is valid JSON, but not one. */
    private static final class UnreadableException extends JacksonException {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    /** Takes the nullness of record components, which JSpecify keeps at run time, for required. */
    private static final class NullMarkedRecords extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (member instanceof AnnotatedParameter parameter && isComponent(parameter)) {
                return !isNullable(parameter);
            }
            return super.hasRequiredMarker(config, member);
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
            if (annotated instanceof AnnotatedParameter parameter
                    && isComponent(parameter)
                    && !isNullable(parameter)) {
                return JsonSetter.Value.forValueNulls(Nulls.FAIL);
            }
            return super.findSetterInfo(config, annotated);
        }

        private static boolean isComponent(AnnotatedParameter parameter) {
            return parameter.getDeclaringClass().isRecord();
        }

        private static boolean isNullable(AnnotatedParameter parameter) {
            Executable constructor = (Executable) parameter.getOwner().getMember();
            return constructor.getAnnotatedParameterTypes()[parameter.getIndex()]
                    .isAnnotationPresent(Nullable.class);
        }
    }
}
