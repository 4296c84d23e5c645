package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The audit on the screen, while somebody else writes into the database file. */
class RealAuditTest extends RealConsole {
    private void write(String statement) throws SQLException {
        try (Connection database =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + data.resolve("drawbridge.db"));
                Statement sql = database.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 60000");
            assertThat(sql.executeUpdate(statement)).isPositive();
        }
    }

    /** An export is covered to its end, so that it signs at once. */
    private void export() throws IOException {
        URI admin = URI.create(ready().orElseThrow().get("adminUrl").asString());
        String token = Files.readString(data.resolve("admin-token")).strip();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(admin.resolve("/v1/audit/export"))
                        .header("Authorization", "Bearer " + token);
        assertThat(send(request).statusCode()).isEqualTo(200);
    }

    @Test
    void findsAChangedRowAndACutTail() throws Exception {
        register("ana@example.test");
        go(KeyCode.DIGIT8);
        awaitText("session.opened");
        robot.clickOn("#verify");
        awaitText("intact");

        write("UPDATE audit SET actor = 'nobody' WHERE number = 1");
        robot.clickOn("#verify");
        awaitText("row 1 does not fit its hash");

        write("UPDATE audit SET actor = 'server' WHERE number = 1");
        write("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)");
        robot.clickOn("#verify");
        awaitText("the tail is cut off");
    }

    @Test
    void keepsSignedCheckpointsWhereTheServerDoesNotWrite() throws Exception {
        register("ben@example.test");
        go(KeyCode.DIGIT8);
        export();
        Path kept = data.resolve("audit-witness.jsonl");

        awaitText("This console keeps");

        assertThat(Files.readString(kept)).contains("\"signature\"");
    }

    /** Whoever owns the database and its keys can sign anew, but not what the console has kept. */
    @Test
    void contradictsACutTailWhoseCheckpointsAreGoneToo() throws Exception {
        register("cem@example.test");
        go(KeyCode.DIGIT8);
        export();
        awaitText("This console keeps");
        robot.clickOn("#verify");
        awaitText("intact");

        write("DELETE FROM audit_checkpoint");
        robot.clickOn("#verify");

        awaitText("The server no longer has a checkpoint that was kept");
    }
}
