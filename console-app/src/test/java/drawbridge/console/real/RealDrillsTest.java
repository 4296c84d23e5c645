package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Drills from the screen, against a real server: played, read, saved, and broken off by a kill. */
@Timeout(300)
class RealDrillsTest extends RealConsole {
    @BeforeEach
    void goToThreats() {
        go(KeyCode.DIGIT5);
        awaitText("No drill was run");
        await().atMost(patience()).until(() -> !find("#runAll").isDisabled());
    }

    @Override
    Duration patience() {
        return Duration.ofSeconds(150);
    }

    /** Of the server that was ready last, if it answers. */
    private Optional<Long> pid() {
        return ready().map(ready -> ready.get("pid").asLong());
    }

    private Node find(String query) {
        return robot.lookup(query).query();
    }

    private void save(String form, Path file) {
        robot.fire("#saveReport");
        await().atMost(patience()).until(() -> robot.lookup(form).tryQuery().isPresent());
        robot.interact(() -> {
            ((ButtonBase) find(form)).fire();
            ((TextField) find("#file")).setText(file.toString());
        });
        robot.fire("#save");
        awaitText(file.toString());
    }

    @Test
    void playsAllDrillsAndShowsEachStep() throws IOException {
        robot.fire("#runAll");
        awaitText("Playing ");
        awaitText("every attack was stopped");
        await().until(() -> shows("Held"));

        robot.interact(() -> find("#threat-hijacking").requestFocus());
        robot.type(KeyCode.ENTER);
        awaitText("STRICT: the owner's session, with another user agent");
        robot.interact(() -> find(".step-head").requestFocus());
        robot.type(KeyCode.ENTER);
        await().atMost(patience()).until(() -> !robot.lookup(".step-request").queryAll().isEmpty());
        TextArea request = (TextArea) find(".step-request");
        assertThat(request.getText()).contains("/auth/login HTTP/1.1\n");
        TextArea answer = (TextArea) find(".step-answer");
        assertThat(answer.getText()).startsWith("HTTP/1.1 200");
        robot.clickOn("Copy");
        robot.interact(() ->
                assertThat(Clipboard.getSystemClipboard().getString())
                        .isEqualTo(request.getText()));

        Path html = data.resolveSibling("report.html");
        Path json = data.resolveSibling("report.json");
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
    void comparesADrillWithTheOneBefore() throws IOException {
        robot.fire("#run-hijacking");
        awaitText("every attack was stopped");
        Path first = data.resolveSibling("first.json");
        save("#json", first);
        assertThat(beforeIn(first)).isEmpty();

        robot.fire("#run-hijacking");
        awaitText("0 better, 0 worse, 1 as before");
        robot.interact(() -> find("#threat-hijacking").requestFocus());
        robot.type(KeyCode.ENTER);
        awaitText("The drill before: Held");
        Path second = data.resolveSibling("second.json");
        save("#json", second);
        assertThat(beforeIn(second)).isEqualTo("holds");
    }

    /** How the drill before ended, as a signed report has it; empty when there was none. */
    private static String beforeIn(Path report) throws IOException {
        JsonNode run =
                JSON.readTree(JSON.readTree(Files.readString(report)).get("report").asString());
        JsonNode before = run.get("drills").get(0).get("before");
        return before == null || before.isNull() ? "" : before.get("outcome").asString();
    }

    @Test
    void saysThatAKilledRunWasBrokenOffAndGoesOn() {
        long killed = pid().orElseThrow();
        robot.fire("#runAll");
        awaitText("Playing ");

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(patience()).until(() -> pid().filter(now -> now != killed).isPresent());
        awaitText("The server ended while the drills were played");
        robot.fire("#run-hijacking");
        awaitText("every attack was stopped");
    }
}
