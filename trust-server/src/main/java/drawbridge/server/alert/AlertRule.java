package drawbridge.server.alert;

import java.util.Arrays;
import java.util.Optional;

/** What an administrator is alerted of, in the order in which it is judged. */
public enum AlertRule {
    FAILED_LOGINS(
            "failed_logins",
            "Failed logins rise",
            "Refused logins within a minute, compared with what is usual.",
            Severity.WARNING,
            new Terms(true, 10, 5),
            "refused logins a minute",
            "users",
            "Look at who is tried and from where; lock the accounts that are meant, or lower limit.authentication."),
    REFUSALS(
            "refusals",
            "Refused validations rise",
            "Refused validations within a minute, compared with what is usual.",
            Severity.WARNING,
            new Terms(true, 100, 5),
            "refusals a minute",
            "threats",
            "The reasons say whether a back end is set up wrongly or somebody tries ids; end the sessions that are meant."),
    UNUSUAL_GEOGRAPHY(
            "unusual_geography",
            "Login from an unusual country",
            "Logins of a user from a country in which that user has not logged in before.",
            Severity.WARNING,
            new Terms(true, 2, 0),
            "logins known before",
            "sessions",
            "Ask the user; if it was somebody else, end the user's sessions and have the password set anew."),
    IMPOSSIBLE_TRAVEL(
            "impossible_travel",
            "Impossible travel",
            "Two logins of a user, farther apart than one can travel in between.",
            Severity.CRITICAL,
            new Terms(true, 900, 0),
            "km/h",
            "sessions",
            "One of the two is probably not the user: end the user's sessions and have the password set anew."),
    DATABASE_QUERIES(
            "database_queries",
            "Validations ask the database more often",
            "How many of a hundred validations ask the database, compared with what is usual.",
            Severity.WARNING,
            new Terms(true, 25, 3),
            "of 100 validations",
            "overview",
            "Look whether ids are guessed (refusals no_session), memory.sessions is too small, or Redis is away."),
    ERROR_RATE(
            "error_rate",
            "Validations cannot be decided",
            "How many of a thousand validations could not be decided, compared with what is usual.",
            Severity.CRITICAL,
            new Terms(true, 10, 3),
            "of 1000 validations",
            "server",
            "The database or this node's lease is away; the server's log says which."),
    LATENCY(
            "latency",
            "Validations are slow",
            "The 99th percentile of the last ten seconds, compared with what is usual.",
            Severity.WARNING,
            new Terms(true, 50_000, 4),
            "microseconds",
            "overview",
            "Look at the tiers' times and the processor; drawbridge-server doctor says what is short."),
    SECRET_OVERDUE(
            "secret_overdue",
            "A secret is overdue",
            "Secrets that should have been rotated by now, by plan or by age.",
            Severity.WARNING,
            new Terms(true, 0, 0),
            "secrets",
            "secrets",
            "Rotate it; both versions count during the overlap."),
    REPLAYED_TOKEN(
            "replayed_token",
            "A used token was presented again",
            "Trust tokens presented after they were consumed, and replaced session ids used again.",
            Severity.WARNING,
            new Terms(true, 1, 0),
            "within ten minutes",
            "tokens",
            "Somebody else may have read the link; ask the user, and revoke that user's open tokens."),
    RECEIPT_OVER_BUDGET(
            "receipt_over_budget",
            "A revocation took too long",
            "How long revocations took until every node refused.",
            Severity.WARNING,
            new Terms(true, 1_000_000, 0),
            "microseconds",
            "server",
            "Look for a node that does not answer, and at how long the database takes to write."),
    AUDIT_BREAK(
            "audit_break",
            "The audit chain is broken",
            "Rows of the audit that do not fit their hash, are gone, or are cut off.",
            Severity.CRITICAL,
            new Terms(true, 0, 0),
            "findings",
            "audit",
            "Somebody changed the database: verify the audit, keep a copy of it, and look who could write there."),
    CLOCK_JUMP(
            "clock_jump",
            "The clock jumped",
            "The wall clock compared with the time that has passed.",
            Severity.WARNING,
            new Terms(true, 5_000, 0),
            "ms",
            "server",
            "Mend the machine's time synchronisation: lifetimes of sessions and tokens are judged by its clock."),
    PURGE_LAG(
            "purge_lag",
            "Old sessions are not purged",
            "How long ended sessions may have been waiting to be deleted.",
            Severity.WARNING,
            new Terms(true, 1_800, 0),
            "seconds",
            "server",
            "Nothing is trusted longer for it, but the database grows: look whether writes wait."),
    DELIVERY_FAILED(
            "delivery_failed",
            "Alerts do not get through",
            "Whether alerts that leave the server are taken.",
            Severity.WARNING,
            new Terms(true, 0, 0),
            "ways",
            "settings",
            "Look at alert.webhook.url and alert.mail.to, and whether that server answers; until then alerts are only shown here.");

    /** How bad it is. */
    public enum Severity {
        WARNING,
        CRITICAL;

        String wireName() {
            return this == WARNING ? "warning" : "critical";
        }
    }

    private final String wireName;
    private final String title;
    private final String about;
    private final Severity severity;
    private final Terms usual;
    private final String unit;
    private final String screen;
    private final String advice;

    AlertRule(
            String wireName,
            String title,
            String about,
            Severity severity,
            Terms usual,
            String unit,
            String screen,
            String advice) {
        this.wireName = wireName;
        this.title = title;
        this.about = about;
        this.severity = severity;
        this.usual = usual;
        this.unit = unit;
        this.screen = screen;
        this.advice = advice;
    }

    /** The rule of that name; empty when there is none. */
    public static Optional<AlertRule> parse(String name) {
        return Arrays.stream(values()).filter(rule -> rule.wireName.equals(name)).findFirst();
    }

    /** Its name on the wire, such as {@code failed_logins}. */
    public String wireName() {
        return wireName;
    }

    String title() {
        return title;
    }

    String about() {
        return about;
    }

    Severity severity() {
        return severity;
    }

    /** The terms until an administrator sets others. */
    Terms usualTerms() {
        return usual;
    }

    /** Whether it begins somewhere that can be set. */
    public boolean hasLeast() {
        return usual.least() > 0;
    }

    /** Whether it compares with what is usual. */
    public boolean hasFactor() {
        return usual.factor() > 0;
    }

    String unit() {
        return unit;
    }

    /** The screen where its cause is mended. */
    String screen() {
        return screen;
    }

    String advice() {
        return advice;
    }
}
