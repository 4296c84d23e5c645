package drawbridge.server.alert;

import drawbridge.model.TenantId;
import drawbridge.model.view.AlertFact;
import drawbridge.model.view.AlertView;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Alerts and the terms of their rules in the database. Safe for many threads. */
final class DatabaseAlerts {
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String SEEN_ANEW =
            "UPDATE SET cleared_at = :cleared, seen_at = :seen, summary = :summary, evidence = :evidence";

    private final Database database;
    private final DatabaseAuditLog audit;
    private final JsonMapper json = JsonMapper.shared();

    DatabaseAlerts(Database database, DatabaseAuditLog audit) {
        this.database = database;
        this.audit = audit;
    }

    /**
     * Writes those down as they are. What was said of one that is known stays: it may have been
     * said on another node.
     */
    void put(List<AlertView> alerts, Instant now) {
        database.write(
                DataScope.server(Why.UPKEEP),
                "writing alerts down",
                handle -> {
                    alerts.forEach(alert -> put(handle, alert, SEEN_ANEW));
                    return handle.createUpdate("DELETE FROM alert WHERE cleared_at < :before")
                            .bind("before", Times.micros(now.minus(KEPT)))
                            .execute();
                });
    }

    /** Writes down who has it in hand, or nobody, and in the same transaction that it was said. */
    void acknowledge(AlertView alert, String kind, String detail, By by, Instant now) {
        database.write(
                DataScope.server(Why.OPERATOR),
                "acknowledging an alert",
                handle -> {
                    put(handle, alert, "NOTHING");
                    handle.createUpdate(
                                    "UPDATE alert SET acknowledged_by = :by, acknowledged_at = :at WHERE id = :id")
                            .bind("by", alert.acknowledgedBy())
                            .bind("at", micros(alert.acknowledgedAt()))
                            .bind("id", alert.id())
                            .execute();
                    append(handle, kind, about(alert, detail), by, now);
                    return true;
                });
    }

    /**
     * Writes down until when nobody is told of its rule and subject, on any node, and in the same
     * transaction that it was said.
     */
    void snooze(AlertView alert, String kind, String detail, By by, Instant now) {
        database.write(
                DataScope.server(Why.OPERATOR),
                "snoozing an alert",
                handle -> {
                    put(handle, alert, "NOTHING");
                    handle.createUpdate(
                                    """
                                    UPDATE alert SET snoozed_by = :by, snoozed_until = :until
                                    WHERE rule = :rule AND subject = :subject
                                        AND (id = :id OR cleared_at IS NULL OR snoozed_until IS NOT NULL)
                                    """)
                            .bind("by", alert.snoozedBy())
                            .bind("until", micros(alert.snoozedUntil()))
                            .bind("rule", alert.rule())
                            .bind("subject", alert.subject())
                            .bind("id", alert.id())
                            .execute();
                    append(handle, kind, about(alert, detail), by, now);
                    return true;
                });
    }

    private static String about(AlertView alert, String detail) {
        return "%s %s of %s: %s".formatted(alert.id(), alert.rule(), alert.subject(), detail);
    }

    private void append(Handle handle, String kind, String detail, By by, Instant now) {
        audit.append(
                handle,
                AuditEntry.of(TenantId.DEFAULT, now, kind, by.actor())
                        .request(by.requestId())
                        .detail(detail));
    }

    /**
     * @param known what becomes of the row of one that is written down already
     */
    private void put(Handle handle, AlertView alert, String known) {
        handle.createUpdate(
                        """
                        INSERT INTO alert (id, node, rule, subject, since, cleared_at, seen_at, summary, evidence,
                            acknowledged_by, acknowledged_at, snoozed_by, snoozed_until)
                        VALUES (:id, :node, :rule, :subject, :since, :cleared, :seen, :summary, :evidence,
                            :ackBy, :ackAt, :snoozedBy, :snoozedUntil)
                        ON CONFLICT (id) DO <known>
                        """)
                .define("known", known)
                .bind("id", alert.id())
                .bind("node", alert.node())
                .bind("rule", alert.rule())
                .bind("subject", alert.subject())
                .bind("since", Times.micros(alert.since()))
                .bind("cleared", micros(alert.clearedAt()))
                .bind("seen", Times.micros(alert.seenAt()))
                .bind("summary", alert.summary())
                .bind("evidence", json.writeValueAsString(alert.evidence()))
                .bind("ackBy", alert.acknowledgedBy())
                .bind("ackAt", micros(alert.acknowledgedAt()))
                .bind("snoozedBy", alert.snoozedBy())
                .bind("snoozedUntil", micros(alert.snoozedUntil()))
                .execute();
    }

    private static @Nullable Long micros(@Nullable Instant at) {
        return at == null ? null : Times.micros(at);
    }

    /** What fires, what is snoozed, and what has cleared since; the newest first. */
    List<AlertView> since(Instant cleared, int most) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "reading alerts",
                handle ->
                        handle
                                .createQuery(
                                        """
                                        SELECT * FROM alert WHERE cleared_at IS NULL OR cleared_at >= :cleared
                                            OR snoozed_until >= :cleared
                                        ORDER BY since DESC, id LIMIT :most
                                        """)
                                .bind("cleared", Times.micros(cleared))
                                .bind("most", most)
                                .map((row, context) -> view(row))
                                .list()
                                .stream()
                                .flatMap(Optional::stream)
                                .toList());
    }

    /** Empty for a rule of a later version. */
    private Optional<AlertView> view(ResultSet row) throws SQLException {
        var rule = AlertRule.parse(row.getString("rule"));
        if (rule.isEmpty()) {
            return Optional.empty();
        }
        Instant cleared = instant(row, "cleared_at");
        return Optional.of(
                new AlertView(
                        row.getString("id"),
                        rule.get().wireName(),
                        row.getString("subject"),
                        rule.get().title(),
                        rule.get().severity().wireName(),
                        row.getString("node"),
                        cleared == null ? "firing" : "cleared",
                        Times.instant(row.getLong("since")),
                        cleared,
                        Times.instant(row.getLong("seen_at")),
                        row.getString("summary"),
                        Arrays.asList(json.readValue(row.getString("evidence"), AlertFact[].class)),
                        rule.get().screen(),
                        rule.get().advice(),
                        row.getString("acknowledged_by"),
                        instant(row, "acknowledged_at"),
                        row.getString("snoozed_by"),
                        instant(row, "snoozed_until")));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Times.instant(micros);
    }

    private record Named(String rule, Terms terms) {}

    /** The terms that an administrator has set. */
    Map<AlertRule, Terms> terms() {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "reading the rules of alerts",
                handle -> {
                    Map<AlertRule, Terms> all = new EnumMap<>(AlertRule.class);
                    List<Named> rows =
                            handle.createQuery("SELECT * FROM alert_rule")
                                    .map((row, context) ->
                                            new Named(row.getString("rule"), terms(row)))
                                    .list();
                    // One of a later version is none of ours.
                    rows.forEach(row ->
                            AlertRule.parse(row.rule())
                                    .ifPresent(rule -> all.put(rule, row.terms())));
                    return all;
                });
    }

    private static Terms terms(ResultSet row) throws SQLException {
        return new Terms(row.getInt("is_on") == 1, row.getInt("least"), row.getInt("factor"));
    }

    /** Sets terms, which is audited. */
    void set(Map<AlertRule, Terms> terms, By by, Instant now) {
        database.write(
                DataScope.server(Why.OPERATOR),
                "changing the rules of alerts",
                handle -> {
                    terms.forEach((rule, to) -> {
                        handle.createUpdate(
                                        """
                                        INSERT INTO alert_rule (rule, is_on, least, factor, changed_at, actor)
                                        VALUES (:rule, :on, :least, :factor, :at, :actor)
                                        ON CONFLICT (rule) DO UPDATE SET is_on = :on, least = :least,
                                            factor = :factor, changed_at = :at, actor = :actor
                                        """)
                                .bind("rule", rule.wireName())
                                .bind("on", to.on() ? 1 : 0)
                                .bind("least", to.least())
                                .bind("factor", to.factor())
                                .bind("at", Times.micros(now))
                                .bind("actor", by.actor())
                                .execute();
                        append(
                                handle,
                                "alert.rule_changed",
                                "%s %s, least %d, factor %d"
                                        .formatted(
                                                rule.wireName(),
                                                to.on() ? "on" : "off",
                                                to.least(),
                                                to.factor()),
                                by,
                                now);
                    });
                    return true;
                });
    }
}
