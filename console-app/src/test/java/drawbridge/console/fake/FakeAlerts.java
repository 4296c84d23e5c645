package drawbridge.console.fake;

import drawbridge.console.client.AlertCalls;
import drawbridge.console.client.Reply;
import drawbridge.model.Problem;
import drawbridge.model.ProblemCode;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertRules;
import drawbridge.model.view.AlertTest;
import drawbridge.model.view.AlertView;
import drawbridge.model.view.AlertsView;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Alerts as a test sets them; what is said of one is told as an event. Safe for many threads. */
public final class FakeAlerts implements AlertCalls {
    private final FakeServer server;
    private final Clock clock;
    private final Map<String, AlertView> alerts = new LinkedHashMap<>();
    private final Map<String, AlertRuleRow> rules = new LinkedHashMap<>();
    private final List<AlertChannel> channels = new ArrayList<>();
    private final List<String> tested = new ArrayList<>();
    private String refusedBecause = "";

    FakeAlerts(FakeServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    /** Holds one, without telling. */
    public synchronized void hold(AlertView alert) {
        alerts.put(alert.id(), alert);
    }

    /** It fires, clears or changes, and is told. */
    public void tell(AlertView alert) {
        hold(alert);
        server.tell(seq -> new ServerEvent.AlertChanged(seq, clock.instant(), alert));
    }

    /** A rule. */
    public synchronized void hold(AlertRuleRow rule) {
        rules.put(rule.rule(), rule);
    }

    /** A way. */
    public synchronized void hold(AlertChannel channel) {
        channels.add(channel);
    }

    /** From now on no test message is taken. */
    public synchronized void refuseTests(String why) {
        refusedBecause = why;
    }

    /** On which ways a test message was sent. */
    public synchronized List<String> tested() {
        return List.copyOf(tested);
    }

    private <T> Reply<T> answer(String tried, @Nullable T value) {
        String silence = server.silence();
        if (silence != null) {
            return new Reply.Unreachable<>(tried, silence);
        }
        Problem refusal = tried.startsWith("GET") ? null : server.refusal();
        if (refusal != null) {
            return new Reply.Rejected<>(409, refusal);
        }
        String text = "there is no alert with this id";
        return value == null
                ? new Reply.Rejected<>(
                        404,
                        new Problem(false, text, text, ProblemCode.UNKNOWN_ID.name(), null, null))
                : new Reply.Done<>(value);
    }

    @Override
    public synchronized Reply<AlertsView> alerts() {
        return answer(
                "GET /v1/alerts",
                new AlertsView(clock.instant(), List.copyOf(alerts.values()), channels));
    }

    @Override
    public synchronized Reply<AlertRules> rules() {
        return answer("GET /v1/alerts/rules", new AlertRules(List.copyOf(rules.values())));
    }

    @Override
    public synchronized Reply<AlertRules> change(String rule, boolean on, int least, int factor) {
        Reply<AlertRules> refused = answer("PUT /v1/alerts/rules", new AlertRules(List.of()));
        if (!(refused instanceof Reply.Done)) {
            return refused;
        }
        rules.computeIfPresent(
                rule,
                (_, row) ->
                        new AlertRuleRow(
                                row.rule(),
                                row.title(),
                                row.about(),
                                row.severity(),
                                on ? "watching" : "off",
                                on ? "" : "switched off",
                                on,
                                least,
                                factor,
                                row.usualLeast(),
                                row.usualFactor(),
                                row.unit(),
                                row.now(),
                                row.usual(),
                                least,
                                row.mend(),
                                row.advice()));
        return rules();
    }

    private Reply<AlertView> mark(String tried, String id, UnaryOperator<AlertView> how) {
        AlertView marked;
        synchronized (this) {
            AlertView before = alerts.get(id);
            marked = before == null ? null : how.apply(before);
        }
        Reply<AlertView> reply = answer(tried, marked);
        if (marked != null && reply instanceof Reply.Done) {
            tell(marked);
        }
        return reply;
    }

    @Override
    public Reply<AlertView> acknowledge(String id) {
        return mark(
                "POST acknowledge",
                id,
                a -> marked(a, "admin", clock.instant(), a.snoozedBy(), a.snoozedUntil()));
    }

    @Override
    public Reply<AlertView> reopen(String id) {
        return mark("POST reopen", id, a -> marked(a, null, null, a.snoozedBy(), a.snoozedUntil()));
    }

    @Override
    public Reply<AlertView> snooze(String id, String length) {
        Duration time = Duration.parse("P" + (length.endsWith("d") ? length : "T" + length));
        return mark(
                "POST snooze",
                id,
                a ->
                        marked(
                                a,
                                a.acknowledgedBy(),
                                a.acknowledgedAt(),
                                "admin",
                                clock.instant().plus(time)));
    }

    @Override
    public Reply<AlertView> wake(String id) {
        return mark(
                "POST wake",
                id,
                a -> marked(a, a.acknowledgedBy(), a.acknowledgedAt(), null, null));
    }

    @Override
    public synchronized Reply<AlertTest> test(String channel) {
        tested.add(channel);
        return answer(
                "POST /v1/alerts/test",
                new AlertTest(
                        channel,
                        "https://hooks.example.test",
                        refusedBecause.isEmpty(),
                        refusedBecause,
                        84));
    }

    private static AlertView marked(
            AlertView a,
            @Nullable String by,
            @Nullable Instant at,
            @Nullable String snoozedBy,
            @Nullable Instant until) {
        return new AlertView(
                a.id(),
                a.rule(),
                a.subject(),
                a.title(),
                a.severity(),
                a.node(),
                a.state(),
                a.since(),
                a.clearedAt(),
                a.seenAt(),
                a.summary(),
                a.evidence(),
                a.mend(),
                a.advice(),
                by,
                at,
                snoozedBy,
                until);
    }
}
