package drawbridge.server.alert;

import drawbridge.model.view.AlertView;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** An alert in its next state; each is a new one. */
final class Alert {
    /** The rule and the state of what is no alert. */
    static final String TEST = "test";

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

    static AlertView notAcknowledged(AlertView alert) {
        return marked(alert, null, null, alert.snoozedBy(), alert.snoozedUntil());
    }

    static AlertView notSnoozed(AlertView alert) {
        return marked(alert, alert.acknowledgedBy(), alert.acknowledgedAt(), null, null);
    }

    /** A message that says nothing but that it arrived. */
    static AlertView test(String id, String node, String channel, Instant now) {
        return new AlertView(
                id,
                TEST,
                channel,
                "A test message",
                "warning",
                node,
                TEST,
                now,
                null,
                now,
                "Somebody tried whether alerts of this server arrive here; they do",
                List.of(),
                "alerts",
                "Nothing has to be done.",
                null,
                null,
                null,
                null);
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

    /** The same alert, acknowledged as another state of it is. */
    static AlertView acknowledgedLike(AlertView alert, AlertView like) {
        return marked(
                alert,
                like.acknowledgedBy(),
                like.acknowledgedAt(),
                alert.snoozedBy(),
                alert.snoozedUntil());
    }

    /** The same alert, snoozed as another one is. */
    static AlertView snoozedLike(AlertView alert, AlertView like) {
        return marked(
                alert,
                alert.acknowledgedBy(),
                alert.acknowledgedAt(),
                like.snoozedBy(),
                like.snoozedUntil());
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
