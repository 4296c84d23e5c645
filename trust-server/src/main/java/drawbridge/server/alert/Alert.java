package drawbridge.server.alert;

import drawbridge.model.view.AlertView;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** An alert in its next state; each is a new one. */
final class Alert {
    private Alert() {}

    static AlertView fired(String id, AlertRule rule, String node, Finding found, Instant now) {
        return new AlertView(
                id,
                rule.wireName(),
                found.subject(),
                rule.title(),
                rule.severity().wireName(),
                node,
                "firing",
                now,
                null,
                now,
                found.summary(),
                found.evidence(),
                rule.screen(),
                rule.advice(),
                null,
                null,
                null,
                null);
    }

    static AlertView seen(AlertView alert, Finding found, Instant now) {
        return new AlertView(
                alert.id(),
                alert.rule(),
                alert.subject(),
                alert.title(),
                alert.severity(),
                alert.node(),
                "firing",
                alert.since(),
                null,
                now,
                found.summary(),
                found.evidence(),
                alert.mend(),
                alert.advice(),
                alert.acknowledgedBy(),
                alert.acknowledgedAt(),
                alert.snoozedBy(),
                alert.snoozedUntil());
    }

    static AlertView cleared(AlertView alert, Instant now) {
        return new AlertView(
                alert.id(),
                alert.rule(),
                alert.subject(),
                alert.title(),
                alert.severity(),
                alert.node(),
                "cleared",
                alert.since(),
                now,
                alert.seenAt(),
                alert.summary(),
                alert.evidence(),
                alert.mend(),
                alert.advice(),
                alert.acknowledgedBy(),
                alert.acknowledgedAt(),
                alert.snoozedBy(),
                alert.snoozedUntil());
    }

    static AlertView acknowledged(AlertView alert, String by, Instant now) {
        return marked(alert, by, now, alert.snoozedBy(), alert.snoozedUntil());
    }

    static AlertView snoozed(AlertView alert, String by, Instant until) {
        return marked(alert, alert.acknowledgedBy(), alert.acknowledgedAt(), by, until);
    }

    /** The same alert with the marks of another state of it. */
    static AlertView markedLike(AlertView alert, AlertView marks) {
        return marked(
                alert,
                marks.acknowledgedBy(),
                marks.acknowledgedAt(),
                marks.snoozedBy(),
                marks.snoozedUntil());
    }

    private static AlertView marked(
            AlertView alert,
            @Nullable String acknowledgedBy,
            @Nullable Instant acknowledgedAt,
            @Nullable String snoozedBy,
            @Nullable Instant snoozedUntil) {
        return new AlertView(
                alert.id(),
                alert.rule(),
                alert.subject(),
                alert.title(),
                alert.severity(),
                alert.node(),
                alert.state(),
                alert.since(),
                alert.clearedAt(),
                alert.seenAt(),
                alert.summary(),
                alert.evidence(),
                alert.mend(),
                alert.advice(),
                acknowledgedBy,
                acknowledgedAt,
                snoozedBy,
                snoozedUntil);
    }
}
