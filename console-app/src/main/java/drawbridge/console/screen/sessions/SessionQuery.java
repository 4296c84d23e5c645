package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.SessionState;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

import java.time.Instant;
import java.util.ArrayList;
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
        List<SessionEntry> shown = new ArrayList<>(sessions.size());
        long live = 0;
        long ended = 0;
        boolean looksAtUse = filter.looksAtUse();
        SessionFilter.Sieve sieve = filter.sieve();
        for (SessionEntry entry : sessions) {
            SessionState state = entry.state(now);
            SessionRow row = looksAtUse ? entry.row() : entry.told();
            if (!sieve.matches(row, entry.searched(), state, now)) {
                continue;
            }
            boolean isLive = state == SessionState.LIVE;
            live += isLive ? 1 : 0;
            ended += isLive ? 0 : 1;
            if (isShown(state)) {
                shown.add(entry);
            }
        }
        return new Found(SessionSort.sorted(shown, sort, descending, agents, now), live, ended);
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
}
