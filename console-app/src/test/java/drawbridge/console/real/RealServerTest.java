package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/** The main job end to end: a session is seen and revoked; a server that is killed comes back. */
class RealServerTest extends RealConsole {
    @Test
    void showsRealSessionAndRevokesItWithOneClick() {
        String session = register("ana@example.test");
        assertThat(validate(session).statusCode()).isEqualTo(200);
        go(KeyCode.DIGIT2);
        awaitText("ana@example.test");

        robot.clickOn(".row-action");
        awaitText("refused on 1 of 1");

        HttpResponse<String> refused = validate(session);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(refused.body()).get("code").asString())
                .isEqualTo("SESSION_REVOKED");

        robot.clickOn("ana@example.test").type(KeyCode.ENTER);
        awaitText("Revoked by");
        awaitText("Refused: revoked");
        awaitText("Session opened");
    }

    @Test
    void startsKilledServerAgainWithEverythingItAnswered() {
        String session = register("ben@example.test");
        long pid = ready().orElseThrow().get("pid").asLong();

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        await().atMost(patience())
                .until(() -> ready().filter(r -> r.get("pid").asLong() != pid).isPresent());
        assertThat(validate(session).statusCode()).isEqualTo(200);
        go(KeyCode.DIGIT0);
        awaitText("Running");
        robot.clickOn("#exitsTab");
        awaitText("signal 9");
        go(KeyCode.DIGIT2);
        awaitText("ben@example.test");
    }
}
