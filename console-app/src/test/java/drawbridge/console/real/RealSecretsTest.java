package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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
    private static final String COMMAND = "drawbridge.server.command";

    /** A minute is what the bar looks back on. */
    private static final Duration DRAINED = Duration.ofSeconds(100);

    /** The console hands its own environment on, which a test cannot change. */
    @BeforeAll
    static void callWhatIsUnusedForTwoSecondsQuiet(@TempDir Path folder) throws IOException {
        Path script = folder.resolve("server");
        Files.writeString(
                script,
                """
                #!/bin/sh
                export DRAWBRIDGE_SECRET_QUIET=2s
                exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -cp '%s' drawbridge.server.ServerMain "$@"
                """
                        .formatted(
                                System.getProperty("java.home"),
                                System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        System.setProperty(COMMAND, script.toString());
    }

    @AfterAll
    static void startTheUsualOneAgain() {
        System.clearProperty(COMMAND);
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
            robot.interact(() -> {
                String there = Clipboard.getSystemClipboard().getString();
                assertThat(there == null ? "" : there).as("a minute is over").isEmpty();
            });
        } finally {
            backEnd.shutdownNow();
        }
    }

    private boolean isGreen() {
        return robot.lookup("#retire-1")
                .tryQueryAs(Button.class)
                .filter(button -> button.getStyleClass().contains("success"))
                .isPresent();
    }
}
