package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.view.AlertRules;
import drawbridge.model.view.AlertView;
import drawbridge.server.alert.AlertRule;
import drawbridge.server.alert.Alerts;
import drawbridge.server.alert.Terms;
import drawbridge.server.session.Sessions.By;

import io.javalin.http.Context;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code /v1/alerts}: what fires, what is said of it, and when it fires. */
final class AlertEndpoint {
    private static final Duration LEAST_SNOOZE = Duration.ofMinutes(1);
    private static final Duration MOST_SNOOZE = Duration.ofDays(30);
    private static final Duration USUAL_SNOOZE = Duration.ofHours(1);
    private static final int MOST_FACTOR = 1_000;

    private final RequestReader reader;
    private final Alerts alerts;

    AlertEndpoint(RequestReader reader, Alerts alerts) {
        this.reader = reader;
        this.alerts = alerts;
    }

    void list(Context ctx) {
        Answers.json(ctx, 200, alerts.now());
    }

    void acknowledge(Context ctx) {
        reader.body(ctx).refuseOthers();
        answer(ctx, alerts.acknowledge(ctx.pathParam("id"), By.admin(reader.requestId(ctx))));
    }

    void snooze(Context ctx) {
        Body body = reader.body(ctx);
        Duration length = body.duration("for", LEAST_SNOOZE, MOST_SNOOZE).orElse(USUAL_SNOOZE);
        body.refuseOthers();
        answer(ctx, alerts.snooze(ctx.pathParam("id"), length, By.admin(reader.requestId(ctx))));
    }

    void reopen(Context ctx) {
        reader.body(ctx).refuseOthers();
        answer(ctx, alerts.reopen(ctx.pathParam("id"), By.admin(reader.requestId(ctx))));
    }

    void wake(Context ctx) {
        reader.body(ctx).refuseOthers();
        answer(ctx, alerts.wake(ctx.pathParam("id"), By.admin(reader.requestId(ctx))));
    }

    void test(Context ctx) throws InterruptedException {
        Body body = reader.body(ctx);
        String channel = body.needed(64, "channel");
        body.refuseOthers();
        List<String> there = alerts.channels();
        Answers.json(
                ctx,
                200,
                alerts.test(channel)
                        .orElseThrow(() ->
                                ProblemException.inField(
                                        "channel",
                                        there.isEmpty()
                                                ? "is none: alerts are sent nowhere (alert.webhook.url, alert.mail.to)"
                                                : "is none there is; there are "
                                                        + String.join(", ", there))));
    }

    private static void answer(Context ctx, Optional<AlertView> alert) {
        Answers.json(
                ctx,
                200,
                alert.orElseThrow(() ->
                        ProblemException.of(
                                ProblemCode.UNKNOWN_ID, "there is no alert with this id")));
    }

    void rules(Context ctx) {
        Answers.json(ctx, 200, new AlertRules(alerts.rules()));
    }

    void change(Context ctx) {
        Body body = reader.body(ctx);
        List<Body> given =
                body.objects("rules", AlertRule.values().length)
                        .orElseThrow(() ->
                                ProblemException.inField(
                                        "rules", "is missing; give a list of rules"));
        body.refuseOthers();
        Map<AlertRule, Terms> terms = new EnumMap<>(AlertRule.class);
        for (Body one : given) {
            AlertRule rule = rule(one);
            Terms now = alerts.terms(rule);
            refuseWithoutEffect(one, rule);
            terms.put(
                    rule,
                    new Terms(
                            one.flag("on", now.on()),
                            one.number("least", 0, Terms.MOST).orElse(now.least()),
                            one.number("factor", 0, MOST_FACTOR).orElse(now.factor())));
            one.refuseOthers();
        }
        Answers.json(ctx, 200, new AlertRules(alerts.set(terms, By.admin(reader.requestId(ctx)))));
    }

    /** A term that a rule does not look at is a mistake of who sets it. */
    private static void refuseWithoutEffect(Body one, AlertRule rule) {
        if (!rule.hasLeast() && one.number("least", 0, Terms.MOST).orElse(0) != 0) {
            throw one.wrong("least", "does nothing for " + rule.wireName());
        }
        if (!rule.hasFactor() && one.number("factor", 0, MOST_FACTOR).orElse(0) != 0) {
            throw one.wrong("factor", "does nothing for " + rule.wireName());
        }
    }

    private static AlertRule rule(Body one) {
        return AlertRule.parse(one.needed(64, "rule"))
                .orElseThrow(() ->
                        one.wrong(
                                "rule",
                                "is none there is; there are "
                                        + Arrays.stream(AlertRule.values())
                                                .map(AlertRule::wireName)
                                                .collect(Collectors.joining(", "))));
    }
}
