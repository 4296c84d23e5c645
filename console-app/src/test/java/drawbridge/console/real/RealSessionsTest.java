package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicReference;

/** Many sessions at once, by the keyboard alone, against the real server. */
class RealSessionsTest extends RealConsole {
    private String secondSession(String email) {
        return JSON.readTree(logIn(email).body()).get("session_id").asString();
    }

    private void sees(String session, int status) {
        await().atMost(patience()).until(() -> validate(session).statusCode() == status);
    }

    @Test
    void keyboardAloneFindsAUserRevokesAllTheirSessionsAndTakesItBack() {
        String one = register("cleo@example.test");
        String two = secondSession("cleo@example.test");
        String other = register("dana@example.test");
        go(KeyCode.DIGIT2);
        awaitText("cleo@example.test");
        awaitText("dana@example.test");

        robot.type(KeyCode.SLASH);
        robot.write("user:cleo ");
        await().atMost(patience()).until(() -> !shows("dana@example.test"));
        robot.press(KeyCode.SHIFT).type(KeyCode.DELETE).release(KeyCode.SHIFT);
        awaitText("2 live sessions of 1 user");
        await().atMost(patience()).until(() -> robot.lookup("#reason").query().isFocused());
        robot.write("lost laptop");
        robot.type(KeyCode.ENTER);

        awaitText("2 of 2 revoked");
        assertThat(validate(one).statusCode()).isEqualTo(401);
        assertThat(validate(two).statusCode()).isEqualTo(401);
        assertThat(validate(other).statusCode()).isEqualTo(200);
        awaitText("refused on 1 of 1 nodes");
        robot.type(KeyCode.ENTER); // from the filter into the table
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);

        awaitText("2 of 2 restored");
        sees(one, 200);
        sees(two, 200);
    }

    @Test
    void whatIsCopiedAsCurlWorksInAShell() throws Exception {
        String session = register("eve@example.test");
        go(KeyCode.DIGIT2);
        awaitText("eve@example.test");

        robot.clickOn("eve@example.test");
        choose("Copy as curl");
        JsonNode shown = JSON.readTree(inBash(clipboard()));
        assertThat(shown.get("session").get("email").asString()).isEqualTo("eve@example.test");

        choose("Copy its revocation as curl");
        String command = clipboard();
        assertThat(command).doesNotContain(adminToken());
        assertThat(JSON.readTree(inBash(command)).get("sessions").asInt()).isEqualTo(1);
        assertThat(validate(session).statusCode()).isEqualTo(401);
    }

    /** From the menu of the selected row. */
    private void choose(String item) {
        robot.press(KeyCode.SHIFT).type(KeyCode.F10).release(KeyCode.SHIFT);
        awaitText(item);
        robot.clickOn(item);
    }

    private String adminToken() {
        try {
            return Files.readString(data.resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String clipboard() {
        AtomicReference<String> text = new AtomicReference<>("");
        robot.interact(() -> text.set(Clipboard.getSystemClipboard().getString()));
        return text.get();
    }

    private String inBash(String command) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", command);
        shell.environment().put("DRAWBRIDGE_ADMIN_TOKEN", adminToken());
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @Test
    void explainsARefusalInTheDrawer() {
        String session = register("finn@example.test");
        go(KeyCode.DIGIT2);
        awaitText("finn@example.test");
        robot.clickOn(".row-action");
        awaitText("refused on 1 of 1");
        assertThat(validate(session).statusCode()).isEqualTo(401);

        robot.clickOn("finn@example.test");
        awaitText("Refused: revoked");
        robot.clickOn("Explain");

        awaitText("it was revoked, or logged out");
    }
}
