package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

class InstantReaderTest {
    private final WireJson json = new WireJson();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T22:50:08Z",
                "2026-11-21T22:50:08.1Z",
                "2026-11-21T22:50:08.123456789Z",
                "2028-02-29T23:59:59.999Z",
                "1969-12-31T23:59:59.000000001Z",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "2026-11-21T24:00:00Z",
                "2026-12-31T23:59:60Z",
            })
    void readsWhatTheLibraryReads(String text) {
        assertThat(read(text)).isEqualTo(Instant.parse(text));
    }

    @Test
    void readsAnyTimeAsItWasWritten() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            Instant at =
                    Instant.ofEpochSecond(
                            random.nextLong(-50_000_000_000L, 250_000_000_000L),
                            random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000));
            assertThat(read(at.toString())).isEqualTo(at);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-11-31T00:00:00Z",
                "2026-11-21T25:00:00Z",
                "2026-11-21T22:60:00Z",
                "2026-11-21T22:50:08.Z.",
                "2026-11-21T22:5x:08Z",
                "2026-11-21T22:50:08.12a4Z",
                "2026-11-21T22:50:08.1234567891Z",
                "2026-11-21",
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(JacksonException.class);
    }

    private Instant read(String text) {
        return json.read(
                ('"' + text + '"').getBytes(StandardCharsets.UTF_8), new TypeReference<>() {});
    }
}
