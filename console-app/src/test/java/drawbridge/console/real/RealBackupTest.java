package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Backup, loss and restore from the screen, with a real server as the child. */
class RealBackupTest extends RealConsole {
    private void backUpTo(Path file) {
        go(KeyCode.DIGIT0);
        robot.clickOn("#careTab").clickOn("#backUp");
        fill("#file", file.toString());
        robot.clickOn("#save");
        awaitText("Backed up to");
        awaitText("found whole");
    }

    private void restore(Path file) {
        robot.fire("#restoreFile");
        fill("#file", file.toString());
        robot.clickOn("#save");
        awaitText("Every session and every open token ends");
        fill("#text", "restore");
        robot.clickOn("#confirm");
    }

    private void awaitServerOtherThan(long pid) {
        await("another server")
                .atMost(patience())
                .until(() -> ready().filter(r -> r.get("pid").asLong() != pid).isPresent());
    }

    @Test
    void whatWasDestroyedComesBackAndNothingThatWasRevoked() throws Exception {
        String session = register("ana@example.test");
        String revoked = register("ben@example.test");
        assertThat(validate(session).statusCode()).isEqualTo(200);
        Path kept = data.resolveSibling("kept.db");
        backUpTo(kept);

        // after the backup: one is revoked, and somebody else comes
        assertThat(post("/auth/logout", Map.of(), "X-Session-ID", revoked).statusCode())
                .isLessThan(300);
        register("cleo@example.test");
        long first = ready().orElseThrow().get("pid").asLong();

        // destroyed: the server is stopped, and its database is gone
        robot.clickOn("#stop");
        await("no server").atMost(patience()).until(() -> ready().isEmpty());
        awaitText("Stopped");
        try (Stream<Path> files = Files.list(data)) {
            for (Path file :
                    files.filter(f -> f.getFileName().toString().startsWith("drawbridge.db"))
                            .toList()) {
                Files.delete(file);
            }
        }

        restore(kept);
        awaitText("is restored");
        awaitServerOtherThan(first);

        // users are back, and no session of before is: a restore ends them all
        assertThat(logIn("ana@example.test").statusCode()).isEqualTo(200);
        assertThat(logIn("ben@example.test").statusCode()).isEqualTo(200);
        assertThat(logIn("cleo@example.test").statusCode()).isEqualTo(401);
        assertThat(validate(session).statusCode()).isEqualTo(401);
        assertThat(validate(revoked).statusCode()).isEqualTo(401);
        JsonNode login = JSON.readTree(logIn("ana@example.test").body());
        String fresh = login.get("session_id").asString();
        assertThat(validate(fresh).statusCode()).isEqualTo(200);
        go(KeyCode.DIGIT8);
        awaitText("backup.restored");
        robot.clickOn("#verify");
        awaitText("intact");
    }

    @Test
    void aDamagedBackupChangesNothing() throws Exception {
        String session = register("ana@example.test");
        Path kept = data.resolveSibling("kept.db");
        backUpTo(kept);
        byte[] bytes = Files.readAllBytes(kept);
        for (int i = 4_096; i < bytes.length; i += 97) {
            bytes[i] = (byte) (bytes[i] ^ 0x55);
        }
        Files.write(kept, bytes);
        long first = ready().orElseThrow().get("pid").asLong();

        restore(kept);
        awaitText("Not restored");
        awaitText("Nothing was changed");

        awaitServerOtherThan(first);
        assertThat(validate(session).statusCode()).isEqualTo(200);
    }
}
