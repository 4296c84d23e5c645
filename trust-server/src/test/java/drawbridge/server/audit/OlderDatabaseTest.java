package drawbridge.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.Keys;
import drawbridge.server.storage.Times;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SqliteOnly;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A data folder of the version before the root key and the heads is taken over as it is. */
@SqliteOnly
final class OlderDatabaseTest {
    @TempDir Path temp = Path.of("");

    @Test
    void keepsItsKeyedHashesAndItsAudit() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        byte[] master = new byte[32];
        master[0] = 7;
        Files.writeString(
                data.resolve("master-key"),
                Base64.getUrlEncoder().withoutPadding().encodeToString(master) + "\n");
        fill(data, new Keys(master));

        try (RunningServer server = RunningServer.start(data, new MutableClock(Given.OPENED))) {
            String session = server.register("ana@example.test");

            assertThat(server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status())
                    .isEqualTo(200);
            JsonNode report = server.admin("/v1/audit/verify", "{}").json();
            assertThat(report.get("sound").asBoolean()).as("%s", report).isTrue();
        }
        assertThat(callers(data)).isEqualTo(1); // the environment's secret was found again
        try (Stream<Path> backups = Files.list(data.resolve("backups"))) {
            assertThat(backups.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .startsWith("before-upgrade-");
        }
    }

    private static void fill(Path data, Keys keys) throws SQLException, IOException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + data.resolve("drawbridge.db"));
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/sqlite")
                .target("1")
                .load()
                .migrate();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each :
                    List.of(
                            "INSERT INTO server_state (id, log_number, created_at) VALUES (1, 0, 1)",
                            "INSERT INTO tenant (id, name, state, created_at) VALUES ('default',"
                                    + " 'Default', 'active', 1)",
                            "INSERT INTO caller VALUES ('clr_default', 'default', 'default',"
                                    + " 'drawbridge', 'required', 'STANDARD', 60000, 1)")) {
                statement.execute(each);
            }
            byte[] secret = RunningServer.SECRET.getBytes(StandardCharsets.UTF_8);
            try (PreparedStatement insert =
                    connection.prepareStatement(
                            "INSERT INTO caller_secret VALUES (?, ?, 'default', 'clr_default', 1,"
                                    + " 'environment', 'active', 1, NULL)")) {
                insert.setBytes(1, keys.hashFor("caller-secret/lookup/v1").of(secret));
                insert.setBytes(2, keys.hashFor("caller-secret/confirm/v1").of(secret));
                insert.execute();
            }
            String previous = AuditRow.GENESIS;
            for (long number = 1; number <= 3; number++) {
                AuditRow row =
                        AuditRow.of(
                                AuditEntry.of(
                                        TenantId.DEFAULT, Given.OPENED, "session.opened", "user"),
                                number,
                                previous);
                try (PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO audit (tenant_id, number, at, kind, actor, hash)"
                                        + " VALUES (?, ?, ?, ?, ?, ?)")) {
                    insert.setString(1, row.tenant());
                    insert.setLong(2, number);
                    insert.setLong(3, Times.micros(row.at()));
                    insert.setString(4, row.kind());
                    insert.setString(5, row.actor());
                    insert.setBytes(6, HexFormat.of().parseHex(row.hash()));
                    insert.execute();
                }
                previous = row.hash();
            }
        }
    }

    private static long callers(Path data) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + data.resolve("drawbridge.db"));
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM caller_secret")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
