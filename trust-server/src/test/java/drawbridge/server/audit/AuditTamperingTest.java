package drawbridge.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditReport;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.SqliteOnly;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Somebody who can write the database file, but has not the keys, changes the audit while the
 * server is down.
 */
@SqliteOnly
final class AuditTamperingTest {
    private static final int PEOPLE = 4;

    /** How many there are in the folder that every test copies. */
    private static long rows;

    @TempDir static Path sound = Path.of("");

    @TempDir Path temp = Path.of("");

    /** A folder with some history and two checkpoints, that every test copies. */
    @BeforeAll
    static void fill() throws SQLException {
        for (int run = 0; run < 2; run++) {
            try (RunningServer server = RunningServer.start(sound.resolve("data"), clock())) {
                for (int i = 0; i < PEOPLE; i++) {
                    server.register("run%d-%d@example.test".formatted(run, i));
                }
            }
        }
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + sound.resolve("data").resolve("drawbridge.db"));
                Statement statement = connection.createStatement();
                ResultSet counted = statement.executeQuery("SELECT count(*) FROM audit")) {
            counted.next();
            rows = counted.getLong(1);
        }
    }

    private static MutableClock clock() {
        return new MutableClock(Given.OPENED);
    }

    @Test
    void whatNobodyTouchedIsSound() throws Exception {
        JsonNode report = verifyAfter("SELECT 1");

        assertThat(report.get("sound").asBoolean()).as("%s", report).isTrue();
        assertThat(report.get("rows").asLong()).isEqualTo(rows);
        assertThat(report.get("checkpoints").asLong()).isEqualTo(2);
        assertThat(report.get("tenants").get(0).get("witnessedThrough").asLong()).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    an edit          | changed    | UPDATE audit SET kind = 'session.closed' WHERE number = 5
                    an edited time   | changed    | UPDATE audit SET at = at + 1 WHERE number = 5
                    a disguised ip   | changed    | UPDATE audit SET ip = '::ffff:127.0.0.1' WHERE number = 5
                    a deletion       | missing    | DELETE FROM audit WHERE number = 5
                    a first deletion | missing    | DELETE FROM audit WHERE number = 1
                    a reordering     | changed    | UPDATE audit SET number = CASE number WHEN 5 THEN -6 ELSE -5 END WHERE number IN (5, 6); UPDATE audit SET number = -number WHERE number < 0
                    a cut tail       | cut        | DELETE FROM audit WHERE number > 13
                    a cut tail, with its checkpoint and an older head | head | DELETE FROM audit WHERE number > 13; DELETE FROM audit_checkpoint WHERE number > 13; UPDATE audit_head SET number = 13, hash = (SELECT hash FROM audit WHERE number = 13)
                    a cut tail, with its checkpoint and no head | head | DELETE FROM audit WHERE number > 13; DELETE FROM audit_checkpoint WHERE number > 13; DELETE FROM audit_head
                    everything gone  | cut        | DELETE FROM audit
                    everything gone, with head and checkpoints | cut | DELETE FROM audit; DELETE FROM audit_head; DELETE FROM audit_checkpoint
                    a lost checkpoint | checkpoint | DELETE FROM audit_checkpoint WHERE sequence = 1
                    a forged checkpoint | checkpoint | UPDATE audit_checkpoint SET number = 3 WHERE sequence = 1
                    a row slipped in | head       | INSERT INTO audit SELECT tenant_id, number + 1, at, kind, actor, user_id, ref, ip, agent, route, mode, reason, signal, request_id, detail, hash FROM audit WHERE number = (SELECT max(number) FROM audit)
                    """)
    void isFound(String what, String kind, String statements) throws Exception {
        JsonNode report = verifyAfter(statements);

        assertThat(report.get("sound").asBoolean()).as(what).isFalse();
        assertThat(report.get("findings").values())
                .as("%s: %s", what, report)
                .anyMatch(finding -> finding.get("kind").asString().equals(kind));
    }

    @Test
    void aHeadThatWasGoneStaysAFindingWhenTheChainGoesOn() throws Exception {
        Path data = copy();
        run(
                data,
                "DELETE FROM audit WHERE number > 13; DELETE FROM audit_checkpoint WHERE number > 13; DELETE FROM audit_head");

        try (RunningServer server = RunningServer.start(data, clock())) {
            server.register("later@example.test");
            Answer report = server.admin("/v1/audit/verify", "{}");

            assertThat(report.json().get("findings").get(0).get("text").asString())
                    .contains("the head was gone once");
        }
    }

    @Test
    void aChainThatWasGoneStaysAFindingWhenANewOneBegins() throws Exception {
        Path data = copy();
        run(data, "DELETE FROM audit; DELETE FROM audit_head; DELETE FROM audit_checkpoint");

        try (RunningServer server = RunningServer.start(data, clock())) {
            server.register("later@example.test");
            Answer report = server.admin("/v1/audit/verify", "{}");

            assertThat(report.json().get("findings").get(0).get("text").asString())
                    .contains("the head was gone once");
        }
    }

    /** The edit is followed by new hashes for all rows behind it, as its author would do. */
    @Test
    void aRecomputedChainContradictsTheCheckpoints() throws Exception {
        List<String> lines = new ArrayList<>();
        Path data = copy();
        try (RunningServer server = RunningServer.start(data, clock())) {
            export(server).lines().forEach(lines::add);
        }
        List<String> updates = new ArrayList<>();
        String previous = AuditRow.GENESIS;
        for (String line : lines) {
            JsonNode node = json(line);
            if (!node.get("type").asString().equals("row")) {
                continue;
            }
            AuditRow row = row(node);
            AuditRow edited = row.number() == 3 ? withKind(row, "session.closed") : row;
            previous = edited.hashBehind(previous);
            updates.add(
                    "UPDATE audit SET kind = '%s', hash = x'%s' WHERE number = %d"
                            .formatted(edited.kind(), previous, edited.number()));
        }
        run(data, String.join(";", updates));

        try (RunningServer server = RunningServer.start(data, clock())) {
            JsonNode report = server.admin("/v1/audit/verify", "{}").json();

            assertThat(report.get("sound").asBoolean()).isFalse();
            assertThat(report.get("findings").get(0).get("text").asString())
                    .contains("is not the one a signed checkpoint saw");
        }
    }

    @Test
    void anExportProvesItselfWithoutTheServer() throws Exception {
        String export = exportOf(copy());

        AuditReport report = verify(export);

        assertThat(report.findings()).isEmpty();
        assertThat(report.rows()).isEqualTo(rows + 1); // and the export itself
        assertThat(report.tenants().getFirst().witnessedThrough()).isEqualTo(report.rows());
    }

    @Test
    void anExportThatWasChangedIsFound() throws Exception {
        String export = exportOf(copy());
        List<String> lines = export.lines().toList();

        assertThat(verify(export.replace("run0-0", "run9-9")).sound()).isTrue(); // stands nowhere
        assertThat(kinds(verify(export.replaceFirst("session\\.opened", "session.closed"))))
                .contains("changed", "file");
        assertThat(kinds(verify(without(lines, 8)))).contains("missing", "file");
        assertThat(kinds(verify(swapped(lines, 8, 9)))).contains("missing", "file");
        assertThat(kinds(verify(String.join("\n", lines.subList(0, lines.size() - 4)) + "\n")))
                .contains("cut", "file");
        assertThat(kinds(verify(export + "{}\n"))).contains("file");
        byte[] other = new byte[32];
        assertThat(
                        AuditFile.verify(
                                        new ByteArrayInputStream(
                                                export.getBytes(StandardCharsets.UTF_8)),
                                        Optional.of(other),
                                        List.of())
                                .sound())
                .isFalse();
    }

    @Test
    void aKeptCheckpointIsAWitnessAgainstARewindOfTheDatabase() throws Exception {
        Path data = copy();
        AuditCheckpoint kept;
        try (RunningServer server = RunningServer.start(copy("later"), clock())) {
            server.register("later@example.test");
            List<String> lines = export(server).lines().toList();
            kept =
                    AuditFile.checkpoint(
                            lines.stream()
                                    .filter(line -> line.contains("\"sequence\":3"))
                                    .findFirst()
                                    .orElseThrow());
        }

        AuditReport report =
                AuditFile.verify(
                        new ByteArrayInputStream(exportOf(data).getBytes(StandardCharsets.UTF_8)),
                        Optional.empty(),
                        List.of(kept));

        assertThat(kinds(report)).containsExactly("cut");
    }

    @Test
    void readingIsAuditedOnceAMinuteAndExportingEachTime() throws Exception {
        try (RunningServer server = RunningServer.start(copy(), clock())) {
            Answer first = server.admin("/v1/audit?limit=3&kind=session.*");
            Answer again = server.admin("/v1/audit?limit=3&kind=session.*");
            Answer next =
                    server.admin("/v1/audit?limit=3&kind=session.*&after=" + again.text("next"));
            export(server);
            export(server);

            assertThat(first.json().get("total").asLong()).isEqualTo(2L * PEOPLE);
            assertThat(next.json().get("items").size()).isEqualTo(3);
            assertThat(next.json().get("items").get(0).get("number").asLong())
                    .isLessThan(again.json().get("items").get(2).get("number").asLong());
            assertThat(server.admin("/v1/audit?kind=audit.read").json().get("total").asLong())
                    .isEqualTo(2); // the one above and this one
            assertThat(server.admin("/v1/audit?kind=audit.exported").json().get("total").asLong())
                    .isEqualTo(2);
            assertThat(server.admin("/v1/audit?from=yesterday").status()).isEqualTo(400);
            assertThat(server.admin("/v1/audit?after=x").status()).isEqualTo(400);
        }
    }

    @Test
    void checkpointsAreListedWithTheirKey() throws Exception {
        try (RunningServer server = RunningServer.start(copy(), clock())) {
            Answer page = server.admin("/v1/audit/checkpoints?limit=1");

            assertThat(page.json().get("total").asLong()).isEqualTo(2);
            assertThat(page.text("next")).isEqualTo("1");
            AuditCheckpoint checkpoint =
                    AuditFile.checkpoint(page.json().get("items").get(0).toString());
            assertThat(checkpoint.isSignedBy(Base64.getUrlDecoder().decode(page.text("publicKey"))))
                    .isTrue();
        }
    }

    private JsonNode verifyAfter(String statements) throws Exception {
        Path data = copy();
        run(data, statements);
        try (RunningServer server = RunningServer.start(data, clock())) {
            return server.admin("/v1/audit/verify", "{}").json();
        }
    }

    private static AuditReport verify(String export) throws IOException {
        return AuditFile.verify(
                new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                List.of());
    }

    private static List<String> kinds(AuditReport report) {
        return report.findings().stream().map(AuditReport.Finding::kind).toList();
    }

    private static String without(List<String> lines, int index) {
        List<String> some = new ArrayList<>(lines);
        some.remove(index);
        return String.join("\n", some) + "\n";
    }

    private static String swapped(List<String> lines, int a, int b) {
        List<String> some = new ArrayList<>(lines);
        some.set(a, lines.get(b));
        some.set(b, lines.get(a));
        return String.join("\n", some) + "\n";
    }

    private String exportOf(Path data) {
        try (RunningServer server = RunningServer.start(data, clock())) {
            return export(server);
        }
    }

    private static String export(RunningServer server) {
        return server.admin("/v1/audit/export").response().body();
    }

    private static JsonNode json(String line) {
        return JsonMapper.shared().readTree(line);
    }

    private static AuditRow row(JsonNode node) {
        ((ObjectNode) node).remove("type");
        return JsonMapper.shared().treeToValue(node, AuditRow.class);
    }

    private static AuditRow withKind(AuditRow row, String kind) {
        return new AuditRow(
                row.tenant(),
                row.number(),
                row.at(),
                kind,
                row.actor(),
                row.userId(),
                row.ref(),
                row.ip(),
                row.agent(),
                row.route(),
                row.mode(),
                row.reason(),
                row.signal(),
                row.requestId(),
                row.detail(),
                row.hash());
    }

    private Path copy() throws IOException {
        return copy("copy");
    }

    private Path copy(String name) throws IOException {
        Path to = temp.resolve(name);
        Path from = sound.resolve("data");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    private static void run(Path data, String statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + data.resolve("drawbridge.db"));
                Statement statement = connection.createStatement()) {
            for (String each : statements.split(";")) {
                statement.execute(each.strip());
            }
        }
    }
}
