package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The server's state at one event number; following the events after {@code seq} keeps it true.
 *
 * @param seq the last event that is already contained
 * @param at the server's clock
 * @param server which server this is
 * @param liveSessions sessions that would be accepted now
 * @param users accounts
 * @param totals counts since the start
 * @param recent the last seconds, oldest first, at most 3 600
 * @param tiers what sessions are served from; null from a server that does not tell
 */
public record ServerSnapshot(
        long seq,
        Instant at,
        ServerInfo server,
        long liveSessions,
        long users,
        Totals totals,
        List<MetricsTick> recent,
        @Nullable TiersView tiers) {
    public ServerSnapshot {
        recent = List.copyOf(recent);
    }

    /** One that says nothing of tiers. */
    public ServerSnapshot(
            long seq,
            Instant at,
            ServerInfo server,
            long liveSessions,
            long users,
            Totals totals,
            List<MetricsTick> recent) {
        this(seq, at, server, liveSessions, users, totals, recent, null);
    }
}
