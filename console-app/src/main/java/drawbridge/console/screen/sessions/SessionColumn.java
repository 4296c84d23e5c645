package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.SessionState;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.SessionRow;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

    private static final List<SessionState> STATES = List.of(SessionState.values());

    /** The name under which it is remembered and styled. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its values move while nobody does anything: every use of a session moves the row. */
    boolean isMoving() {
        return this == LAST_SEEN || this == EXPIRES;
    }

    /** Whether it holds texts: {@link #sortedAs} says which, else {@link #number}. */
    boolean isText() {
        return this == USER || this == IP || this == DEVICE || this == AGENT;
    }

    /** What a column of numbers sorts by, ascending. */
    long number(SessionEntry entry, Instant now) {
        return switch (this) {
            case CREATED -> entry.createdNanos();
            case LAST_SEEN -> entry.lastSeenNanos();
            case EXPIRES -> entry.expiresNanos();
            case MODE -> strictness(entry.told());
            case STATE -> STATES.indexOf(entry.state(now));
            case USER, IP, DEVICE, AGENT -> throw new IllegalStateException(this + " holds texts");
        };
    }

    /**
     * The text by which a column of texts sorts that session, ascending, whatever the letters'
     * case; empty when it holds none.
     */
    Optional<String> sortedAs(SessionEntry entry, AgentNames agents) {
        SessionRow row = entry.told();
        return switch (this) {
            case USER -> Optional.of(row.email());
            case IP -> Optional.ofNullable(row.ip()).map(SessionColumn::addressKey);
            case DEVICE -> Optional.ofNullable(row.device());
            case AGENT -> Optional.ofNullable(row.agent()).map(agents::of);
            default -> throw new IllegalStateException(this + " holds numbers");
        };
    }

    private static int strictness(SessionRow row) {
        return row.strictestMode() == null
                ? -1
                : ValidationMode.parse(row.strictestMode()).map(Enum::ordinal).orElse(-1);
    }

    /** Sorts IPv4 by number, before IPv6 by text. */
    private static String addressKey(String ip) {
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
