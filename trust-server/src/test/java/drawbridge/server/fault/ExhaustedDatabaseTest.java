package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.model.SessionSource;
import drawbridge.model.SessionToken;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running server that gets no connection to its PostgreSQL. */
@Timeout(180)
final class ExhaustedDatabaseTest {
    private static final int POOL = 2;
    private static final int CALLERS = 8;

    /** Five seconds are promised; a machine may stand still for some more. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    private static final Duration RIGHT_AGAIN = Duration.ofSeconds(10);
    private static final String LOGIN = "drawbridge_exhausted_login";

    private final SecureRandom random = new SecureRandom();

    @TempDir private Path folder;

    private record Call(int status, String code, Duration took) {}

    private RunningServer start(Map<String, String> where) {
        Map<String, String> all = new HashMap<>(where);
        all.put("DRAWBRIDGE_DATABASE_POOL", Integer.toString(POOL));
        all.put("DRAWBRIDGE_DATABASE_WAIT", "1s");
        return RunningServer.start(folder.resolve("data"), Clock.systemUTC(), all);
    }

    private String url() {
        return TestDatabase.postgresFor(folder.resolve("data"));
    }

    /** What nobody has is asked of the database. */
    private Call askDatabase(RunningServer server) {
        String unknown = SessionToken.draw(random).reveal();
        long began = System.nanoTime();
        Answer answer = validate(server, unknown);
        return new Call(
                answer.status(), answer.text("code"), Duration.ofNanos(System.nanoTime() - began));
    }

    private static Answer validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    private static void assertFromMemory(RunningServer server, String session) {
        Answer answer = validate(server, session);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("cacheSource")).isEqualTo(SessionSource.MEMORY.cacheSource());
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** All connections wait for a lock, as while somebody changes a table. */
    @Test
    void answersInTimeWhileEveryConnectionIsBusyAndIsRightAgainByItself() throws Exception {
        try (RunningServer server = start(Map.of("DATABASE_URL", url()));
                Connection other = TestDatabase.connectPostgres(folder.resolve("data"));
                Statement past = other.createStatement()) {
            String hot = server.register("ana@example.test");
            await().untilAsserted(() -> assertFromMemory(server, hot));
            double waitedBefore = server.metric("drawbridge_db_pool_wait_seconds_sum");

            other.setAutoCommit(false);
            past.execute("LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
            AtomicBoolean over = new AtomicBoolean();
            Queue<Call> calls = new ConcurrentLinkedQueue<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    do {
                                        calls.add(askDatabase(server));
                                    } while (!over.get());
                                }));
            }
            try {
                await().until(() ->
                        server.metric("drawbridge_db_pool_busy") == POOL
                                && server.metric("drawbridge_db_pool_waiting") > 0);
                assertFromMemory(server, hot);
                // Long enough for every connection to have been given up once and taken again.
                await().until(() ->
                        calls.stream().filter(call -> call.took().toSeconds() >= 3).count()
                                > 2 * POOL);
            } finally {
                over.set(true);
                for (Thread caller : callers) {
                    caller.join();
                }
            }
            // Nobody waits there any more for whom nobody waits here; the writer may.
            assertThat(
                            count(
                                    past,
                                    "SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE wait_event_type = 'Lock'"
                                            + " AND query ~* '^\\s*SELECT'"
                                            + " AND datname = current_database()"))
                    .isLessThanOrEqualTo(POOL + 1);
            other.rollback();

            assertThat(calls)
                    .allSatisfy(call -> {
                        assertThat(call.status()).isEqualTo(503);
                        assertThat(call.code()).isEqualTo("STORE_UNAVAILABLE");
                        assertThat(call.took()).isLessThan(BOUND);
                    });
            assertThat(server.metric("drawbridge_db_pool_wait_seconds_sum") - waitedBefore)
                    .as("seconds that were waited, most of them in vain")
                    .isGreaterThan(1);
            await().atMost(RIGHT_AGAIN).until(() -> askDatabase(server).status() == 401);
            assertThat(server.metric("drawbridge_db_pool_waiting")).isZero();
            assertFromMemory(server, hot);
        }
    }

    /** The database ends all connections and gives none: 53300, as with too many clients. */
    @Test
    void decidesNothingWithoutAnyConnectionAndIsRightAgainByItself() throws Exception {
        Map<String, String> twoLogins =
                Map.of(
                        "DATABASE_URL",
                        url().replace("postgres@", LOGIN + "@"),
                        "DATABASE_MIGRATE_URL",
                        url());
        try (Connection other = TestDatabase.connectPostgres(folder.resolve("data"));
                Statement past = other.createStatement()) {
            past.execute("CREATE ROLE " + LOGIN + " LOGIN");
            past.execute(
                    "GRANT drawbridge_serve, drawbridge_read, drawbridge_operate, drawbridge_audit TO "
                            + LOGIN);
            try (RunningServer server = start(twoLogins)) {
                String hot = server.register("ana@example.test");
                await().untilAsserted(() -> assertFromMemory(server, hot));

                past.execute("ALTER ROLE " + LOGIN + " CONNECTION LIMIT 0");
                past.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                                + LOGIN
                                + "'");
                await().until(() -> validate(server, hot).status() == 503); // the lease is over
                for (int i = 0; i < 3; i++) {
                    Call call = askDatabase(server);
                    assertThat(call.status()).isEqualTo(503);
                    assertThat(call.code()).isEqualTo("STORE_UNAVAILABLE");
                    assertThat(call.took()).isLessThan(BOUND);
                }
                assertThat(server.get("/ready").status()).isEqualTo(503);
                assertThat(server.get("/health").status()).isEqualTo(200);

                past.execute("ALTER ROLE " + LOGIN + " CONNECTION LIMIT -1");
                await().atMost(RIGHT_AGAIN)
                        .until(() ->
                                validate(server, hot).status() == 200
                                        && askDatabase(server).status() == 401
                                        && server.get("/ready").status() == 200);
                assertThat(server.register("ben@example.test")).isNotEmpty();
            } finally {
                past.execute("DROP ROLE " + LOGIN);
            }
        }
    }
}
