package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionRows;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** The columns of the table, and how each of them sorts. */
public enum SessionColumn {
    USER,
    IP,
    DEVICE,
    AGENT,
    CREATED,
    LAST_SEEN,
    EXPIRES,
    MODE,
    STATE;

    /** The name under which it is remembered and styled. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its values move while nobody does anything: every use of a session moves the row. */
    boolean isMoving() {
        return this == LAST_SEEN || this == EXPIRES;
    }

    /** Whether its values stand since the session was opened. */
    boolean isFixed() {
        return this == IP || this == DEVICE || this == AGENT || this == CREATED;
    }

    /** The order of this column, ascending; on rows as they are, never on cells. */
    Comparator<SessionRow> order(AgentNames agents, Instant now) {
        return switch (this) {
            case USER -> byText(row -> row.email());
            case IP -> Comparator.comparing(row -> addressKey(row.ip()));
            case DEVICE -> byText(SessionRow::device);
            case AGENT -> byText(row -> row.agent() == null ? null : agents.of(row.agent()));
            case CREATED -> Comparator.comparing(SessionRow::createdAt);
            case LAST_SEEN -> Comparator.comparing(SessionRow::lastSeenAt);
            case EXPIRES -> Comparator.comparing(SessionRow::expiresAt);
            case MODE -> Comparator.comparingInt(SessionColumn::strictness);
            case STATE -> Comparator.comparing(row -> SessionRows.state(row, now));
        };
    }

    private interface Text {
        @Nullable String of(SessionRow row);
    }

    private static Comparator<SessionRow> byText(Text text) {
        return (a, b) -> {
            String left = text.of(a);
            String right = text.of(b);
            if (left == null || right == null) {
                return left == null ? (right == null ? 0 : 1) : -1;
            }
            return left.compareToIgnoreCase(right);
        };
    }

    private static int strictness(SessionRow row) {
        return row.strictestMode() == null
                ? -1
                : ValidationMode.parse(row.strictestMode()).map(Enum::ordinal).orElse(-1);
    }

    /** Sorts IPv4 by number, before IPv6 by text; absent ones last. */
    static String addressKey(@Nullable String ip) {
        if (ip == null) {
            return "~";
        }
        if (ip.indexOf(':') >= 0) {
            return "g" + ip;
        }
        StringBuilder key = new StringBuilder(12);
        int from = 0;
        while (from <= ip.length()) {
            int dot = ip.indexOf('.', from);
            int to = dot < 0 ? ip.length() : dot;
            for (int pad = to - from; pad < 3; pad++) {
                key.append('0');
            }
            key.append(ip, from, to);
            from = to + 1;
        }
        return key.toString();
    }
}
