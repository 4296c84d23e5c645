package drawbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.tls.CertificatePin;
import drawbridge.model.view.ConfigEntry;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold of every type both programs share. */
final class ModelTest {
    private static final String CANARY = "c4n4ry-0123456789abcdef0123456789abcdef";

    private static final JavaClasses TYPES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("drawbridge.model");

    @Test
    void noTypePrintsASecretItHolds() throws ReflectiveOperationException {
        List<Class<?>> records =
                TYPES.stream()
                        .map(JavaClass::reflect)
                        .filter(Class::isRecord)
                        .<Class<?>>map(type -> type)
                        .toList();
        assertThat(records).hasSizeGreaterThan(20);

        for (Class<?> type : records) {
            for (RecordComponent component : type.getRecordComponents()) {
                assertThat(isBare(component))
                        .as(
                                "%s.%s holds a secret as text or bytes; make it a Secret",
                                type.getSimpleName(), component.getName())
                        .isFalse();
            }
        }
        assertThat(Secret.ofText(CANARY).toString()).doesNotContain(CANARY);
        SessionToken token = SessionToken.draw(new SecureRandom());
        assertThat(token.toString()).doesNotContain(token.reveal().substring(4));
    }

    /** A component whose name says secret must be of a type that redacts itself. */
    private static boolean isBare(RecordComponent component) {
        if (component.getDeclaringRecord() == ConfigEntry.class) {
            return false; // key is a setting's name here, and the value is masked where it is made
        }
        boolean secretByName =
                component
                        .getName()
                        .matches(
                                "(?i)(?!public|.*id$).*(secret|password|token|key|credential|cookie).*");
        Class<?> type = component.getType();
        return secretByName && (type == String.class || type.isArray());
    }

    @Test
    void typesThatWrapBytesNeverPrintThem() {
        for (JavaClass type : TYPES) {
            boolean wrapsBytes =
                    type.getFields().stream()
                            .anyMatch(field ->
                                    field.getRawType().isEquivalentTo(byte[].class)
                                            && !field.getModifiers().toString().contains("STATIC"));
            if (wrapsBytes) {
                assertThat(type.tryGetMethod("toString"))
                        .as("%s says itself what it prints", type.getSimpleName())
                        .isPresent();
            }
        }
    }

    @Test
    void everyEventHasANameThatFindsItsTypeAgain() throws ReflectiveOperationException {
        Class<?>[] types = ServerEvent.class.getPermittedSubclasses();
        assertThat(types).isNotEmpty();

        for (Class<?> type : types) {
            ServerEvent event = (ServerEvent) sample(type);
            assertThat(event.type()).matches("[a-z]+(\\.[a-z]+)*");
            assertThat(ServerEvent.classOf(event.type()))
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(type));
            assertThat(event.seq()).isEqualTo(7);
        }
        assertThat(ServerEvent.classOf("no.such")).isEmpty();
    }

    @Test
    void recordsKeepNoCollectionTheirMakerCanChange() throws ReflectiveOperationException {
        for (JavaClass found : TYPES) {
            Class<?> type = found.reflect();
            if (!type.isRecord()
                    || !Modifier.isPublic(type.getModifiers())
                    || type == SessionRef.class
                    || type == CertificatePin.class) {
                continue;
            }
            for (RecordComponent component : type.getRecordComponents()) {
                Object value = component.getAccessor().invoke(sample(type));
                if (value instanceof List<?> list) {
                    assertThat(list.getClass().getName())
                            .as("%s.%s", type.getSimpleName(), component.getName())
                            .startsWith("java.util.ImmutableCollections");
                }
                if (value instanceof Map<?, ?> map) {
                    assertThat(map.getClass().getName())
                            .as("%s.%s", type.getSimpleName(), component.getName())
                            .startsWith("java.util.ImmutableCollections");
                }
            }
        }
    }

    private static Object sample(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] parameters = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
            values[i] = value(parameters[i]);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static Object value(Class<?> type) throws ReflectiveOperationException {
        if (type == SessionRef.class) {
            return new SessionRef("ref_AAAAAAAAAAAAAAAAAAAAAA");
        }
        if (type.isRecord()) {
            return sample(type);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return switch (type.getName()) {
            case "long", "java.lang.Long" -> 7L;
            case "int", "java.lang.Integer" -> 7;
            case "double", "java.lang.Double" -> 0.5;
            case "boolean", "java.lang.Boolean" -> false;
            case "java.lang.String" -> "text";
            case "java.time.Instant" -> Instant.EPOCH;
            case "java.time.Duration" -> Duration.ZERO;
            case "java.util.List" -> new ArrayList<>();
            case "java.util.Map" -> new HashMap<>();
            case "java.util.Set" -> Set.of();
            case "java.util.Optional" -> Optional.empty();
            case "java.lang.Object" -> "anything";
            case "drawbridge.model.IpAddress" -> IpAddress.ofBytes(new byte[4]);
            case "drawbridge.model.Secret" -> Secret.ofText(CANARY);
            default ->
                    throw new IllegalStateException(
                            "no sample of " + type.getName() + ": add one here");
        };
    }
}
