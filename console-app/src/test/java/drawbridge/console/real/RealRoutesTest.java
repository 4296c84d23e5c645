package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.Node;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Map;

/** A route's mode is raised by keyboard, after what-if, and the next real call obeys. */
class RealRoutesTest extends RealConsole {
    private HttpResponse<String> pay(String session) {
        return ask(
                Map.of(
                        "session_id",
                        session,
                        "ip",
                        "127.0.0.1",
                        "method",
                        "POST",
                        "path",
                        "/payments/7"));
    }

    @Test
    void raisesModeAfterWhatIfAndTheNextRealCallObeys() {
        String session = register("ana@example.test");
        for (int i = 0; i < 4; i++) {
            assertThat(pay(session).statusCode()).isEqualTo(200);
        }

        go(KeyCode.DIGIT4);
        awaitText("No rule says how strict a route is");
        robot.type(KeyCode.INSERT);
        awaitText("1 change staged, nothing applied");
        await("the cursor in the new rule's pattern")
                .atMost(patience())
                .until(() ->
                        robot.lookup(".cell-field").queryAll().stream().anyMatch(Node::isFocused));
        robot.write("/payments/**");
        awaitText("STANDARD on * /payments/** would have changed nothing for 4 recorded calls");
        assertThat(pay(session).statusCode()).isEqualTo(200);

        robot.interact(() -> robot.lookup(".rules-table").query().requestFocus());
        robot.type(KeyCode.DIGIT3);
        awaitText(
                "STRICT on * /payments/** would have refused 5 of 5 (100.0 %): 5 without a device");
        assertThat(pay(session).statusCode()).isEqualTo(200); // nothing is applied yet

        robot.press(KeyCode.CONTROL).type(KeyCode.S).release(KeyCode.CONTROL);
        awaitText("Put version 1 in force?");
        robot.write("payments need a device").type(KeyCode.ENTER);
        awaitText("Version 1 · by an administrator");

        HttpResponse<String> refused = pay(session);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(refused.body()).get("signal").asString()).isEqualTo("device");
        awaitText("1 refused: 1 without a device");
    }
}
