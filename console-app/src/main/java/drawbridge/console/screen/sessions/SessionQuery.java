package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.model.SessionRows;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.SessionState;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

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

    /**
     * A session with the row it had when it was looked at: events go on changing the entry while it
     * is sorted here, and a sort over keys that move fails.
     */
    private record Candidate(SessionEntry entry, SessionRow row) {}

    Found run(List<SessionEntry> sessions, AgentNames agents, Instant now) {
        List<Candidate> shown = new ArrayList<>();
        long live = 0;
        long ended = 0;
        for (SessionEntry entry : sessions) {
            SessionRow row = SessionRows.asOf(entry.row(), now);
            if (!filter.matches(row)) {
                continue;
            }
            SessionState state = SessionRows.state(row, now);
            boolean isLive = state == SessionState.LIVE;
            live += isLive ? 1 : 0;
            ended += isLive ? 0 : 1;
            if (isShown(state)) {
                shown.add(new Candidate(entry, row));
            }
        }
        shown.sort(Comparator.comparing(Candidate::row, order(agents, now)));
        return new Found(shown.stream().map(Candidate::entry).toList(), live, ended);
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

    private Comparator<SessionRow> order(AgentNames agents, Instant now) {
        Comparator<SessionRow> first = sort.order(agents, now);
        return (descending ? first.reversed() : first)
                .thenComparing(Comparator.comparing(SessionRow::createdAt).reversed())
                .thenComparing(SessionRow::ref);
    }
}
