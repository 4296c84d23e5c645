package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Alerts of a real server, as they reach the person in front of the console. */
class RealAlertsTest extends RealConsole {
    private void guess(String email) {
        post("/auth/login", Map.of("email", email, "password", "wrong horse battery staple"));
    }

    private int ringing() {
        String text = robot.lookup(".bell").queryAs(ToggleButton.class).getText();
        return text == null || text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    private void write(String statement) throws SQLException {
        try (Connection database =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + data.resolve("drawbridge.db"));
                Statement sql = database.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 60000");
            assertThat(sql.executeUpdate(statement)).isPositive();
        }
    }

    /** Fewer guesses than the limit lets through: what it turns away is not counted. */
    @Test
    void guessesRingAndAreAcknowledgedAndTakenBack() {
        register("ana@example.test");
        go(KeyCode.B);
        awaitText("Nothing needs you");
        robot.clickOn("Rules");
        awaitText("Off: no data");
        robot.clickOn("Failed logins rise");
        robot.clickOn("#least").press(KeyCode.CONTROL).type(KeyCode.A).release(KeyCode.CONTROL);
        robot.write("3");
        robot.clickOn("Save");
        awaitText("is changed");
        robot.clickOn("#alertsTab");

        for (int i = 0; i < 4; i++) {
            guess("target" + i + "@example.test");
        }
        await().atMost(patience()).until(() -> ringing() == 1);

        awaitText("Failed logins rise:");
        go(KeyCode.B);
        await().atMost(patience()).until(() -> !shows("Nothing needs you"));
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);
        awaitText("nobody has it in hand");
        awaitText("target0@example.test");
        robot.type(KeyCode.A);
        awaitText("is acknowledged");
        await().atMost(patience()).until(() -> ringing() == 0);
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);
        await().atMost(patience()).until(() -> ringing() == 1);
    }

    @Test
    void aBrokenAuditRingsAndClearsWithItsTime() throws Exception {
        register("ana@example.test");
        go(KeyCode.B);
        awaitText("Nothing needs you");

        write("UPDATE audit SET actor = 'nobody' WHERE number = 1");
        await().atMost(patience()).until(() -> ringing() == 1);
        awaitText("Critical");
        awaitText("row 1 does not fit its hash");

        write("UPDATE audit SET actor = 'server' WHERE number = 1");
        await().atMost(patience()).until(() -> ringing() == 0);
        go(KeyCode.B);
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);
        awaitText("Cleared by itself at");
        robot.clickOn("Verify in Audit"); // beside the toast, in its shadow
        awaitText("session.opened");
    }
}
