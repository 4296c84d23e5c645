package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.SessionState;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

    /** A session with the row it had when it was looked at. */
    private record Candidate(SessionEntry entry, SessionRow row) {}

    Found run(List<SessionEntry> sessions, AgentNames agents, Instant now) {
        List<SessionEntry> shown = new ArrayList<>(sessions.size());
        long live = 0;
        long ended = 0;
        boolean looksAtUse = filter.looksAtUse();
        for (SessionEntry entry : sessions) {
            SessionState state = entry.state(now);
            if (!filter.matches(looksAtUse ? entry.row() : entry.told(), state, now)) {
                continue;
            }
            boolean isLive = state == SessionState.LIVE;
            live += isLive ? 1 : 0;
            ended += isLive ? 0 : 1;
            if (isShown(state)) {
                shown.add(entry);
            }
        }
        return new Found(sorted(shown, order(agents, now)), live, ended);
    }

    /**
     * Events go on changing entries while they are sorted here, and a sort over keys that move
     * fails: unless the column holds what never changes, rows are sorted as they were at one
     * moment. That is not done for every column, since it makes an object for each session.
     */
    private List<SessionEntry> sorted(List<SessionEntry> shown, Comparator<SessionRow> order) {
        if (sort.isFixed()) {
            shown.sort(Comparator.comparing(SessionEntry::told, order));
            return Collections.unmodifiableList(shown);
        }
        Candidate[] candidates = new Candidate[shown.size()];
        Arrays.setAll(candidates, i -> new Candidate(shown.get(i), shown.get(i).row()));
        Arrays.sort(candidates, Comparator.comparing(Candidate::row, order));
        for (int i = 0; i < candidates.length; i++) {
            shown.set(i, candidates[i].entry());
        }
        return Collections.unmodifiableList(shown);
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
