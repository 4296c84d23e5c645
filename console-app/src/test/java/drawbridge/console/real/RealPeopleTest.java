package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Users and trust tokens, by the console and by what the server then does. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the server is started by a shell script")
class RealPeopleTest extends RealConsole {
    /** Nothing of this is about how long an undo can be asked for. */
    @Override
    String environment() {
        return "export DRAWBRIDGE_SESSION_HOLD=10m";
    }

    @Test
    void lockedUserIsRefusedAtOnceUntilUnlocked() {
        String session = register("gina@example.test");
        assertThat(validate(session).statusCode()).isEqualTo(200);
        go(KeyCode.DIGIT3);
        awaitText("gina@example.test");

        robot.clickOn("gina@example.test");
        awaitText("1 live session");
        robot.clickOn("#lock");
        awaitText("Lock gina@example.test?");
        robot.write("left the company");
        robot.type(KeyCode.ENTER);

        awaitText("Locked by an administrator");
        assertThat(validate(session).statusCode()).isEqualTo(401);
        assertThat(logIn("gina@example.test").statusCode()).isEqualTo(401);
        awaitText("Nobody is logged in as this user.");

        // Not by a click: for a few seconds the news of the lock lies over the button.
        robot.fire("#lock");
        awaitText("Unlock gina@example.test?");
        robot.clickOn("#confirm");
        await().atMost(patience()).until(() -> !shows("Locked by an administrator"));
        assertThat(logIn("gina@example.test").statusCode()).isEqualTo(200);
        assertThat(validate(session).statusCode()).as("it ended for good").isEqualTo(401);
        awaitText("1 live session");
    }

    @Test
    void sessionsOfAUserEndAndComeBackByUndo() {
        String session = register("hans@example.test");
        go(KeyCode.DIGIT3);
        awaitText("hans@example.test");
        robot.clickOn("hans@example.test");
        awaitText("End its session…");

        robot.clickOn("#endSessions");
        awaitText("1 live session of 1 user");
        robot.write("lost phone");
        robot.type(KeyCode.ENTER);

        awaitText("1 of 1 revoked");
        assertThat(validate(session).statusCode()).isEqualTo(401);
        robot.clickOn("#jobUndo");
        awaitText("1 of 1 restored");
        await().atMost(patience()).until(() -> validate(session).statusCode() == 200);
    }

    @Test
    void tokenIsIssuedInspectedAndConsumedOnce() throws IOException {
        register("ines@example.test");
        go(KeyCode.DIGIT7);
        awaitText("No tokens yet");
        robot.clickOn("#issue");
        awaitText("Issue a trust token");
        robot.write("ines@example.test");
        robot.clickOn("#once");
        robot.clickOn("#send");
        awaitText("Login link for ines@example.test");
        robot.clickOn("#reveal");
        String link = text("#text");
        String token = link.substring(link.indexOf("v4.public."));
        robot.clickOn("#copy");
        robot.clickOn("#done");
        assertThat(labelled(token)).as("shown once").isEmpty();
        awaitText("Pending");

        robot.clickOn("#inspectTab");
        inspect(link);
        awaitText("It would be accepted now");
        assertThat(labelled("passed")).hasSize(6);
        assertThat(pasted().getText()).isEmpty();
        inspect(token.substring(0, token.length() - 60) + token.substring(token.length() - 59));
        awaitText("It would be refused");
        assertThat(consume(token)).as("looking has not consumed it").isEqualTo(200);
        inspect(token);
        awaitText("consumed already");
        assertThat(consume(token)).isNotEqualTo(200);

        robot.clickOn("#tokensTab");
        awaitText("Consumed");
        assertThat(filesThatHold(token.substring(token.length() - 40))).isEmpty();
    }

    private void inspect(String text) {
        robot.interact(() -> pasted().setText(text));
        robot.clickOn("#inspect");
    }

    private TextField pasted() {
        return robot.lookup("#pasted").queryAs(TextField.class);
    }

    private String text(String id) {
        AtomicReference<String> text = new AtomicReference<>("");
        robot.interact(() -> text.set(robot.lookup(id).queryAs(Label.class).getText()));
        return text.get();
    }

    private int consume(String token) {
        return post("/auth/token/login", Map.of("token", token)).statusCode();
    }

    /** Everything that console and server have written. */
    private Stream<Path> filesThatHold(String part) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return Files.readString(
                                            file, java.nio.charset.StandardCharsets.ISO_8859_1)
                                    .contains(part);
                        } catch (IOException e) {
                            return false; // gone meanwhile
                        }
                    })
                    .toList()
                    .stream();
        }
    }
}
