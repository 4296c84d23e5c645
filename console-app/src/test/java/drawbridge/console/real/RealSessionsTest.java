package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;

/** Many sessions at once, by the keyboard alone, against the real server. */
class RealSessionsTest extends RealConsole {
    /** Nothing of this is about how long an undo can be asked for. */
    @Override
    String environment() {
        return "export DRAWBRIDGE_SESSION_HOLD=10m";
    }

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

    private boolean isUserChosen() {
        return robot.lookup(".palette .list-cell:selected").queryAll().stream()
                .anyMatch(cell -> ((Labeled) cell).getText().startsWith("User gina@example.test"));
    }

    private void tapUntil(KeyCode key, BooleanSupplier there) {
        await("by " + key)
                .atMost(patience())
                .until(() -> {
                    if (!there.getAsBoolean()) {
                        robot.type(key);
                    }
                    return there.getAsBoolean();
                });
    }

    @Test
    void keyboardAloneStartsFromThePalette() {
        String one = register("gina@example.test");
        String two = secondSession("gina@example.test");
        String other = register("hugo@example.test");

        robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
        robot.write("gina@");
        awaitText("User gina@example.test");
        tapUntil(KeyCode.DOWN, this::isUserChosen);
        robot.type(KeyCode.ENTER);
        await().atMost(patience()).until(() -> !shows("hugo@example.test"));
        awaitText("1 of 1 shown");
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);
        awaitText("End all 2 sessions");
        tapUntil(KeyCode.TAB, () -> robot.lookup("#endSessions").query().isFocused());
        robot.type(KeyCode.SPACE);
        awaitText("2 live sessions of 1 user");
        await().atMost(patience()).until(() -> robot.lookup("#reason").query().isFocused());
        robot.write("left the company").type(KeyCode.ENTER);
        awaitText("2 of 2 revoked");
        sees(one, 401);
        sees(two, 401);
        assertThat(validate(other).statusCode()).isEqualTo(200);

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

    /** As if the one there is had been opened so often. */
    private void copySession(int times) throws SQLException {
        try (Connection database =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + data.resolve("drawbridge.db"));
                Statement sql = database.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 60000");
            sql.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                    INSERT INTO session (id, ref, tenant_id, user_id, opened_number, ip, ip_bytes, level,
                        created_at, absolute_end, idle_micros, last_seen_at, lifetime_micros, renewable_until)
                    SELECT randomblob(32), 'ref_' || substr(hex(randomblob(11)), 1, 22), tenant_id, user_id,
                        opened_number, ip, ip_bytes, level, created_at, absolute_end, idle_micros, last_seen_at,
                        lifetime_micros, renewable_until
                    FROM n, (SELECT * FROM session LIMIT 1)
                    """
                            .formatted(times));
        }
    }

    @Test
    void aRevocationOfManyIsCancelledHalfWay() throws Exception {
        register("hana@example.test");
        copySession(30_000);
        go(KeyCode.DIGIT2);
        awaitText("hana@example.test");
        robot.type(KeyCode.SLASH);
        robot.write("user:hana ");
        robot.press(KeyCode.SHIFT).type(KeyCode.DELETE).release(KeyCode.SHIFT);
        awaitText("30,001 live sessions; the newest 1,000 are of 1 user");
        await().atMost(patience()).until(() -> robot.lookup("#reason").query().isFocused());
        robot.write("half of it").type(KeyCode.TAB).write("30001").type(KeyCode.ENTER);

        await("some are revoked, and the rest not yet")
                .atMost(patience())
                .until(() -> shows("Revoking ") && !shows("Revoking 0 of"));
        robot.fire("#jobCancel");
        awaitText("Cancelled: ");

        String url = ready().orElseThrow().get("adminUrl").asString();
        JsonNode live =
                JSON.readTree(
                        inBash(
                                "curl -sS -H \"Authorization: Bearer $DRAWBRIDGE_ADMIN_TOKEN\" '%s/v1/sessions?filter=state:live&limit=1'"
                                        .formatted(url)));
        assertThat(live.get("total").asInt()).isBetween(1, 30_000);
        awaitText("Cancelled: %,d of 30,001 revoked".formatted(30_001 - live.get("total").asInt()));
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
