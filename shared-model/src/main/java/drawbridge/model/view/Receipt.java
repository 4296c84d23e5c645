package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What is proven of a revocation, or of the undo of one, at the moment it is answered.
 *
 * @param ref the session named; null when a user's, a tenant's or all sessions were
 * @param userId the user whose sessions were named; null when one session was
 * @param number its number in the revocation log
 * @param sessions how many live sessions it ended or restored; {@link #MOST_COUNTED} means that
 *     many or more, since however many there are must not hold their end up
 * @param requestedAt when the server received the request
 * @param committedAt when the database had it for good
 * @param nodes every node that refuses from now on, and since when
 * @param struckOut the names of nodes that did not answer until whatever they held had lapsed; they
 *     refuse too, and say nothing until they have asked anew
 * @param tookMicros from the request's arrival until every node refused, in microseconds
 * @param lastTrustedAt the last "valid" that any of the nodes had answered for the session; null
 *     when none remembers one, or when more than one session was named
 * @param undoUntil until when it can be restored; null when it cannot
 */
public record Receipt(
        @Nullable String ref,
        @Nullable String userId,
        long number,
        long sessions,
        Instant requestedAt,
        Instant committedAt,
        List<NodeApplied> nodes,
        List<String> struckOut,
        long tookMicros,
        @Nullable Instant lastTrustedAt,
        @Nullable Instant undoUntil) {
    /** So many sessions are counted at most. */
    public static final long MOST_COUNTED = 200_000;

    public Receipt {
        nodes = List.copyOf(nodes);
        struckOut = List.copyOf(struckOut);
    }
}
