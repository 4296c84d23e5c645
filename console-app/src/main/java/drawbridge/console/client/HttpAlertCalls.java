package drawbridge.console.client;

import drawbridge.model.view.AlertRules;
import drawbridge.model.view.AlertTest;
import drawbridge.model.view.AlertView;
import drawbridge.model.view.AlertsView;

import tools.jackson.core.type.TypeReference;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Alerts over HTTP. */
final class HttpAlertCalls implements AlertCalls {
    /** A mail server may take 15 s for each of its steps. */
    private static final Duration SENDING = Duration.ofSeconds(60);

    private final AdminHttp http;

    HttpAlertCalls(AdminHttp http) {
        this.http = http;
    }

    @Override
    public Reply<AlertsView> alerts() {
        return http.get("/v1/alerts", "/v1/alerts", new TypeReference<AlertsView>() {});
    }

    @Override
    public Reply<AlertRules> rules() {
        return http.get("/v1/alerts/rules", "/v1/alerts/rules", new TypeReference<AlertRules>() {});
    }

    @Override
    public Reply<AlertRules> change(String rule, boolean on, int least, int factor) {
        return http.put(
                "/v1/alerts/rules",
                "/v1/alerts/rules",
                Map.of(
                        "rules",
                        List.of(Map.of("rule", rule, "on", on, "least", least, "factor", factor))),
                new TypeReference<AlertRules>() {});
    }

    @Override
    public Reply<AlertView> acknowledge(String id) {
        return mark(id, "acknowledge", Map.of());
    }

    @Override
    public Reply<AlertView> reopen(String id) {
        return mark(id, "reopen", Map.of());
    }

    @Override
    public Reply<AlertView> snooze(String id, String length) {
        return mark(id, "snooze", Map.of("for", length));
    }

    @Override
    public Reply<AlertView> wake(String id) {
        return mark(id, "wake", Map.of());
    }

    private Reply<AlertView> mark(String id, String how, Map<String, String> body) {
        return http.post(
                "/v1/alerts/…/" + how,
                "/v1/alerts/" + AdminHttp.encoded(id) + "/" + how,
                body,
                new TypeReference<AlertView>() {});
    }

    @Override
    public Reply<AlertTest> test(String channel) {
        return http.post(
                "/v1/alerts/test",
                "/v1/alerts/test",
                Map.of("channel", channel),
                new TypeReference<AlertTest>() {},
                SENDING);
    }
}
