package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.server.RouteTables;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Days of logins, refreshes and logouts, and what is left of them. */
@DatabaseContract
@Timeout(120)
final class DatabaseSessionPurgeTest {
    private static final int USERS = 4;
    private static final int DAYS = 45;
    private static final int OLD = 1_000;
    private static final int LAST = 400;
    private static final int A_FEW_HUNDRED = 300;
    private static final List<String> TABLES =
            List.of(
                    "session",
                    "session_replaced",
                    "revocation_log",
                    "mail_request",
                    "login_failure",
                    "known_device");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private static String logIn(RunningServer server, int user) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"user-%d@example.test\",\"password\":\"%s\"}"
                                .formatted(user, RunningServer.PASSWORD))
                .json()
                .get("session_id")
                .asString();
    }

    private static Map<String, Long> rows(RawDatabase database) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : TABLES) {
            rows.put(
                    table,
                    Long.parseLong(database.texts("SELECT count(*) FROM " + table).getFirst()));
        }
        return rows;
    }

    @Test
    void tablesDoNotGrowWithTheDays(@TempDir Path data) {
        try (RunningServer server = RunningServer.start(data, clock)) {
            RawDatabase database = new RawDatabase(data);
            for (int user = 0; user < USERS; user++) {
                server.register("user-%d@example.test".formatted(user));
            }
            List<Map<String, Long>> days = new ArrayList<>();
            for (int day = 0; day < DAYS; day++) {
                for (int user = 0; user < USERS; user++) {
                    String session = logIn(server, user);
                    if (user == 0) {
                        server.post("/auth/logout", "{\"session_id\":\"%s\"}".formatted(session));
                    } else if (user == 1) {
                        server.post("/auth/refresh", "{}", "X-Session-ID", session);
                    } else if (user == 2) {
                        server.post(
                                "/auth/password-reset/request",
                                "{\"email\":\"user-2@example.test\"}");
                        server.post("/auth/invalidate/me", "{}", "X-Session-ID", session);
                    }
                }
                server.post(
                        "/auth/login",
                        "{\"email\":\"nobody-%d@example.test\",\"password\":\"wrong\"}"
                                .formatted(day));
                clock.advance(Duration.ofDays(1));
                RouteTables.upkeep(server.server());
                days.add(rows(database));
            }

            Map<String, Long> late = days.getLast();
            Map<String, Long> earlier = days.get(DAYS - 8);
            assertThat(late.get("session")).as("two days of them").isLessThanOrEqualTo(3L * USERS);
            assertThat(late.get("session_replaced")).isLessThanOrEqualTo(3L);
            for (String table : TABLES) {
                assertThat(late.get(table)).as(table).isLessThanOrEqualTo(earlier.get(table));
            }
        }
    }

    /**
     * One of the deletions fails: whatever was deleted in transactions before it stays deleted, and
     * only those of its own come back.
     */
    @Test
    void noTransactionDeletesMoreThanAFewHundred(@TempDir Path data) {
        RawDatabase raw = new RawDatabase(data);
        try (Database database = TestDatabase.open(data)) {
            ServerState.prepare(database, Given.OPENED);
            DatabaseSessionStore store = new DatabaseSessionStore(database);
            int _ =
                    database.write(
                            DataScope.of(TenantId.DEFAULT),
                            "making sessions",
                            handle -> {
                                Given.insertUser(handle);
                                for (int i = 0; i < OLD; i++) {
                                    store.insert(
                                            handle,
                                            Given.seen(
                                                    Given.session(),
                                                    new SessionRef("ref_%022d".formatted(i)),
                                                    Given.OPENED));
                                }
                                return OLD;
                            });
            clock.advance(Duration.ofDays(30));
            DatabaseSessionPurge purge =
                    new DatabaseSessionPurge(database, Duration.ofDays(1), clock);
            refuseToDeleteTheLast(raw);

            assertThatThrownBy(purge::once).isInstanceOf(StoreUnavailableException.class);

            int left = Integer.parseInt(raw.texts("SELECT count(*) FROM session").getFirst());
            assertThat(left).isBetween(LAST, LAST + A_FEW_HUNDRED);
            raw.change(
                    TestDatabase.isPostgres()
                            ? "DROP TRIGGER refuse ON session"
                            : "DROP TRIGGER refuse");
            assertThat(purge.once()).isEqualTo(left);
            assertThat(raw.texts("SELECT count(*) FROM session")).containsExactly("0");
        }
    }

    private static void refuseToDeleteTheLast(RawDatabase raw) {
        if (TestDatabase.isPostgres()) {
            raw.change(
                    """
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                        'BEGIN IF (SELECT count(*) FROM session) <= %d THEN RAISE EXCEPTION ''no''; END IF; RETURN OLD; END'
                    """
                            .formatted(LAST));
            raw.change(
                    "CREATE TRIGGER refuse BEFORE DELETE ON session FOR EACH ROW EXECUTE FUNCTION"
                            + " refuse()");
        } else {
            raw.change(
                    """
                    CREATE TRIGGER refuse BEFORE DELETE ON session
                        WHEN (SELECT count(*) FROM session) <= %d BEGIN SELECT RAISE(ABORT, 'no'); END
                    """
                            .formatted(LAST));
        }
    }
}
