package drawbridge.server.session;

import drawbridge.model.view.NodeApplied;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Tells of which nodes it was seen that they refuse what a revocation named. Many threads. */
public interface Witness {
    /**
     * What was seen of a row.
     *
     * @param committedAt when the database had it for good
     * @param nodes those that have applied it, and when that was seen
     * @param struckOut the names of those that had not when their leases had lapsed; they must join
     *     again
     */
    record Held(Instant committedAt, List<NodeApplied> nodes, List<String> struckOut) {
        public Held {
            nodes = List.copyOf(nodes);
            struckOut = List.copyOf(struckOut);
        }
    }

    /** The name of this node. */
    String node();

    /**
     * What was seen of that row, whose write has just been answered, or that a write has just
     * waited for again.
     *
     * @return no nodes when nobody looked
     */
    Held heldBy(long number);

    /** The same of a row that was answered before, perhaps. */
    default Held heldAgainBy(long number) {
        return heldBy(number);
    }

    /** Of a node that is alone: it has applied its own rows when they are answered. */
    static Witness alone(String node, LastTrusted trusted, Clock clock) {
        return new Witness() {
            @Override
            public String node() {
                return node;
            }

            @Override
            public Held heldBy(long number) {
                Instant now = clock.instant();
                return new Held(
                        now,
                        List.of(new NodeApplied(node, now, trusted.before(number))),
                        List.of());
            }

            @Override
            public Held heldAgainBy(long number) {
                return new Held(clock.instant(), List.of(), List.of());
            }
        };
    }
}
