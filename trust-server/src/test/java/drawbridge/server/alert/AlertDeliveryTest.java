package drawbridge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;

import drawbridge.server.RouteTables;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Alerts of a running server on their way to others. */
final class AlertDeliveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The key is {@code 0123456789abcdef0123456789abcdef}. */
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private record Posted(Map<String, String> headers, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String about() {
            JsonNode json = json();
            return json.get("type").asString() + " " + json.get("data").get("subject").asString();
        }
    }

    private final MutableClock clock = new MutableClock(Given.OPENED);
    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(204);
    private @Nullable HttpServer taker;
    private @Nullable GreenMail mail;

    @TempDir Path data = Path.of("");

    @AfterEach
    void end() {
        if (taker != null) {
            taker.stop(0);
        }
        if (mail != null) {
            mail.stop();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void listen(int port) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/",
                exchange -> {
                    Map<String, String> headers = new HashMap<>();
                    for (String name : List.of("id", "timestamp", "signature")) {
                        headers.put(name, exchange.getRequestHeaders().getFirst("webhook-" + name));
                    }
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    posted.add(new Posted(headers, body));
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(status.get(), -1);
                    exchange.close();
                });
        server.start();
        taker = server;
    }

    private RunningServer start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DRAWBRIDGE_SECRET_AGE", "1h");
        RunningServer server = RunningServer.start(data, clock, all);
        RouteTables.judge(server.server());
        return server;
    }

    private static JsonNode channel(RunningServer server) {
        return server.admin("/v1/alerts").json().get("channels").get(0);
    }

    private long count(String about) {
        return posted.stream().filter(each -> each.about().equals(about)).count();
    }

    private static String sign(Posted posted) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256"); // the platform's, not the one that signed
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        String signed =
                posted.headers().get("id")
                        + "."
                        + posted.headers().get("timestamp")
                        + "."
                        + posted.body();
        return "v1,"
                + Base64.getEncoder()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void isPostedSignedAndAgainAfterARefusedConnection() throws Exception {
        int port = freePort();
        try (RunningServer server =
                start(
                        Map.of(
                                "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                                "http://127.0.0.1:" + port + "/alerts/a-secret-path",
                                "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                                SECRET))) {
            clock.advance(Duration.ofMinutes(61)); // the admin token is overdue
            RouteTables.judge(server.server());
            await().atMost(PATIENCE)
                    .until(() -> channel(server).get("state").asString().equals("failing"));
            RouteTables.judge(server.server());
            JsonNode alerts = server.admin("/v1/alerts").json();
            assertThat(alerts.toString())
                    .contains("delivery_failed")
                    .doesNotContain("a-secret-path", SECRET);
            listen(port);

            await().atMost(PATIENCE).until(() -> count("alert.fired admin_token") == 1);
            server.admin("/v1/secrets/admin-token/rotate", "{}");
            clock.advance(Duration.ofSeconds(5));
            RouteTables.judge(server.server());
            await().atMost(PATIENCE).until(() -> count("alert.cleared admin_token") == 1);

            for (Posted each : posted) {
                assertThat(each.headers().get("signature")).isEqualTo(sign(each));
            }
            assertThat(posted.stream().map(each -> each.headers().get("id")))
                    .doesNotHaveDuplicates();
            await().atMost(PATIENCE)
                    .until(() -> channel(server).get("state").asString().equals("delivered"));
            assertThat(channel(server).get("to").asString()).isEqualTo("http://127.0.0.1:" + port);
        }
    }

    @Test
    void aRedirectIsNotFollowedAndTriedAgainWithTheSameId() throws Exception {
        int port = freePort();
        listen(port);
        status.set(307);
        try (RunningServer server =
                start(
                        Map.of(
                                "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                                "http://127.0.0.1:" + port + "/",
                                "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                                SECRET))) {
            clock.advance(Duration.ofMinutes(61));
            RouteTables.judge(server.server());
            await().atMost(PATIENCE).until(() -> posted.size() >= 2);

            assertThat(channel(server).get("why").asString()).endsWith("answered 307");
            assertThat(posted.get(1).headers().get("id"))
                    .isEqualTo(posted.get(0).headers().get("id"));
        }
    }

    @Test
    void isMailed() throws Exception {
        GreenMail started =
                new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        started.start();
        mail = started;
        try (RunningServer server =
                start(
                        Map.of(
                                "DRAWBRIDGE_SMTP_URL",
                                "smtp://127.0.0.1:" + started.getSmtp().getPort(),
                                "DRAWBRIDGE_ALERT_MAIL_TO",
                                "ops@example.test"))) {
            clock.advance(Duration.ofMinutes(61));
            RouteTables.judge(server.server());

            assertThat(started.waitForIncomingEmail(20_000, 1)).isTrue();
            var first = started.getReceivedMessages()[0];
            assertThat(first.getSubject()).startsWith("[Drawbridge ").contains("WARNING");
            assertThat(first.getContent().toString()).contains("Since 2026-03-01T13:01:00Z");
        }
    }
}
