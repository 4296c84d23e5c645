package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.logging.ServerLogging;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SyslogReceiver;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Where logs go, whether they arrive, and whether any are missing. */
final class WeakenedLogsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Sent only, and printed nowhere. */
    private static final Logger SENT = LoggerFactory.getLogger(ServerLogging.AUDIT);

    private static final int BUFFER_LINES = 100;

    private static Map<String, String> settings(SyslogReceiver receiver) {
        return Map.of(
                "DRAWBRIDGE_LOG_SYSLOG",
                "tcp://127.0.0.1:" + receiver.port(),
                "DRAWBRIDGE_LOG_SYSLOG_BUFFER",
                String.valueOf(BUFFER_LINES));
    }

    /** The rows once central_logs is that. */
    private static Map<String, String> once(CheckedServer server, String centralLogs) {
        return await("central_logs to be " + centralLogs)
                .atMost(PATIENCE)
                .until(
                        () -> CheckedServer.rows(server.now("default")),
                        rows -> centralLogs.equals(rows.get("central_logs")));
    }

    @Test
    void aReceiverThatTakesNothingAndLinesThatWereLost(@TempDir Path folder) throws IOException {
        try (SyslogReceiver receiver = new SyslogReceiver();
                CheckedServer weak =
                        CheckedServer.start(folder, Clock.systemUTC(), settings(receiver))) {
            Map<String, String> sound = once(weak, "pass []");
            assertThat(codes(weak)).contains("logs_shipped").doesNotContain("logs_stay_here");

            receiver.leave();
            assertOnlyLogs(sound, once(weak, "fail [logs_not_taken]"));

            for (int i = 0; i < 3 * BUFFER_LINES; i++) {
                SENT.info("line {}", i);
            }
            assertOnlyLogs(sound, once(weak, "fail [log_lines_lost, logs_not_taken]"));

            receiver.comeBack();
            assertOnlyLogs(sound, once(weak, "warn [log_lines_lost]"));
        }
    }

    private static List<String> codes(CheckedServer server) {
        return server.now("default").findValues("code").stream()
                .map(code -> code.asString())
                .toList();
    }

    private static void assertOnlyLogs(Map<String, String> before, Map<String, String> after) {
        Map<String, String> others = new HashMap<>(after);
        others.put("central_logs", String.valueOf(before.get("central_logs")));
        assertThat(others).isEqualTo(before);
    }

    @Test
    void logsThatTravelInClear(@TempDir Path folder) throws IOException {
        try (SyslogReceiver receiver = new SyslogReceiver()) {
            Map<String, String> sound;
            try (CheckedServer here =
                    CheckedServer.start(
                            folder.resolve("here"), Clock.systemUTC(), settings(receiver))) {
                sound = once(here, "pass []");
            }
            Map<String, String> settings = new HashMap<>(settings(receiver));
            // The one address that is this machine's and does not look so.
            settings.put("DRAWBRIDGE_LOG_SYSLOG", "tcp://0.0.0.0:" + receiver.port());
            try (CheckedServer weak =
                    CheckedServer.start(folder.resolve("weak"), Clock.systemUTC(), settings)) {
                assertOnlyLogs(sound, once(weak, "warn [logs_in_clear]"));
            }
        }
    }

    /** With both it keeps all ten: nothing is left to say against a default install. */
    @Test
    void whoeverSendsLogsAndAlertsElsewhereKeepsAllTen(@TempDir Path folder) throws IOException {
        try (SyslogReceiver receiver = new SyslogReceiver()) {
            Map<String, String> settings = new HashMap<>(settings(receiver));
            settings.put("DRAWBRIDGE_ALERT_WEBHOOK_URL", "http://127.0.0.1:1/alerts");
            settings.put("DRAWBRIDGE_ALERT_WEBHOOK_SECRET", RunningServer.SECRET);
            try (CheckedServer server = CheckedServer.start(folder, Clock.systemUTC(), settings)) {
                once(server, "pass []");

                // Of a PostgreSQL the tests' login may do everything, which is one that is not
                // kept.
                assertThat(server.tried("default").get("kept").asInt())
                        .isEqualTo(TestDatabase.isPostgres() ? 9 : 10);
                assertThat(CheckedServer.rows(server.now("default")))
                        .containsEntry("monitoring", "pass []");
            }
        }
    }

    @Test
    void refusalsThatCameFasterThanTheyCouldBeWritten(@TempDir Path folder)
            throws InterruptedException, ExecutionException {
        try (CheckedServer weak =
                        CheckedServer.start(
                                folder,
                                Clock.systemUTC(),
                                Map.of("DRAWBRIDGE_AUDIT_QUEUE", "100"));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, String> sound = CheckedServer.rows(weak.now("default"));
            await().atMost(PATIENCE)
                    .until(() -> {
                        List<Future<?>> asked =
                                IntStream.range(0, 400)
                                        .<Future<?>>mapToObj(
                                                _ -> callers.submit(() -> refused(weak)))
                                        .toList();
                        for (Future<?> each : asked) {
                            each.get();
                        }
                        return !CheckedServer.rows(weak.now("default")).equals(sound);
                    });

            CheckedServer.assertWeak(
                    sound, weak.now("default"), "central_logs", "warn", "audit_dropped");
        }
    }

    private static int refused(CheckedServer server) {
        return server.server()
                .validate(Map.of("session_id", "nobody-has-this-session", "ip", "127.0.0.1"))
                .status();
    }
}
