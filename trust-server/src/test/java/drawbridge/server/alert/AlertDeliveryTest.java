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

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
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
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    private Socket kept = new Socket();
    private @Nullable HttpServer taker;
    private @Nullable GreenMail mail;

    @TempDir Path data = Path.of("");

    @AfterEach
    void end() throws IOException {
        kept.close();
        if (taker != null) {
            taker.stop(0);
        }
        if (mail != null) {
            mail.stop();
        }
    }

    /** A port where nobody listens, and which nobody else is given until {@link #listen}. */
    private int closedPort() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        kept = socket;
        return socket.getLocalPort();
    }

    private void listen(int port) throws IOException {
        kept.close();
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
        int port = closedPort();
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
        int port = closedPort();
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
    void aTestMessageSaysHowItFaredAndBringsTheQueueBack() throws Exception {
        int port = closedPort();
        try (RunningServer server =
                start(
                        Map.of(
                                "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                                "http://127.0.0.1:" + port + "/",
                                "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                                SECRET))) {
            String body = "{\"channel\":\"webhook\"}";
            JsonNode failed = server.admin("/v1/alerts/test", body).json();
            assertThat(failed.get("taken").asBoolean()).isFalse();
            assertThat(failed.get("why").asString()).startsWith("no answer from");
            assertThat(channel(server).get("state").asString()).isEqualTo("failing");
            clock.advance(Duration.ofMinutes(61)); // the admin token is overdue
            RouteTables.judge(server.server());
            await().atMost(PATIENCE).until(() -> !channel(server).get("nextAt").isNull());
            listen(port);

            JsonNode taken = server.admin("/v1/alerts/test", body).json();

            assertThat(taken.get("taken").asBoolean()).isTrue();
            assertThat(posted.getFirst().about())
                    .isIn("alert.test webhook", "alert.fired admin_token");
            await().atMost(PATIENCE).until(() -> count("alert.fired admin_token") == 1);
            assertThat(count("alert.test webhook")).isEqualTo(1);
            for (Posted each : posted) {
                assertThat(each.headers().get("signature")).isEqualTo(sign(each));
            }
        }
    }

    @Test
    void aWayThatFailsIsAnAlertUntilItWorks() throws Exception {
        int port = closedPort();
        try (RunningServer server =
                start(
                        Map.of(
                                "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                                "http://127.0.0.1:" + port + "/",
                                "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                                SECRET))) {
            server.admin("/v1/alerts/test", "{\"channel\":\"webhook\"}");
            Instant cause = clock.instant();
            clock.advance(Duration.ofSeconds(1));
            RouteTables.judge(server.server());
            JsonNode alert = deliveryFailed(server);
            assertThat(alert.get("state").asString()).isEqualTo("firing");
            assertThat(Instant.parse(alert.get("since").asString()))
                    .isBetween(cause, cause.plusSeconds(10));
            assertThat(alert.get("evidence").toString()).contains("no answer from");
            listen(port);

            clock.advance(Duration.ofSeconds(1)); // first: the server judges by itself, too
            server.admin("/v1/alerts/test", "{\"channel\":\"webhook\"}");
            RouteTables.judge(server.server());

            assertThat(deliveryFailed(server).get("state").asString()).isEqualTo("cleared");
            assertThat(deliveryFailed(server).get("clearedAt").asString())
                    .isEqualTo(clock.instant().toString());
        }
    }

    private static boolean isTest(MimeMessage message) {
        try {
            return message.getSubject().endsWith("test: A test message");
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode deliveryFailed(RunningServer server) {
        for (JsonNode alert : server.admin("/v1/alerts").json().get("alerts").values()) {
            if (alert.get("rule").asString().equals("delivery_failed")) {
                return alert;
            }
        }
        throw new AssertionError("delivery_failed did not fire");
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

            assertThat(started.waitForIncomingEmail(PATIENCE.toMillis(), 1)).isTrue();
            var first = started.getReceivedMessages()[0];
            assertThat(first.getSubject()).startsWith("[Drawbridge ").contains("WARNING");
            assertThat(first.getContent().toString()).contains("Since 2026-03-01T13:01:00Z");

            server.admin("/v1/alerts/test", "{\"channel\":\"mail\"}");

            await().atMost(PATIENCE)
                    .until(() ->
                            Arrays.stream(started.getReceivedMessages())
                                    .anyMatch(AlertDeliveryTest::isTest));
        }
    }
}
