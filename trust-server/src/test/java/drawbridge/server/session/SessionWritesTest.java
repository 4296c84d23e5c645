package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;

/** How often a session that is used all the time has its row written. */
@DatabaseContract
@Timeout(120)
final class SessionWritesTest {
    private static final int CALLS = 300;

    private final MutableClock clock = new MutableClock(Given.OPENED);

    @Test
    void validationsWithinAMinuteWriteTheRowOnce(@TempDir Path data) {
        RawDatabase raw = new RawDatabase(data);
        long began = System.nanoTime();
        try (RunningServer server = RunningServer.start(data, clock)) {
            String session = server.register("ana@example.test");
            countUpdates(raw);
            for (int i = 0; i < CALLS; i++) {
                clock.advance(Duration.ofMillis(100));
                int status =
                        server.validate(
                                        Map.of(
                                                "session_id", session,
                                                "ip", "127.0.0.1",
                                                "device_id", "device-1",
                                                "user_agent", "Test/1",
                                                "validation_mode",
                                                        i < CALLS / 2 ? "STANDARD" : "STRICT"))
                                .status();
                assertThat(status).isEqualTo(200);
            }
        }

        // At the end, and once each minute that this took.
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        long updates = Long.parseLong(raw.texts("SELECT n FROM counted").getFirst());
        assertThat(updates).isBetween(1L, 1 + took.toMinutes());
        assertThat(raw.texts("SELECT strictest_mode FROM session")).containsExactly("STRICT");
        assertThat(raw.texts("SELECT last_seen_at FROM session"))
                .containsExactly(
                        String.valueOf(
                                Duration.between(Instant.EPOCH, clock.instant()).toNanos()
                                        / 1_000));
    }

    private static void countUpdates(RawDatabase raw) {
        raw.change("CREATE TABLE counted (n BIGINT)");
        raw.change("INSERT INTO counted VALUES (0)");
        if (TestDatabase.isPostgres()) {
            raw.change("GRANT ALL ON counted TO PUBLIC");
            raw.change(
                    """
                    CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS
                        'BEGIN UPDATE counted SET n = n + 1; RETURN NULL; END'
                    """);
            raw.change(
                    "CREATE TRIGGER count_it AFTER UPDATE ON session FOR EACH ROW EXECUTE FUNCTION"
                            + " count_it()");
        } else {
            raw.change(
                    """
                    CREATE TRIGGER count_it AFTER UPDATE ON session
                        BEGIN UPDATE counted SET n = n + 1; END
                    """);
        }
    }
}
