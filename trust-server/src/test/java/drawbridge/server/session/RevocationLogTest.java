package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

@DatabaseContract
final class RevocationLogTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant OLD = NOW.minus(Duration.ofDays(31));

    private static final DataScope UPKEEP = DataScope.server(DataScope.Why.UPKEEP);

    @TempDir Path folder;
    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabase.open(folder);
        ServerState.prepare(database, NOW);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void append(String kind, Instant at) {
        database.write(
                UPKEEP,
                "adding a row",
                handle ->
                        RevocationLog.append(
                                handle, kind, TenantId.DEFAULT, null, null, at, "test", "admin"));
    }

    private void openSession(long underNumber) {
        database.write(
                UPKEEP,
                "opening a session",
                handle -> {
                    handle.execute(
                            """
                            INSERT INTO user_account (id, tenant_id, email, name, last_name, user_type, lang,
                                is_verified, state, password_hash, created_at, updated_at)
                            VALUES ('usr_1', 'default', 'ana@example.test', '', '', 'user', 'en', 1, 'active', '', 0, 0)
                            """);
                    return handle.execute(
                            """
                            INSERT INTO session (id, ref, tenant_id, user_id, opened_number, level, created_at,
                                absolute_end, idle_micros, last_seen_at)
                            VALUES (?, 'ref_1', 'default', 'usr_1', ?, 'full', 0, 1, 1, 0)
                            """,
                            new byte[] {1},
                            underNumber);
                });
    }

    /** What they ended is deleted by then, so nobody asks why it ended. */
    @Test
    void forgetsTheOthersOnceNoSessionWasOpenedBeforeThem() {
        append("user", OLD);
        append("tenant", OLD);
        append("user", NOW);
        openSession(1);

        RevocationLog.forget(database, NOW.minus(Duration.ofDays(30)), 10);

        assertThat(kinds()).containsExactly("tenant", "user");
    }

    private List<String> kinds() {
        return database.read(
                UPKEEP,
                "reading the log",
                handle ->
                        handle.createQuery("SELECT kind FROM revocation_log ORDER BY number")
                                .mapTo(String.class)
                                .list());
    }

    @Test
    void forgetsOldRowsOfSingleSessionsAFewAtATime() {
        for (String kind : List.of("session", "user", "tenant", "undo", "everything", "changed")) {
            append(kind, OLD);
        }
        append("session", NOW);
        openSession(0);
        long last = database.read(UPKEEP, "asking", RevocationLog::number);
        Instant before = NOW.minus(Duration.ofDays(30));

        assertThat(RevocationLog.forget(database, before, 2)).isEqualTo(2);
        assertThat(RevocationLog.forget(database, before, 2)).isEqualTo(1);
        assertThat(RevocationLog.forget(database, before, 2)).isZero();

        assertThat(kinds()).containsExactly("user", "tenant", "everything", "session");
        assertThat(database.read(UPKEEP, "asking", RevocationLog::number))
                .as("numbers are not given twice")
                .isEqualTo(last);
    }
}
