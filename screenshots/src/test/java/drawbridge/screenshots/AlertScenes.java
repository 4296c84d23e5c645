package drawbridge.screenshots;

import drawbridge.console.fake.FakeAlerts;
import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertFact;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertView;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The alerts of the pictures. */
final class AlertScenes {
    private static final Instant NOW = Scenes.NOW;

    private AlertScenes() {}

    /** One that has just begun. */
    static AlertView failedLogins() {
        return alert(
                "alert_2",
                "failed_logins",
                "server",
                "Failed logins rise",
                "warning",
                Duration.ofMinutes(3),
                "Failed logins rise: 42 refused logins a minute, where 3.1 is usual",
                List.of(
                        new AlertFact("within the last minute", "42 refused logins a minute"),
                        new AlertFact("usual", "3.1"),
                        new AlertFact("fires from", "15.5"),
                        new AlertFact("from where", "203.0.113.9 (31), 198.51.100.7 (8)"),
                        new AlertFact(
                                "who was tried",
                                "ana@example.com (12), ben@example.com (9), 4 others")),
                "users",
                "Look at who is tried and from where; lock the accounts that are meant, or lower limit.authentication.");
    }

    /** Everything an alert can be. */
    static void busy(FakeAlerts alerts) {
        rules().forEach(alerts::hold);
        alerts.hold(
                alert(
                        "alert_1",
                        "audit_break",
                        "default",
                        "The audit chain is broken",
                        "critical",
                        Duration.ofSeconds(40),
                        "default: row 38112 does not fit its hash",
                        List.of(
                                new AlertFact("tenant", "default"),
                                new AlertFact("row", "38112"),
                                new AlertFact("finding", "row 38112 does not fit its hash")),
                        "audit",
                        "Somebody changed the database: verify the audit, keep a copy of it, and look who could write there."));
        alerts.hold(failedLogins());
        alerts.hold(
                marked(
                        alert(
                                "alert_3",
                                "secret_overdue",
                                "default/checkout",
                                "A secret is overdue",
                                "warning",
                                Duration.ofHours(26),
                                "The bridge secret of checkout is overdue since 2 days",
                                List.of(new AlertFact("made", "2025-12-01T09:00:00Z")),
                                "secrets",
                                "Rotate it; both versions count during the overlap."),
                        "admin",
                        null,
                        null));
        alerts.hold(
                marked(
                        alert(
                                "alert_4",
                                "delivery_failed",
                                "mail",
                                "Alerts do not get through",
                                "warning",
                                Duration.ofHours(2),
                                "Alerts do not get through by mail: 421 try again later",
                                List.of(
                                        new AlertFact("to", "ops@example.com"),
                                        new AlertFact("why", "421 try again later")),
                                "settings",
                                "Look at alert.webhook.url and alert.mail.to, and whether that server answers; until then alerts are only shown here."),
                        null,
                        NOW.plus(Duration.ofMinutes(47)),
                        null));
        alerts.hold(
                marked(
                        alert(
                                "alert_5",
                                "latency",
                                "server",
                                "Validations are slow",
                                "warning",
                                Duration.ofHours(5),
                                "Validations are slow: 84 ms at the 99th percentile, where 0.3 ms is usual",
                                List.of(
                                        new AlertFact("99th percentile", "84 ms"),
                                        new AlertFact("usual", "0.3 ms"),
                                        new AlertFact("fires from", "50 ms")),
                                "overview",
                                "Look at the tiers' times and the processor; drawbridge-server doctor says what is short."),
                        null,
                        null,
                        NOW.minus(Duration.ofHours(5)).plusSeconds(74)));
        alerts.hold(
                new AlertChannel(
                        "webhook",
                        "https://hooks.example.com",
                        "delivered",
                        0,
                        18,
                        0,
                        NOW.minusSeconds(39),
                        null,
                        NOW.minusSeconds(39),
                        ""));
        alerts.hold(
                new AlertChannel(
                        "mail",
                        "ops@example.com",
                        "failing",
                        3,
                        14,
                        1,
                        NOW.minusSeconds(12),
                        NOW.plusSeconds(52),
                        NOW.minus(Duration.ofHours(3)),
                        "421 try again later"));
    }

    /** A server that nothing is wrong with, and that tells nobody. */
    static void calm(FakeAlerts alerts) {
        rules().forEach(alerts::hold);
    }

    private static AlertView alert(
            String id,
            String rule,
            String subject,
            String title,
            String severity,
            Duration age,
            String summary,
            List<AlertFact> evidence,
            String mend,
            String advice) {
        return new AlertView(
                id,
                rule,
                subject,
                title,
                severity,
                "node-1",
                "firing",
                NOW.minus(age),
                null,
                NOW.minusSeconds(1),
                summary,
                evidence,
                mend,
                advice,
                null,
                null,
                null,
                null);
    }

    private static AlertView marked(
            AlertView a,
            @Nullable String acknowledgedBy,
            @Nullable Instant snoozedUntil,
            @Nullable Instant clearedAt) {
        return new AlertView(
                a.id(),
                a.rule(),
                a.subject(),
                a.title(),
                a.severity(),
                a.node(),
                clearedAt == null ? "firing" : "cleared",
                a.since(),
                clearedAt,
                clearedAt == null ? a.seenAt() : clearedAt.minusSeconds(1),
                a.summary(),
                a.evidence(),
                a.mend(),
                a.advice(),
                acknowledgedBy,
                acknowledgedBy == null ? null : NOW.minus(Duration.ofMinutes(50)),
                snoozedUntil == null ? null : "admin",
                snoozedUntil);
    }

    private static AlertRuleRow rule(
            String rule,
            String title,
            String about,
            String severity,
            String state,
            String why,
            int least,
            int factor,
            String unit,
            double[] figures,
            String mend,
            String advice) {
        return new AlertRuleRow(
                rule,
                title,
                about,
                severity,
                state,
                why,
                true,
                least,
                factor,
                least,
                factor,
                unit,
                figures[0],
                figures[1],
                figures[2],
                mend,
                advice);
    }

    private static List<AlertRuleRow> rules() {
        return List.of(
                rule(
                        "failed_logins",
                        "Failed logins rise",
                        "Refused logins within a minute, compared with what is usual.",
                        "warning",
                        "firing",
                        "",
                        10,
                        5,
                        "refused logins a minute",
                        new double[] {42, 3.1, 15.5},
                        "users",
                        "Look at who is tried and from where; lock the accounts that are meant, or lower limit.authentication."),
                rule(
                        "refusals",
                        "Refused validations rise",
                        "Refused validations within a minute, compared with what is usual.",
                        "warning",
                        "watching",
                        "",
                        100,
                        5,
                        "refusals a minute",
                        new double[] {12, 9.4, 100},
                        "threats",
                        "The reasons say whether a back end is set up wrongly or somebody tries ids; end the sessions that are meant."),
                rule(
                        "unusual_geography",
                        "Login from an unusual country",
                        "Logins of a user from a country in which that user has not logged in before.",
                        "warning",
                        "off",
                        "no data: geo.database names no file",
                        2,
                        0,
                        "logins known before",
                        new double[] {0, 0, 2.0},
                        "sessions",
                        "Ask the user; if it was somebody else, end the user's sessions and have the password set anew."),
                rule(
                        "impossible_travel",
                        "Impossible travel",
                        "Two logins of a user, farther apart than one can travel in between.",
                        "critical",
                        "off",
                        "no data: geo.database names no file",
                        900,
                        0,
                        "km/h",
                        new double[] {0, 0, 900.0},
                        "sessions",
                        "One of the two is probably not the user: end the user's sessions and have the password set anew."),
                rule(
                        "database_queries",
                        "Validations ask the database more often",
                        "How many of a hundred validations ask the database, compared with what is usual.",
                        "warning",
                        "watching",
                        "",
                        25,
                        3,
                        "of 100 validations",
                        new double[] {2.1, 1.9, 25},
                        "overview",
                        "Look whether ids are guessed (refusals no_session), memory.sessions is too small, or Redis is away."),
                rule(
                        "error_rate",
                        "Validations cannot be decided",
                        "How many of a thousand validations could not be decided, compared with what is usual.",
                        "critical",
                        "watching",
                        "",
                        10,
                        3,
                        "of 1000 validations",
                        new double[] {0, 0, 10},
                        "server",
                        "The database or this node's lease is away; the server's log says which."),
                rule(
                        "latency",
                        "Validations are slow",
                        "The 99th percentile of the last ten seconds, compared with what is usual.",
                        "warning",
                        "watching",
                        "",
                        50_000,
                        4,
                        "microseconds",
                        new double[] {310, 290, 50000},
                        "overview",
                        "Look at the tiers' times and the processor; drawbridge-server doctor says what is short."),
                rule(
                        "secret_overdue",
                        "A secret is overdue",
                        "Secrets that should have been rotated by now, by plan or by age.",
                        "warning",
                        "firing",
                        "",
                        0,
                        0,
                        "secrets",
                        new double[] {1, 0, 1},
                        "secrets",
                        "Rotate it; both versions count during the overlap."),
                rule(
                        "replayed_token",
                        "A used token was presented again",
                        "Trust tokens presented after they were consumed, and replaced session ids used again.",
                        "warning",
                        "watching",
                        "",
                        1,
                        0,
                        "within ten minutes",
                        new double[] {0, 0, 1.0},
                        "tokens",
                        "Somebody else may have read the link; ask the user, and revoke that user's open tokens."),
                rule(
                        "receipt_over_budget",
                        "A revocation took too long",
                        "How long revocations took until every node refused.",
                        "warning",
                        "watching",
                        "",
                        1_000_000,
                        0,
                        "microseconds",
                        new double[] {9000, 0, 1000000},
                        "server",
                        "Look for a node that does not answer, and at how long the database takes to write."),
                rule(
                        "audit_break",
                        "The audit chain is broken",
                        "Rows of the audit that do not fit their hash, are gone, or are cut off.",
                        "critical",
                        "firing",
                        "",
                        0,
                        0,
                        "findings",
                        new double[] {1, 0, 1},
                        "audit",
                        "Somebody changed the database: verify the audit, keep a copy of it, and look who could write there."),
                rule(
                        "clock_jump",
                        "The clock jumped",
                        "The wall clock compared with the time that has passed.",
                        "warning",
                        "watching",
                        "",
                        5_000,
                        0,
                        "ms",
                        new double[] {1, 0, 5000},
                        "server",
                        "Mend the machine's time synchronisation: lifetimes of sessions and tokens are judged by its clock."),
                rule(
                        "purge_lag",
                        "Old sessions are not purged",
                        "How long ended sessions may have been waiting to be deleted.",
                        "warning",
                        "watching",
                        "",
                        1_800,
                        0,
                        "seconds",
                        new double[] {22, 0, 1800},
                        "server",
                        "Nothing is trusted longer for it, but the database grows: look whether writes wait."),
                rule(
                        "delivery_failed",
                        "Alerts do not get through",
                        "Whether alerts that leave the server are taken.",
                        "warning",
                        "firing",
                        "",
                        0,
                        0,
                        "ways",
                        new double[] {1, 0, 1},
                        "settings",
                        "Look at alert.webhook.url and alert.mail.to, and whether that server answers; until then alerts are only shown here."));
    }
}
