package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.console.client.SseParser.SseEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class SseParserTest {
    private static final String THREE =
            """
            : hello

            id: 1
            event: metrics
            data: {"a":1}

            id:2
            event:notice
            data:first
            data:  second ü

            retry: 10
            unknown: x
            data

            """;

    private static final List<SseEvent> EXPECTED =
            List.of(
                    new SseEvent("1", "metrics", "{\"a\":1}"),
                    new SseEvent("2", "notice", "first\n second ü"),
                    new SseEvent(null, "message", ""));

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void readsEventsHoweverLinesEndAndBytesAreCut(String lineEnd) throws IOException {
        byte[] bytes = THREE.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);

        for (int round = 0; round < 300; round++) {
            SseParser parser = new SseParser(1_000);
            List<SseEvent> events = new ArrayList<>();
            int most = 1 + random.nextInt(bytes.length);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(most), bytes.length - at);
                events.addAll(parser.feed(ByteBuffer.wrap(bytes, at, length)));
                at += length;
            }

            assertThat(events).isEqualTo(EXPECTED);
        }
    }

    @Test
    void dropsAByteOrderMark() throws IOException {
        assertThat(feed(new SseParser(100), "\uFEFFdata: x\n\n"))
                .containsExactly(new SseEvent(null, "message", "x"));
    }

    @Test
    void passesOverAnEventWithoutData() throws IOException {
        assertThat(feed(new SseParser(100), "id: 4\nevent: metrics\n\ndata: x\n\n"))
                .containsExactly(new SseEvent(null, "message", "x"));
    }

    @Test
    void refusesAnEventThatIsTooLargeBeforeItIsComplete() {
        SseParser parser = new SseParser(20);

        assertThatThrownBy(() -> feed(parser, "data: " + "x".repeat(15)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("20 bytes");
    }

    @Test
    void refusesCommentsWithoutEnd() {
        SseParser parser = new SseParser(50);

        assertThatThrownBy(() -> feed(parser, ": more\n".repeat(20)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void countsEachEventAnew() throws IOException {
        SseParser parser = new SseParser(20);

        assertThat(feed(parser, "data: 0123456789\n\n".repeat(50))).hasSize(50);
    }

    private static List<SseEvent> feed(SseParser parser, String text) throws IOException {
        return parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
