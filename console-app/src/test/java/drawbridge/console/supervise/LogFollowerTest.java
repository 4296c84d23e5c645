package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

class LogFollowerTest {
    @TempDir private Path folder;

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private Path structured;
    private Path output;

    @BeforeEach
    void name() {
        structured = folder.resolve("server.jsonl");
        output = folder.resolve("server.out");
    }

    private static String json(String message) {
        return "{\"at\":\"2026-03-01T12:00:00Z\",\"level\":\"WARN\",\"logger\":\"a.b.C\",\"message\":\"%s\"}\n"
                .formatted(message);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private FollowedFile followed() {
        return new FollowedFile(structured);
    }

    @Test
    void readsAFileThatComesAndGrows() throws IOException {
        try (FollowedFile file = followed()) {
            assertThat(file.readLast(10)).isEmpty();
            assertThat(file.readOn()).isEmpty();

            append(structured, "one\ntw");
            assertThat(file.readOn()).containsExactly("one");

            append(structured, "o\n\nthree\r\n");
            assertThat(file.readOn()).containsExactly("two", "three");
            assertThat(file.readOn()).isEmpty();
        }
    }

    @Test
    void beginsWithTheLastLines() throws IOException {
        append(structured, String.join("\n", lines(0, 5_000)) + "\nhalf a li");
        try (FollowedFile file = followed()) {
            assertThat(file.readLast(1_000)).isEqualTo(lines(4_000, 5_000));

            append(structured, "ne\n");
            assertThat(file.readOn()).containsExactly("half a line");
        }
    }

    @Test
    void beginsAtAWholeLineOfALargeFile() throws IOException {
        append(structured, ("x".repeat(99) + "\n").repeat(40_000));
        try (FollowedFile file = followed()) {
            assertThat(file.readLast(100_000))
                    .hasSizeBetween(20_000, 21_000)
                    .allSatisfy(line -> assertThat(line).hasSize(99));
        }
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    @Test
    void goesOnInTheNewFileAfterARotation() throws IOException {
        append(structured, "one\n");
        try (FollowedFile file = followed()) {
            assertThat(file.readOn()).containsExactly("one");

            append(structured, "two\n");
            Files.move(structured, folder.resolve("server.jsonl.1"));
            append(structured, "three\n");

            List<String> read = new ArrayList<>(file.readOn());
            while (file.mayHaveMore()) {
                read.addAll(file.readOn());
            }
            assertThat(read).containsExactly("two", "three");
        }
    }

    @Test
    void goesOnAtTheBeginningWhenTheFileIsCut() throws IOException {
        append(structured, "one\ntwo\nhalf");
        try (FollowedFile file = followed()) {
            assertThat(file.readOn()).hasSize(2);

            Files.writeString(structured, "a\n", StandardOpenOption.TRUNCATE_EXISTING);

            assertThat(file.readOn()).containsExactly("a");
        }
    }

    @Test
    void readsMuchInPiecesAndCutsEndlessLines() throws IOException {
        append(structured, "y".repeat(1 << 20) + "\nend\n");
        try (FollowedFile file = followed()) {
            List<String> read = new ArrayList<>(file.readOn());
            assertThat(read).isEmpty();
            assertThat(file.mayHaveMore()).isTrue();
            while (file.mayHaveMore()) {
                read.addAll(file.readOn());
            }

            assertThat(read).hasSize(2);
            assertThat(read.getFirst()).hasSize((64 << 10) + 1).endsWith("y…");
            assertThat(read.getLast()).isEqualTo("end");
        }
    }

    @Test
    void makesFieldsAndErrorsReadable() {
        LogLines lines = new LogLines();

        LogLine line =
                lines.structured(
                        """
                        {"at":"2026-03-01T12:00:00Z","level":"ERROR","logger":"drawbridge.server.Wiring",\
                        "message":"it broke","port":7070,"who":"ana","nested":{"a":1},\
                        "error":"java.lang.Error: x\\n\\tat y\\n"}\
                        """);

        assertThat(line)
                .isEqualTo(
                        new LogLine(
                                Instant.parse("2026-03-01T12:00:00Z"),
                                "ERROR",
                                "Wiring",
                                "it broke port=7070 who=ana nested={\"a\":1}\njava.lang.Error: x\n\tat y"));
        assertThat(lines.structured("{\"at\":")).isEqualTo(lines.unstructured("{\"at\":"));
        assertThat(lines.structured("[1]")).isEqualTo(lines.unstructured("[1]"));
        assertThat(lines.structured("{}").message()).isEmpty();
    }

    @Test
    void tellsTheLastLinesThenWhatIsNew() throws IOException {
        append(output, "printed\n");
        Files.setLastModifiedTime(output, FileTime.fromMillis(1));
        append(structured, json("logged"));
        try (LogFollower follower = new LogFollower(structured, output)) {
            try (ServerSupervisor.Subscription _ = follower.subscribe(this::keep)) {
                await().until(() -> messages.size() == 2);
                append(structured, json("more"));
                append(output, "printed more\n");
                await().until(() -> messages.size() == 4);
            }

            assertThat(messages.subList(0, 2)).containsExactly("printed", "logged");
            assertThat(messages.subList(2, 4)).containsExactlyInAnyOrder("printed more", "more");

            messages.clear();
            ServerSupervisor.Subscription _ = follower.subscribe(this::keep);
            await().until(() -> messages.size() == 4);
        }
    }

    @Test
    void doesNotTellTwiceWhatTheLoggerPrintsAsWell() throws IOException {
        append(structured, json("logged"));
        append(
                output,
                """
                Drawbridge answers at http://127.0.0.1:7070
                12:00:00.000 WARN  C logged\s
                java.lang.IllegalStateException: x
                \tat a.b.C.d(C.java:1)
                Caused by: java.io.IOException: y
                \t... 2 common frames omitted
                printed
                """);
        try (LogFollower follower = new LogFollower(structured, output)) {
            ServerSupervisor.Subscription _ = follower.subscribe(this::keep);
            await().until(() -> messages.size() >= 3);
        }

        assertThat(messages)
                .containsExactlyInAnyOrder(
                        "logged", "Drawbridge answers at http://127.0.0.1:7070", "printed");
    }

    private void keep(List<LogLine> batch) {
        assertThat(batch).isNotEmpty().hasSizeLessThanOrEqualTo(1_000);
        batch.forEach(line -> messages.add(line.message()));
    }

    @Test
    void carriesMuchInBatchesWithoutLosingALine() throws IOException {
        append(structured, "");
        StringBuilder all = new StringBuilder();
        lines(0, 20_000).forEach(line -> all.append(json(line)));
        try (LogFollower follower = new LogFollower(structured, output)) {
            ServerSupervisor.Subscription _ = follower.subscribe(this::keep);
            append(structured, json("first"));
            await().until(() -> messages.contains("first"));

            append(structured, all.toString());
            await().until(() -> messages.size() == 20_001);
        }

        assertThat(messages.subList(1, 20_001)).isEqualTo(lines(0, 20_000));
    }
}
