package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A secret is rotated while a back end goes on calling, watched, and retired. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the server is started by a shell script")
class RealSecretsTest extends RealConsole {
    /** A minute is what the bar looks back on. */
    private static final Duration DRAINED = Duration.ofMinutes(4);

    @Override
    String environment() {
        return "export DRAWBRIDGE_SECRET_QUIET=2s";
    }

    private HttpResponse<String> validate(String secret, String session) {
        return ask(Map.of("session_id", session, "ip", "127.0.0.1"), secret);
    }

    @Test
    void rotatesSecretUnderCallsAndRetiresItWhenNothingUsesItAnyMore() throws IOException {
        String session = register("ana@example.test");
        String old = Files.readString(data.resolve("bridge-secret")).strip();
        AtomicReference<String> inUse = new AtomicReference<>(old);
        AtomicInteger refused = new AtomicInteger();
        ScheduledExecutorService backEnd = Executors.newSingleThreadScheduledExecutor();
        try {
            Future<?> _ =
                    backEnd.scheduleAtFixedRate(
                            () -> {
                                if (validate(inUse.get(), session).statusCode() != 200) {
                                    refused.incrementAndGet();
                                }
                            },
                            0,
                            100,
                            TimeUnit.MILLISECONDS);
            go(KeyCode.DIGIT6);
            awaitText("default");
            robot.type(KeyCode.ENTER);
            awaitText("Version 1 · current");

            robot.clickOn("#rotate");
            awaitText("New secret of default, version 2");
            Path file = data.resolve("new-bridge-secret");
            robot.interact(
                    () -> robot.lookup("#file").queryAs(TextField.class).setText(file.toString()));
            robot.clickOn("#write");
            awaitText("Written to");
            String fresh = Files.readString(file).strip();
            assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            robot.clickOn("#reveal");
            assertThat(labelled(fresh)).isNotEmpty();
            robot.clickOn("#copy");
            robot.clickOn("#done");
            assertThat(labelled(fresh)).isEmpty();
            robot.interact(
                    () -> assertThat(Clipboard.getSystemClipboard().getString()).isEqualTo(fresh));

            assertThat(validate(old, session).statusCode()).isEqualTo(200);
            assertThat(validate(fresh, session).statusCode()).isEqualTo(200);
            awaitText("Version 1 · old");
            awaitText("calls in the last minute:");
            assertThat(isGreen()).isFalse();

            inUse.set(fresh);
            await("nothing uses the old secret").atMost(DRAINED).until(this::isGreen);
            awaitText("Nothing has used it");
            robot.clickOn("#retire-1");
            await().atMost(patience()).until(() -> validate(old, session).statusCode() == 401);
            awaitText("Version 1 · retired");
            assertThat(JSON.readTree(validate(old, session).body()).get("code").asString())
                    .isEqualTo("INVALID_BRIDGE_SECRET");
            assertThat(validate(fresh, session).statusCode()).isEqualTo(200);
            assertThat(refused).as("calls refused over the whole rotation").hasValue(0);
            await("a minute is over")
                    .atMost(patience())
                    .until(() ->
                            LookingRobot.onFx(() ->
                                    !fresh.equals(Clipboard.getSystemClipboard().getString())));
        } finally {
            backEnd.shutdownNow();
        }
    }

    @Test
    void whatIsCopiedOfACallerWorksInAShell() throws IOException {
        String session = register("ben@example.test");
        String secret = Files.readString(data.resolve("bridge-secret")).strip();
        go(KeyCode.DIGIT6);
        awaitText("default");
        robot.type(KeyCode.ENTER);
        awaitText("Version 1 · current");

        robot.clickOn("#more").clickOn("Copy as curl");
        assertThat(clipboard()).doesNotContain(adminToken());
        assertThat(JSON.readTree(inBash(clipboard())).get("name").asString()).isEqualTo("default");

        robot.clickOn("#more").clickOn("Copy a validate call as curl");
        assertThat(clipboard()).doesNotContain(secret);
        JsonNode trusted =
                JSON.readTree(
                        inBash(
                                clipboard(),
                                Map.of("DRAWBRIDGE_BRIDGE_SECRET", secret, "SESSION_ID", session)));
        assertThat(trusted.get("success").asBoolean()).isTrue();
    }

    private boolean isGreen() {
        return robot.lookup("#retire-1")
                .tryQueryAs(Button.class)
                .filter(button -> button.getStyleClass().contains("success"))
                .isPresent();
    }
}
