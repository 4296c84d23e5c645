package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.ConsoleApp;

import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Drills from the screen, against a real server: played, read, saved, and broken off by a kill. */
@Timeout(300)
class RealDrillsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final FxRobot robot = new FxRobot();
    private Path data = Path.of("");
    private Path folder = Path.of("");
    private Application console = new ConsoleApp();

    @BeforeEach
    void open(@TempDir Path temp) throws TimeoutException {
        folder = temp;
        data = temp.resolve("data");
        Stage stage = FxToolkit.registerPrimaryStage();
        robot.interact(() -> {
            stage.setX(0);
            stage.setY(0);
        });
        console =
                FxToolkit.setupApplication(
                        ConsoleApp.class,
                        "--data-dir",
                        data.toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0");
        await().atMost(PATIENCE).until(() -> pid().isPresent());
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT5).release(KeyCode.CONTROL);
        awaitText("No drill was run");
        await().atMost(PATIENCE).until(() -> !find("#runAll").isDisabled());
    }

    @AfterEach
    void close() throws TimeoutException {
        Optional<ProcessHandle> server = pid().flatMap(ProcessHandle::of);
        FxToolkit.cleanupApplication(console);
        FxToolkit.cleanupStages();
        server.ifPresent(process -> {
            process.destroy();
            await().atMost(PATIENCE).until(() -> !process.isAlive());
        });
    }

    /** Of the server that was ready last, if it still lives. */
    private Optional<Long> pid() {
        try {
            JsonNode ready = JSON.readTree(Files.readString(data.resolve("console-ready.json")));
            long pid = ready.get("pid").asLong();
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(_ -> pid);
        } catch (IOException | tools.jackson.core.JacksonException e) {
            return Optional.empty();
        }
    }

    private Node find(String query) {
        return robot.lookup(query).query();
    }

    private void press(String query) {
        robot.interact(() -> ((ButtonBase) find(query)).fire());
    }

    private void awaitText(String part) {
        await("“" + part + "” on the screen").atMost(PATIENCE).until(() -> shows(part));
    }

    private boolean shows(String part) {
        Set<Node> nodes =
                robot.lookup((Node node) ->
                                node instanceof Labeled labeled
                                        && labeled.getText() != null
                                        && labeled.getText().contains(part)
                                        && isShown(node))
                        .queryAll();
        return !nodes.isEmpty();
    }

    private static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }

    private void save(String form, Path file) {
        press("#saveReport");
        robot.interact(() -> {
            ((ButtonBase) find(form)).fire();
            ((TextField) find("#file")).setText(file.toString());
        });
        press("#save");
        awaitText(file.toString());
    }

    @Test
    void playsAllDrillsAndShowsEachStep() throws IOException {
        press("#runAll");
        awaitText("Playing ");
        awaitText("every attack was stopped");
        await().until(() -> shows("Held"));

        robot.interact(() -> find("#threat-hijacking").requestFocus());
        robot.type(KeyCode.ENTER);
        awaitText("STRICT: the owner's session, with another user agent");
        robot.interact(() -> find(".step-head").requestFocus());
        robot.type(KeyCode.ENTER);
        await().atMost(PATIENCE).until(() -> !robot.lookup(".step-request").queryAll().isEmpty());
        TextArea request = (TextArea) find(".step-request");
        assertThat(request.getText()).contains("/auth/login HTTP/1.1\n");
        TextArea answer = (TextArea) find(".step-answer");
        assertThat(answer.getText()).startsWith("HTTP/1.1 200");
        robot.clickOn("Copy");
        robot.interact(() ->
                assertThat(Clipboard.getSystemClipboard().getString())
                        .isEqualTo(request.getText()));

        Path html = folder.resolve("report.html");
        Path json = folder.resolve("report.json");
        save("#html", html);
        save("#json", json);
        JsonNode signed = JSON.readTree(Files.readString(json));
        JsonNode run = JSON.readTree(signed.get("report").asString());
        assertThat(run.get("state").asString()).isEqualTo("ended");
        assertThat(signed.get("signature").asString()).isNotEmpty();
        String page = Files.readString(html);
        assertThat(page)
                .contains("Every attack that was played was stopped.")
                .contains("POST /auth/bridge/validate")
                .contains(signed.get("keyId").asString())
                .doesNotContain("{{");
        assertThat(List.of("href=\"http", "src=", "@import", "url(")).noneMatch(page::contains);
    }

    @Test
    void saysThatAKilledRunWasBrokenOffAndGoesOn() {
        long killed = pid().orElseThrow();
        press("#runAll");
        awaitText("Playing ");

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE).until(() -> pid().filter(now -> now != killed).isPresent());
        awaitText("The server ended while the drills were played");
        await().atMost(PATIENCE).until(() -> !find("#runAll").isDisabled());
        press("#run-hijacking");
        awaitText("every attack was stopped");
    }
}
