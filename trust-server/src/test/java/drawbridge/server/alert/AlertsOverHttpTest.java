package drawbridge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.RouteTables;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an administrator says of an alert, over a restart. */
@DatabaseContract
class AlertsOverHttpTest {
    private final MutableClock clock = new MutableClock(Given.OPENED);

    @TempDir Path data = Path.of("");

    private RunningServer start() {
        return RunningServer.start(data, clock, Map.of("DRAWBRIDGE_SECRET_AGE", "1h"));
    }

    private static List<JsonNode> alerts(RunningServer server) {
        RouteTables.judge(server.server());
        List<JsonNode> alerts = new ArrayList<>();
        for (JsonNode alert : server.admin("/v1/alerts").json().get("alerts").values()) {
            if (alert.get("subject").asString().equals("admin_token")) {
                alerts.add(alert);
            }
        }
        return alerts;
    }

    private static JsonNode rule(RunningServer server, String name) {
        for (JsonNode rule : server.admin("/v1/alerts/rules").json().get("rules").values()) {
            if (rule.get("rule").asString().equals(name)) {
                return rule;
            }
        }
        throw new AssertionError("no rule " + name);
    }

    @Test
    void isAcknowledgedAndSnoozedOverARestart() {
        String id;
        try (RunningServer server = start()) {
            RouteTables.judge(server.server());
            clock.advance(Duration.ofMinutes(61));
            JsonNode fired = alerts(server).getFirst();
            id = fired.get("id").asString();

            Answer known = server.admin("/v1/alerts/" + id + "/acknowledge", "{}");
            Answer later = server.admin("/v1/alerts/" + id + "/snooze", "{\"for\":\"2h\"}");

            assertThat(known.status()).isEqualTo(200);
            assertThat(known.text("acknowledgedBy")).isEqualTo("admin");
            assertThat(later.text("snoozedUntil"))
                    .isEqualTo(clock.instant().plus(Duration.ofHours(2)).toString());
            assertThat(alerts(server)).hasSize(1);
        }
        try (RunningServer server = start()) {
            JsonNode alert = alerts(server).getFirst();
            assertThat(alerts(server)).hasSize(1);
            assertThat(alert.get("id").asString()).isEqualTo(id);
            assertThat(alert.get("acknowledgedBy").asString()).isEqualTo("admin");
            assertThat(alert.get("snoozedBy").asString()).isEqualTo("admin");
            assertThat(server.admin("/v1/audit?kind=alert.snoozed").json().get("items").size())
                    .isEqualTo(1);
            assertThat(server.admin("/v1/audit?kind=alert.acknowledged").json().get("items").size())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatWasSaidIsTakenBack() {
        try (RunningServer server = start()) {
            RouteTables.judge(server.server());
            clock.advance(Duration.ofMinutes(61));
            String path = "/v1/alerts/" + alerts(server).getFirst().get("id").asString();
            server.admin(path + "/acknowledge", "{}");
            server.admin(path + "/snooze", "{}");

            Answer open = server.admin(path + "/reopen", "{}");
            Answer awake = server.admin(path + "/wake", "{}");

            assertThat(open.json().get("acknowledgedBy").isNull()).isTrue();
            assertThat(open.json().get("snoozedUntil").isNull()).isFalse();
            assertThat(awake.json().get("snoozedUntil").isNull()).isTrue();
            assertThat(alerts(server).getFirst().get("snoozedBy").isNull()).isTrue();
            assertThat(server.admin("/v1/audit?kind=alert.reopened").json().get("items").size())
                    .isEqualTo(1);
            assertThat(server.admin("/v1/audit?kind=alert.woken").json().get("items").size())
                    .isEqualTo(1);
        }
    }

    @Test
    void rulesAreChangedOverARestart() {
        try (RunningServer server = start()) {
            Answer set =
                    server.admin(
                            "PUT",
                            "/v1/alerts/rules",
                            "{\"rules\":[{\"rule\":\"latency\",\"least\":70000,\"factor\":2},{\"rule\":\"refusals\",\"on\":false}]}");

            assertThat(set.status()).isEqualTo(200);
        }
        try (RunningServer server = start()) {
            RouteTables.judge(server.server());
            assertThat(server.admin("/v1/alerts/rules").json().get("rules").size())
                    .isEqualTo(AlertRule.values().length);
            assertThat(rule(server, "latency").get("least").asInt()).isEqualTo(70_000);
            assertThat(rule(server, "latency").get("factor").asInt()).isEqualTo(2);
            assertThat(rule(server, "refusals").get("state").asString()).isEqualTo("off");
            assertThat(rule(server, "unusual_geography").get("state").asString()).isEqualTo("off");
            assertThat(rule(server, "unusual_geography").get("why").asString())
                    .startsWith("no data");
        }
    }

    @Test
    void refusesWhatIsNoRule() {
        try (RunningServer server = start()) {
            String path = "/v1/alerts/rules";

            assertThat(server.admin("PUT", path, "{}").status()).isEqualTo(400);
            assertThat(server.admin("PUT", path, "{\"rules\":[{\"rule\":\"none\"}]}").status())
                    .isEqualTo(400);
            assertThat(
                            server.admin(
                                            "PUT",
                                            path,
                                            "{\"rules\":[{\"rule\":\"latency\",\"least\":-1}]}")
                                    .status())
                    .isEqualTo(400);
            assertThat(
                            server.admin(
                                            "PUT",
                                            path,
                                            "{\"rules\":[{\"rule\":\"audit_break\",\"least\":3}]}")
                                    .status())
                    .isEqualTo(400);
            assertThat(server.admin("/v1/alerts/test", "{\"channel\":\"webhook\"}").status())
                    .isEqualTo(400); // it is sent nowhere
            assertThat(server.admin("/v1/alerts/alert_none/acknowledge", "{}").status())
                    .isEqualTo(404);
        }
    }
}
