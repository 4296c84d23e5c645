package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionToken;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A session that still owes a second factor opens nothing, whatever else its row says. The schema
 * has no such session yet that the server would make; the rows are written by hand.
 */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class PendingSessionTest {
    /** One combination of what a session's row may say. */
    record State(
            boolean ended,
            boolean held,
            boolean oldEnough,
            boolean seen,
            String mode,
            String evidence,
            boolean found,
            boolean disabled) {}

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private final MutableClock clock = new MutableClock(NOW);
    private final Map<State, String> sessions = new HashMap<>();
    private RunningServer server;
    private String control = "";

    static Stream<State> states() {
        List<State> all = new ArrayList<>();
        for (int bits = 0; bits < 64; bits++) {
            for (String mode : new String[] {"", "STRICT"}) {
                for (String evidence : new String[] {"", "cookie"}) {
                    State state =
                            new State(
                                    (bits & 1) > 0,
                                    (bits & 2) > 0,
                                    (bits & 4) > 0,
                                    (bits & 8) > 0,
                                    mode,
                                    evidence,
                                    (bits & 16) > 0,
                                    (bits & 32) > 0);
                    if (state.ended() || !state.held()) { // the schema knows no other held one
                        all.add(state);
                    }
                }
            }
        }
        return all.stream();
    }

    @BeforeAll
    void writeRows(@TempDir Path data) throws SQLException {
        try (RunningServer first = RunningServer.start(data, clock)) {
            control = first.register("control@example.test");
            first.register("pending@example.test");
            first.register("disabled@example.test");
        }
        try (Connection database = TestDatabase.connect(data)) {
            database.setAutoCommit(false);
            run(
                    database,
                    "UPDATE user_account SET state = 'disabled' WHERE email = 'disabled@example.test'");
            for (State state : states().toList()) {
                sessions.put(state, insert(database, state));
            }
            database.commit();
        }
        server = RunningServer.start(data, clock);
    }

    private static void run(Connection database, String sql) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** A row of those columns, found by its id or by one that was replaced a moment ago. */
    private static String insert(Connection database, State state) throws SQLException {
        SessionToken token = SessionToken.draw(RANDOM);
        SessionToken newest = state.found() ? SessionToken.draw(RANDOM) : token;
        String ref = "ref_" + token.reveal().substring(4, 26);
        long now = NOW.getEpochSecond() * 1_000_000;
        try (PreparedStatement row =
                database.prepareStatement(
                        """
                        INSERT INTO session (id, ref, tenant_id, user_id, opened_number, ip, ip_bytes, level,
                            created_at, absolute_end, idle_micros, last_seen_at, strictest_mode, device_evidence,
                            ended_at, end_number, end_reason, ended_by, undo_until, lifetime_micros, renewable_until)
                        SELECT ?, ?, 'default', id, 9999, '127.0.0.1', ?, 'pending',
                            ?, ?, 1800000000, ?, ?, ?, ?, ?, 'test', 'admin', ?, 604800000000, ?
                        FROM user_account WHERE email = ?
                        """)) {
            int i = 0;
            row.setBytes(++i, newest.id().bytes());
            row.setString(++i, ref);
            row.setBytes(++i, new byte[] {127, 0, 0, 1});
            row.setLong(++i, now - 60_000_000);
            row.setLong(++i, state.oldEnough() ? now - 1 : now + 604_800_000_000L);
            row.setLong(++i, state.seen() ? now : now - 60_000_000);
            row.setString(++i, state.mode().isEmpty() ? null : state.mode());
            row.setString(++i, state.evidence().isEmpty() ? null : state.evidence());
            row.setObject(++i, state.ended() ? now - 1 : null);
            row.setObject(++i, state.ended() ? 1 : null);
            row.setObject(++i, state.held() ? now + 30_000_000 : null);
            row.setLong(++i, now + 604_800_000_000L);
            row.setString(++i, state.disabled() ? "disabled@example.test" : "pending@example.test");
            row.execute();
        }
        if (state.found()) {
            try (PreparedStatement row =
                    database.prepareStatement(
                            """
                            INSERT INTO session_replaced (id, tenant_id, ref, replaced_at, grace_end)
                            VALUES (?, 'default', ?, ?, ?)
                            """)) {
                row.setBytes(1, token.id().bytes());
                row.setString(2, ref);
                row.setLong(3, now - 1);
                row.setLong(4, now + 10_000_000);
                row.execute();
            }
        }
        return token.reveal();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("states")
    void opensNothing(State state) {
        String session = Objects.requireNonNull(sessions.get(state));
        Map<String, String> call = Map.of("session_id", session, "ip", "127.0.0.1");

        for (int tier = 0; tier < 2; tier++) { // from the database, then from memory
            assertThat(server.validate(call).status()).isEqualTo(401);
            for (String path :
                    new String[] {
                        "/auth/validation", "/auth/me", "/auth/sessions", "/auth/users"
                    }) {
                assertThat(server.get(path, "X-Session-ID", session).status())
                        .as(path)
                        .isEqualTo(401);
            }
            assertThat(server.post("/auth/refresh", "", "X-Session-ID", session).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void sameServerTrustsSessionThatOwesNothing() {
        assertThat(server.validate(Map.of("session_id", control, "ip", "127.0.0.1")).status())
                .isEqualTo(200);
    }

    @Test
    void browserKeepsItsIdUntilTheSecondFactor() {
        String session =
                Objects.requireNonNull(
                        sessions.get(new State(false, false, false, false, "", "", false, false)));

        Answer answer = server.get("/auth/validation", "Cookie", "session_id=" + session);

        assertThat(answer.text("error")).isEqualTo("Two-factor authentication required");
        assertThat(answer.text("code")).isEqualTo("TWO_FACTOR_REQUIRED");
        assertThat(answer.response().headers().firstValue("Set-Cookie")).isEmpty();
    }
}
