package drawbridge.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SqliteOnly;
import drawbridge.server.support.SyslogReceiver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One id leads from a caller's request through the whole server to the receiver of its logs. */
@SqliteOnly
final class OneRequestTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir private Path temp = Path.of("");

    @Test
    void oneIdIsInAnswerLinesAuditAndDatabaseWork() throws Exception {
        try (SyslogReceiver receiver = new SyslogReceiver();
                KillableServer server = shipping(receiver);
                HttpClient http = HttpClient.newHttpClient()) {
            server.start();
            URI url = url(server);
            String login =
                    "{\"email\":\"ana@example.test\",\"password\":\"violet harbour lantern 42\"}";

            HttpResponse<String> named =
                    post(http, url, "/auth/register", login, "X-Request-ID", "checkout-7f3a.42");
            HttpResponse<String> traced =
                    post(
                            http,
                            url,
                            "/auth/login",
                            login,
                            "traceparent",
                            "00-" + TRACE + "-00f067aa0ba902b7-01");
            HttpResponse<String> hostile =
                    post(http, url, "/auth/login", login, "X-Request-ID", "a b\"]{}".repeat(20));

            assertThat(id(named)).isEqualTo("checkout-7f3a.42");
            assertThat(id(traced)).isEqualTo(TRACE);
            assertThat(id(hostile)).matches("req-[0-9a-f]{16}");
            String audit = server.admin("GET", "/v1/audit?limit=50").body();
            Path log = server.data().resolve("logs").resolve("server.jsonl");
            for (String id : List.of("checkout-7f3a.42", TRACE, id(hostile))) {
                assertThat(audit).contains("\"requestId\":\"" + id + "\"");
                // the line of the audit row, and that of the database's work, at the receiver
                await().atMost(PATIENCE)
                        .untilAsserted(() -> {
                            assertThat(receiver.frames())
                                    .anyMatch(f ->
                                            f.startsWith("<110>1 ") // facility 13: log audit
                                                    && f.contains("\"message\":\"session.opened\"")
                                                    && f.contains("\"request\":\"" + id + "\""));
                            assertThat(receiver.frames())
                                    .anyMatch(f ->
                                            f.contains("database work doing=")
                                                    && f.contains("\"request\":\"" + id + "\""));
                        });
                assertThat(Files.readString(log))
                        .contains("\"request\":\"" + id + "\"")
                        .doesNotContain("session.opened"); // audit rows are in the audit
            }
        }
    }

    @Test
    void validationsGoOnWhileTheReceiverTakesNothing() throws Exception {
        try (SyslogReceiver receiver = new SyslogReceiver();
                KillableServer server = shipping(receiver);
                HttpClient http = HttpClient.newHttpClient()) {
            server.start();
            URI url = url(server);
            String login =
                    "{\"email\":\"ana@example.test\",\"password\":\"violet harbour lantern 42\"}";
            String session =
                    JsonMapper.shared()
                            .readTree(post(http, url, "/auth/register", login).body())
                            .findValue("session_id")
                            .asString();
            String call = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session);
            receiver.standStill();

            // each leaves a line: more than the network's buffers hold
            for (int i = 0; i < 900; i++) {
                int _ = server.admin("GET", "/v1/audit?limit=1").statusCode();
            }
            // One that waited for the receiver would get no answer at all.
            for (int i = 0; i < 200; i++) {
                HttpResponse<String> answer =
                        post(
                                http,
                                url,
                                "/auth/bridge/validate",
                                call,
                                "X-Bridge-Secret",
                                RunningServer.SECRET);
                assertThat(answer.statusCode()).isEqualTo(200);
            }

            assertThat(server.admin("GET", "/metrics").body())
                    .containsPattern("drawbridge_log_receiver_up 1\\.0")
                    .containsPattern("drawbridge_log_lines_waiting [1-9]");
            receiver.goOn();
        }
    }

    private KillableServer shipping(SyslogReceiver receiver) {
        return new KillableServer(
                temp,
                Map.of(
                        "DRAWBRIDGE_LOG_SYSLOG",
                        "tcp://127.0.0.1:" + receiver.port(),
                        "DRAWBRIDGE_LOG_SYSLOG_BUFFER",
                        "200",
                        "DRAWBRIDGE_LOG_LEVEL",
                        "DEBUG"));
    }

    private static String id(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Request-ID").orElseThrow();
    }

    private static URI url(KillableServer server) throws IOException {
        return URI.create(
                JsonMapper.shared()
                        .readTree(Files.readString(server.data().resolve("address.json")))
                        .get("publicUrl")
                        .asString());
    }

    private static HttpResponse<String> post(
            HttpClient http, URI url, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
