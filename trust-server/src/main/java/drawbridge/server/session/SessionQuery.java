package drawbridge.server.session;

import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionState;
import drawbridge.model.filter.SessionFilter;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.statement.Query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A session filter as a condition of SQL. Values are bound, never written into the text. */
final class SessionQuery {
    /** A session is dead when this is greater than the number it was opened under. */
    static final String FLOOR =
            "<greatest>(u.revoked_through, t.revoked_through, st.everything_through)";

    private static final String NOT_ENDED = "s.ended_at IS NULL AND s.opened_number >= " + FLOOR;

    /** Would be accepted at {@code :now}. */
    static final String LIVE =
            "("
                    + NOT_ENDED
                    + " AND s.level = 'full' AND s.absolute_end > :now AND s.last_seen_at + s.idle_micros > :now)";

    private static final String EXPIRED =
            "("
                    + NOT_ENDED
                    + " AND (s.absolute_end <= :now OR s.last_seen_at + s.idle_micros <= :now))";
    private static final String HELD = "(s.ended_at IS NOT NULL AND s.undo_until > :now)";
    private static final String REVOKED =
            "((s.ended_at IS NOT NULL AND (s.undo_until IS NULL OR s.undo_until <= :now))"
                    + " OR (s.ended_at IS NULL AND s.opened_number < "
                    + FLOOR
                    + "))";

    private static final String DEVICE =
            "'dev-' || lower(substr(<hex>(coalesce(s.device_hash, s.device_cookie_hash)<as_hex>), 1, 8))";

    private final String sql;
    private final Map<String, Object> values;

    private SessionQuery(String sql, Map<String, Object> values) {
        this.sql = sql;
        this.values = values;
    }

    static SessionQuery of(SessionFilter filter, Instant now) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        for (SessionFilter.Term term : filter.terms()) {
            String name = "v" + conditions.size();
            String condition = condition(term, name, values);
            // NULL is neither like nor unlike, so a missing value counts as "does not hold".
            conditions.add("(" + condition + ") IS " + (term.negated() ? "NOT TRUE" : "TRUE"));
        }
        String sql = String.join(" AND ", conditions);
        if (sql.contains(":now")) {
            values.put("now", Times.micros(now));
        }
        return new SessionQuery(sql, values);
    }

    private static String condition(
            SessionFilter.Term term, String name, Map<String, Object> values) {
        return switch (term.key()) {
            case TEXT ->
                    like(
                            term.value(),
                            name,
                            values,
                            "u.email",
                            "s.user_id",
                            "s.ip",
                            "s.agent",
                            "s.ref",
                            DEVICE);
            case USER -> like(term.value(), name, values, "u.email", "s.user_id");
            case IP -> ip(term, name, values);
            case DEVICE ->
                    term.value().equals(SessionFilter.KNOWN)
                            ? "NOT " + Risks.NO_DEVICE
                            : like(term.value(), name, values, DEVICE);
            case AGENT -> like(term.value(), name, values, "s.agent");
            case REF -> like(term.value(), name, values, "s.ref");
            case TENANT -> {
                values.put(name, term.value());
                yield "s.tenant_id = :" + name;
            }
            case STATE -> states(term.value());
            case MODE -> {
                List<String> any = new ArrayList<>();
                for (String mode : term.value().split(",", -1)) {
                    String bound = name + "m" + any.size();
                    values.put(bound, mode);
                    any.add(":" + bound);
                }
                yield "coalesce(lower(s.strictest_mode), '%s') IN (%s)"
                        .formatted(SessionFilter.NO_MODE, String.join(", ", any));
            }
            case RISK -> Risks.of(term.value());
            case IDLE -> time(":now - s.last_seen_at", term, name, values);
            case AGE -> time(":now - s.created_at", term, name, values);
            case LEFT ->
                    time(
                            "<least>(s.absolute_end, s.last_seen_at + s.idle_micros) - :now",
                            term,
                            name,
                            values);
        };
    }

    private static String time(
            String time, SessionFilter.Term term, String name, Map<String, Object> values) {
        SessionFilter.Span span = Objects.requireNonNull(term.span());
        values.put(name, span.than().toNanos() / 1000);
        return "(%s) %s :%s".formatted(time, span.longer() ? ">" : "<", name);
    }

    /** What was never recorded of a session. */
    private static final class Risks {
        static final String NO_DEVICE = "(s.device_hash IS NULL AND s.device_cookie_hash IS NULL)";

        private Risks() {}

        static String of(String names) {
            List<String> wanted = List.of(names.split(",", -1));
            List<String> any = new ArrayList<>();
            for (SessionFilter.Risk risk : SessionFilter.Risk.values()) {
                if (wanted.contains(SessionFilter.ANY) || wanted.contains(risk.word())) {
                    any.add(
                            switch (risk) {
                                case NO_DEVICE -> NO_DEVICE;
                                case NO_AGENT -> "s.agent IS NULL";
                                case NO_IP -> "s.ip IS NULL";
                            });
                }
            }
            return "(" + String.join(" OR ", any) + ")";
        }
    }

    private static String states(String names) {
        List<String> any = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            SessionState.parse(name)
                    .ifPresent(state ->
                            any.add(
                                    switch (state) {
                                        case LIVE -> LIVE;
                                        case HELD -> HELD;
                                        case REVOKED -> REVOKED;
                                        case EXPIRED -> EXPIRED;
                                    }));
        }
        return "(" + String.join(" OR ", any) + ")";
    }

    private static String ip(SessionFilter.Term term, String name, Map<String, Object> values) {
        IpNetwork network = term.network();
        if (network == null) {
            values.put(name, escaped(term.value().toLowerCase(Locale.ROOT)) + "%");
            return "s.ip LIKE :" + name + " ESCAPE '!'";
        }
        values.put(name + "low", edge(network, 0x00));
        values.put(name + "high", edge(network, 0xff));
        return "(length(s.ip_bytes) = length(:%1$slow) AND s.ip_bytes BETWEEN :%1$slow AND :%1$shigh)"
                .formatted(name);
    }

    /** The network's first address with every free bit set to that of {@code fill}. */
    private static byte[] edge(IpNetwork network, int fill) {
        IpAddress address = network.address();
        byte[] bytes = address.bytes();
        for (int bit = network.bits(); bit < bytes.length * 8; bit++) {
            int mask = 0x80 >> (bit % 8);
            int value = bytes[bit / 8] & 0xff;
            bytes[bit / 8] = (byte) (fill == 0 ? value & ~mask : value | mask);
        }
        return bytes;
    }

    private static String like(
            String value, String name, Map<String, Object> values, String... columns) {
        values.put(name, "%" + escaped(value.toLowerCase(Locale.ROOT)) + "%");
        List<String> any = new ArrayList<>();
        for (String column : columns) {
            any.add("(lower(%s) LIKE :%s ESCAPE '!') IS TRUE".formatted(column, name));
        }
        return "(" + String.join(" OR ", any) + ")";
    }

    /** With ! before what LIKE reads as a pattern; a backslash would be read by Jdbi. */
    private static String escaped(String value) {
        return value.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    boolean isEmpty() {
        return sql.isEmpty();
    }

    String sql() {
        return sql;
    }

    Query bind(Query query) {
        values.forEach(query::bind);
        return query;
    }
}
