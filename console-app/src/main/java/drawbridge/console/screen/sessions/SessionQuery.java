package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.model.SessionRows;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.SessionState;
import drawbridge.model.filter.SessionFilter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which sessions are shown, and in which order. Pure: runs on any thread over a copy of the model's
 * list.
 *
 * @param filter the words that must hold
 * @param scope which of those that pass are shown
 * @param sort the column they are sorted by; equal ones by their time of opening, newest first
 * @param descending whether that column's order is turned round
 */
record SessionQuery(SessionFilter filter, Scope scope, SessionColumn sort, boolean descending) {
    /** Live means: would be accepted now. */
    enum Scope {
        LIVE,
        ENDED,
        ALL
    }

    /**
     * What was found.
     *
     * @param rows what is shown, sorted
     * @param live how many that pass the filter would be accepted now
     * @param ended how many that pass the filter would not
     */
    record Found(List<SessionEntry> rows, long live, long ended) {}

    Found run(List<SessionEntry> sessions, AgentNames agents, Instant now) {
        List<SessionEntry> rows = new ArrayList<>();
        long live = 0;
        long ended = 0;
        for (SessionEntry entry : sessions) {
            if (!filter.matches(SessionRows.asOf(entry.row(), now))) {
                continue;
            }
            boolean isLive = entry.state(now) == SessionState.LIVE;
            live += isLive ? 1 : 0;
            ended += isLive ? 0 : 1;
            if (isShown(entry.state(now))) {
                rows.add(entry);
            }
        }
        rows.sort(order(agents, now));
        return new Found(rows, live, ended);
    }

    /**
     * A revocation that can still be undone stays where it was, so that the row can say how it went
     * and offer Undo; it is not counted as live.
     */
    private boolean isShown(SessionState state) {
        return switch (scope) {
            case ALL -> true;
            case LIVE -> state == SessionState.LIVE || state == SessionState.HELD;
            case ENDED -> state != SessionState.LIVE;
        };
    }

    private Comparator<SessionEntry> order(AgentNames agents, Instant now) {
        Comparator<SessionEntry> first = sort.order(agents, now);
        Comparator<SessionEntry> newestFirst =
                Comparator.comparing((SessionEntry entry) -> entry.row().createdAt()).reversed();
        return (descending ? first.reversed() : first)
                .thenComparing(newestFirst)
                .thenComparing(SessionEntry::ref);
    }
}
