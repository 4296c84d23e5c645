package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import drawbridge.server.RouteTables;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The same secret is overdue on both of two nodes: what is said of its alert on one of them holds
 * on the other.
 */
@Timeout(180)
class AlertsOfNodesTest {
    private static final String SUBJECT = "default/default";

    private final MutableClock clock = new MutableClock(Given.OPENED);

    /** What was posted of that secret: {@code fired a}, in the order in which it came. */
    private final List<String> posted = new CopyOnWriteArrayList<>();

    private HttpServer taker;
    private RunningServer a;
    private RunningServer b;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        taker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        taker.createContext(
                "/",
                exchange -> {
                    JsonNode body = JsonMapper.shared().readTree(exchange.getRequestBody());
                    JsonNode alert = body.get("data");
                    if (alert.get("subject").asString().equals(SUBJECT)) {
                        posted.add(
                                body.get("type").asString().replace("alert.", "")
                                        + " "
                                        + alert.get("node").asString());
                    }
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        taker.start();
        Map<String, String> settings =
                Map.of(
                        "DRAWBRIDGE_SECRET_AGE",
                        "1h",
                        "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                        "http://127.0.0.1:" + taker.getAddress().getPort(),
                        "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                        RunningServer.SECRET);
        a = SharedNodes.start(folder, "a", settings, clock);
        b = SharedNodes.start(folder, "b", settings, clock);
        RouteTables.judge(a.server());
        RouteTables.judge(b.server());
        clock.advance(Duration.ofMinutes(61));
        RouteTables.judge(a.server());
        RouteTables.judge(b.server());
        await().until(() -> posted.containsAll(List.of("fired a", "fired b")));
        posted.clear();
    }

    @AfterEach
    void stop() {
        b.close();
        a.close();
        taker.stop(0);
    }

    /** What that server tells of the alert of a node. */
    private static JsonNode alert(RunningServer asked, String node) {
        for (JsonNode each : asked.admin("/v1/alerts").json().get("alerts").values()) {
            if (each.get("subject").asString().equals(SUBJECT)
                    && each.get("node").asString().equals(node)
                    && each.get("state").asString().equals("firing")) {
                return each;
            }
        }
        throw new AssertionError("no alert of " + node);
    }

    private static void say(RunningServer asked, String node, String what) {
        String id = alert(asked, node).get("id").asString();
        Answer said = asked.admin("/v1/alerts/" + id + "/" + what, "{}");
        assertThat(said.status()).as(said.response().body()).isEqualTo(200);
    }

    /** Takes the cause away, which clears the alert; or brings it back. */
    private static void cause(RunningServer server, boolean isThere) {
        Answer set =
                server.admin(
                        "PUT",
                        "/v1/alerts/rules",
                        "{\"rules\":[{\"rule\":\"secret_overdue\",\"on\":%s}]}".formatted(isThere));
        assertThat(set.status()).as(set.response().body()).isEqualTo(200);
        RouteTables.judge(server.server());
    }

    private static void awaitAlertOf(RunningServer asked, String node, String field) {
        await().untilAsserted(() -> assertThat(alert(asked, node).get(field).isNull()).isFalse());
    }

    @Test
    void whatIsSnoozedOnOneNodeIsToldByNone() {
        say(a, "a", "snooze");

        cause(b, false);
        cause(b, true);
        assertThat(alert(b, "b").get("snoozedBy").asString()).isEqualTo("admin");
        assertThat(alert(b, "b").get("snoozedUntil")).isEqualTo(alert(a, "a").get("snoozedUntil"));

        say(b, "b", "wake");
        cause(b, false);
        await().until(() -> posted.contains("cleared b"));
        cause(b, true);
        await().until(() -> posted.contains("fired b"));
        // What came while it was snoozed would have come before.
        assertThat(posted)
                .filteredOn(each -> each.endsWith("b"))
                .containsExactly("cleared b", "fired b");

        cause(a, false);
        await().until(() -> posted.contains("cleared a"));
    }

    @Test
    void aSnoozeEndsEverywhereAtTheSameTime() {
        say(a, "a", "snooze");
        Instant until = Instant.parse(alert(a, "a").get("snoozedUntil").asString());
        cause(b, false);

        clock.advance(Duration.between(clock.instant(), until));
        cause(b, true);

        await().until(() -> posted.contains("fired b"));
        assertThat(posted).doesNotContain("cleared b");
    }

    @Test
    void whatIsSaidElsewhereIsNotWrittenOver() {
        awaitAlertOf(a, "b", "id");
        say(a, "b", "acknowledge");

        // It is due to be written down again, and nobody has told it yet.
        clock.advance(Duration.ofSeconds(61));
        RouteTables.judge(b.server());

        awaitAlertOf(b, "b", "acknowledgedBy");
        awaitAlertOf(a, "b", "acknowledgedBy");
        say(b, "b", "reopen");
        await().until(() -> alert(a, "b").get("acknowledgedBy").isNull());
        assertThat(alert(a, "a").get("acknowledgedBy").isNull()).isTrue();
    }
}
