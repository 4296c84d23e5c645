package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.stage.WindowEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Simulated traffic fills a server of its own, and nothing of it is left behind. */
class RealSimulationTest extends RealConsole {
    private static final String TITLE = "Drawbridge – simulated traffic, throw-away server";

    private final String before = System.getProperty("java.io.tmpdir");
    private Path temporary = Path.of("");

    /** Of this test alone, so that what is left there is this test's. */
    @Override
    @BeforeEach
    void open(@TempDir Path folder) throws java.util.concurrent.TimeoutException {
        try {
            temporary = Files.createDirectory(folder.resolve("temporary"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("java.io.tmpdir", temporary.toString());
        super.open(folder);
    }

    @AfterEach
    void restore() {
        System.setProperty("java.io.tmpdir", before);
    }

    @Test
    void fillsAMarkedWindowAndLeavesNothingBehind() throws Exception {
        simulate();
        await().atMost(patience()).until(() -> simulated().isPresent());
        Stage window = simulated().orElseThrow();
        Node page = window.getScene().getRoot();
        awaitIn(page, "Simulated traffic – throw-away server");
        awaitIn(page, "Nobody is real here: made-up people sign in, work and attack.");
        robot.interact(() -> {
            window.setX(0);
            window.setY(0);
            window.requestFocus();
        });
        go(KeyCode.DIGIT2);
        awaitIn(page, "@simulation.invalid");
        go(KeyCode.DIGIT1);
        awaitIn(page, "Refused:");

        robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
        awaitIn(page, "Go to Sessions");
        assertThat(texts(page))
                .as("a dialog lies below the strip")
                .contains("Simulated traffic – throw-away server")
                .noneMatch(text -> text.contains("Simulate traffic in"));
        robot.type(KeyCode.ESCAPE);

        Path folder = folders().getFirst();
        JsonNode theirs = JSON.readTree(Files.readString(folder.resolve("console-ready.json")));
        List<ProcessHandle> processes =
                await().atMost(patience()) // both servers, and who plays
                        .until(
                                () -> ProcessHandle.current().children().toList(),
                                all -> all.size() == 3);
        assertThat(theirs.get("pid")).isNotEqualTo(ready().orElseThrow().get("pid"));

        robot.interact(
                () -> window.fireEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST)));
        await().atMost(patience()).until(() -> folders().isEmpty());
        await().atMost(patience())
                .until(() -> processes.stream().filter(ProcessHandle::isAlive).count() == 1);
        await("the person's own server").atMost(patience()).until(() -> ready().isPresent());
        go(KeyCode.DIGIT2);
        awaitText("Nobody has logged in yet");
    }

    /** A window that is hidden while its server ends has no styles any more. */
    @Test
    void endsWithoutAWarningAboutStyles() {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler hearing =
                new Handler() {
                    @Override
                    public void publish(LogRecord told) {
                        warnings.add(told.getMessage());
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        Logger styles = Logger.getLogger("javafx.css");
        styles.addHandler(hearing);
        try {
            simulate();
            awaitText("Nobody is real here: made-up people sign in, work and attack.");
            Stage window = simulated().orElseThrow();
            robot.interact(() ->
                    window.fireEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST)));
            await().atMost(patience()).until(() -> folders().isEmpty());
        } finally {
            styles.removeHandler(hearing);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void saysAtOnceThatItOpensAndOpensAnewWhileTheFormerEnds() {
        simulate();
        awaitText("Opening a throw-away window");
        await().atMost(patience()).until(() -> simulated().isPresent());
        Stage former = simulated().orElseThrow();

        robot.interact(
                () -> former.fireEvent(new WindowEvent(former, WindowEvent.WINDOW_CLOSE_REQUEST)));
        simulate();

        await().atMost(patience())
                .until(() -> simulated().filter(stage -> !stage.equals(former)).isPresent());
        assertThat(former.isShowing()).isFalse();
    }

    @Test
    void saysWhyItCannotOpen() throws IOException {
        Files.delete(temporary);

        simulate();

        awaitText("No traffic is simulated");
        awaitText("A folder for the throw-away server could not be made");
        Files.createDirectory(temporary);
        simulate();
        await().atMost(patience()).until(() -> simulated().isPresent());
    }

    private void simulate() {
        robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
        robot.write("simulate").type(KeyCode.ENTER);
    }

    private static java.util.Optional<Stage> simulated() {
        return LookingRobot.onFx(() ->
                Window.getWindows().stream()
                        .filter(Stage.class::isInstance)
                        .map(Stage.class::cast)
                        .filter(stage -> TITLE.equals(stage.getTitle()))
                        .findFirst());
    }

    private List<Path> folders() {
        try (Stream<Path> found = Files.list(temporary)) {
            return found.filter(path ->
                            path.getFileName().toString().startsWith("drawbridge-simulated-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitIn(Node page, String part) {
        await("“" + part + "” in the window")
                .atMost(patience())
                .until(() -> texts(page).stream().anyMatch(text -> text.contains(part)));
    }

    private List<String> texts(Node page) {
        return LookingRobot.onFx(() ->
                robot.from(page).lookup((Node node) -> node instanceof Labeled).queryAll().stream()
                        .map(node -> ((Labeled) node).getText())
                        .filter(text -> text != null && !text.isEmpty())
                        .toList());
    }
}
