package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.Node;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
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

    @Test
    void takesARuleAboveAnotherByMouse() {
        go(KeyCode.DIGIT4);
        awaitText("No rule says how strict a route is");
        for (String pattern : List.of("/first/**", "/second/**", "/third/**")) {
            robot.type(KeyCode.INSERT);
            await().atMost(patience())
                    .until(() ->
                            robot.lookup(".cell-field").queryAll().stream()
                                    .anyMatch(Node::isFocused));
            robot.write(pattern);
            robot.interact(() -> robot.lookup(".rules-table").query().requestFocus());
        }
        awaitText("3 changes staged");
        assertThat(patterns()).containsExactly("/first/**", "/second/**", "/third/**");

        robot.drag(handle(2)).moveTo(handle(0)).type(KeyCode.ESCAPE).drop();
        assertThat(patterns()).containsExactly("/first/**", "/second/**", "/third/**");

        robot.drag(handle(2)).moveTo(handle(0)).moveBy(0, -8).drop();
        assertThat(patterns()).containsExactly("/third/**", "/first/**", "/second/**");
        assertThat(selectedLine()).as("what was carried is selected").isZero();
        robot.drag(handle(0)).moveTo(handle(1)).moveBy(0, 8).drop();
        assertThat(patterns()).containsExactly("/first/**", "/third/**", "/second/**");
        robot.press(KeyCode.ALT).type(KeyCode.UP).release(KeyCode.ALT); // it is selected
        assertThat(patterns()).containsExactly("/third/**", "/first/**", "/second/**");

        robot.press(KeyCode.CONTROL).type(KeyCode.S).release(KeyCode.CONTROL);
        awaitText("Put version 1 in force?");
        robot.type(KeyCode.ENTER);
        awaitText("Version 1 · by an administrator");
        assertThat(inForce()).containsExactly("* /third/**", "* /first/**", "* /second/**");
    }

    /** Where a line is dragged by, once what-if has said all that moves the lines. */
    private Node handle(int line) {
        await().atMost(patience()).until(() -> shows("No call is recorded"));
        return robot.lookup(".place-box").queryAll().stream()
                .filter(RealConsole::isShown)
                .sorted(Comparator.comparingDouble(box -> box.localToScene(0, 0).getY()))
                .skip(line)
                .findFirst()
                .orElseThrow();
    }

    private int selectedLine() {
        return LookingRobot.onFx(() ->
                robot.lookup(".rules-table")
                        .queryTableView()
                        .getSelectionModel()
                        .getSelectedIndex());
    }

    private List<String> patterns() {
        return robot.lookup(".cell-field").queryAllAs(TextField.class).stream()
                .filter(field -> isShown(field) && field.getText().startsWith("/"))
                .sorted(Comparator.comparingDouble(field -> field.localToScene(0, 0).getY()))
                .map(TextField::getText)
                .toList();
    }

    private List<String> inForce() {
        String url = ready().orElseThrow().get("adminUrl").asString();
        String command =
                "curl -sS -H \"Authorization: Bearer $DRAWBRIDGE_ADMIN_TOKEN\" '%s/v1/policies?tenant=default'"
                        .formatted(url);
        return JSON.readTree(inBash(command))
                .get("rules")
                .valueStream()
                .map(rule -> rule.get("method").asString() + " " + rule.get("pattern").asString())
                .toList();
    }
}
