package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A server weakened on purpose, each practice in its own way, as the Checklist screen shows it.
 * What the screen said is written to {@code target/checklist-on-screen.md}, and {@code
 * docs/checklist.md} holds the same table.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the server is started by a shell script")
class RealWeakChecklistTest extends ChecklistOnScreen {
    private static final List<String> VERDICTS = List.of("Pass", "Warning", "Fail", "Not needed");

    /** What weakens a server that runs. */
    private interface Act {
        void weaken() throws IOException, SQLException;
    }

    /**
     * Something that weakens one practice.
     *
     * @param said part of what the row must say
     * @param leadsTo what the row's button shows
     */
    private record Weakening(
            String what, String practice, String verdict, String said, String leadsTo) {}

    /** The server was started with all of them. */
    private static final List<Weakening> SETTINGS =
            List.of(
                    new Weakening(
                            "`password.min.length = 8`",
                            "Authentication on every route",
                            "Warning",
                            "passwords of 8 characters are taken",
                            "Settings"),
                    new Weakening(
                            "`limit.authentication = 60`",
                            "Rate limits",
                            "Warning",
                            "one source may try 60 logins a minute",
                            "Settings"),
                    new Weakening(
                            "`log.level = WARN`",
                            "Central logs",
                            "Fail",
                            "only ERROR and WARN is logged",
                            "Settings"),
                    new Weakening(
                            "`http.max.body = 2MiB`",
                            "Input checked at the edge",
                            "Warning",
                            "bodies of up to 2,048 KiB are read",
                            "Settings"),
                    new Weakening(
                            "`cors.origins = http://shop.example.test`",
                            "CORS and security headers",
                            "Warning",
                            "pages of http://shop.example.test may call",
                            "Settings"));

    private final List<String> table =
            new ArrayList<>(
                    List.of(
                            "| weakened | item | the screen said | its button |",
                            "| --- | --- | --- | --- |"));

    @Override
    String environment() {
        return """
        export DRAWBRIDGE_EMAIL_VERIFICATION=on
        export DRAWBRIDGE_ALERT_WEBHOOK_URL=http://127.0.0.1:9/alerts
        export DRAWBRIDGE_ALERT_WEBHOOK_SECRET=a-webhook-secret-only-for-tests-0123456789
        export DRAWBRIDGE_PASSWORD_MIN_LENGTH=8
        export DRAWBRIDGE_LIMIT_AUTHENTICATION=60
        export DRAWBRIDGE_LOG_LEVEL=WARN
        export DRAWBRIDGE_HTTP_MAX_BODY=2MiB
        export DRAWBRIDGE_CORS_ORIGINS=http://shop.example.test
        """;
    }

    @Test
    void showsEachWeaknessAndLeadsToWhereItIsMended() throws IOException, SQLException {
        lookAt();
        for (Weakening each : SETTINGS) {
            awaitSaid(each);
        }
        Map<String, String> before = verdicts();
        assertThat(before)
                .containsEntry("Secrets and environment", "Pass")
                .containsEntry("Row-level security", "Not needed")
                .containsEntry("Least privilege", "Pass")
                .containsEntry("Monitoring and alerts", "Pass")
                .containsEntry("Pools and leftovers", "Pass");

        weaken(
                new Weakening(
                        "others may read the data folder",
                        "Least privilege",
                        "Warning",
                        "may look into the data folder",
                        "Server"),
                () ->
                        Files.setPosixFilePermissions(
                                data, PosixFilePermissions.fromString("rwxr-xr-x")));
        weaken(
                new Weakening(
                        "a memory dump lies in the data folder",
                        "Pools and leftovers",
                        "Warning",
                        "java_pid1.hprof in the data folder",
                        "Server"),
                () -> Files.writeString(data.resolve("java_pid1.hprof"), "not really"));
        weaken(
                new Weakening(
                        "a table is made that the guard does not know",
                        "Row-level security",
                        "Fail",
                        "extra",
                        "Server"),
                this::makeTable);
        weaken(
                new Weakening(
                        "every alert rule is switched off",
                        "Monitoring and alerts",
                        "Warning",
                        "no rule watches them",
                        "Alerts"),
                this::switchRulesOff);
        weaken(
                new Weakening(
                        "the bridge secret is written into the server's log",
                        "Secrets and environment",
                        "Fail",
                        "stands in server.jsonl line",
                        "Search"),
                this::writeSecretIntoTheLogAndSearch);

        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target", "checklist-on-screen.md"), table);
        assertThat(Files.readString(Path.of("..", "docs", "checklist.md")))
                .as("target/checklist-on-screen.md holds the table of today")
                .contains(String.join("\n", table));
        robot.interact(() -> mend("Input checked at the edge").fire());
        awaitText("http.max.body");
    }

    private void weaken(Weakening each, Act act) throws IOException, SQLException {
        Map<String, String> expected = verdicts();
        expected.put(each.practice(), each.verdict());

        act.weaken();

        go(KeyCode.F5);
        awaitSaid(each);
        assertThat(verdicts()).as("after " + each.what()).isEqualTo(expected);
    }

    private void awaitSaid(Weakening each) {
        await(each.toString())
                .atMost(patience())
                .untilAsserted(() ->
                        assertThat(row(each.practice()))
                                .contains(each.verdict())
                                .anyMatch(text -> text.contains(each.said())));
        assertThat(mend(each.practice()).getText()).isEqualTo(each.leadsTo());
        String evidence =
                row(each.practice()).stream()
                        .filter(text -> text.contains(each.said()))
                        .findFirst()
                        .orElseThrow();
        table.add(
                "| %s | %s | %s: %s | %s |"
                        .formatted(
                                each.what(),
                                each.practice(),
                                each.verdict(),
                                steady(evidence),
                                each.leadsTo()));
    }

    /** Without what differs from run to run. */
    private String steady(String evidence) {
        return evidence.replace(data.toString(), "DATA")
                .replaceFirst("others than \\S+ may", "others than its owner may")
                .replaceAll("line [0-9]+", "line N");
    }

    private Map<String, String> verdicts() {
        Map<String, String> verdicts = new TreeMap<>();
        rows().forEach((practice, texts) ->
                verdicts.put(
                        practice,
                        texts.stream().filter(VERDICTS::contains).findFirst().orElse("none")));
        return verdicts;
    }

    private void makeTable() throws SQLException {
        try (Connection database =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + data.resolve("drawbridge.db"));
                Statement sql = database.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 10000");
            sql.executeUpdate("CREATE TABLE extra (tenant_id TEXT, what TEXT)");
        }
    }

    private void switchRulesOff() {
        String off =
                JSON.readTree(rules("GET", "").body())
                        .get("rules")
                        .valueStream()
                        .map(rule -> "{\"rule\":%s,\"on\":false}".formatted(rule.get("rule")))
                        .collect(Collectors.joining(","));
        HttpResponse<String> put = rules("PUT", "{\"rules\":[" + off + "]}");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    }

    private HttpResponse<String> rules(String method, String body) {
        URI admin = URI.create(ready().orElseThrow().get("adminUrl").asString());
        return send(
                HttpRequest.newBuilder(admin.resolve("/v1/alerts/rules"))
                        .header("Authorization", "Bearer " + adminToken())
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body)));
    }

    private void writeSecretIntoTheLogAndSearch() throws IOException {
        String secret = Files.readString(data.resolve("bridge-secret")).strip();
        Files.writeString(
                data.resolve("logs").resolve("server.jsonl"),
                "{\"message\":\"asked with " + secret + "\"}\n",
                StandardOpenOption.APPEND);
        robot.clickOn("#search");
        robot.clickOn("#searchLogs");
        awaitText("1 place.");
        robot.clickOn("#practices");
    }
}
