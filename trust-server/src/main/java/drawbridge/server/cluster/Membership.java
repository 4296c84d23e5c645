package drawbridge.server.cluster;

import drawbridge.server.session.Revocation;

import java.util.List;

/**
 * The database's part: which nodes there are, and what each has applied of the revocation log. Each
 * method is one transaction, and throws {@link drawbridge.server.storage.StoreUnavailableException}
 * when it is not sure to have happened.
 */
public interface Membership {
    /**
     * A node that has just joined, with nothing in its memory.
     *
     * @param incarnation differs from every earlier one of any node
     * @param number the log's number now; what it holds is included in all that is read from here
     *     on
     */
    record Joined(long incarnation, long number) {}

    /** How a renewal went. */
    sealed interface Renewal {
        /** The node has applied every row; its lease counts from before it asked. */
        record Granted() implements Renewal {}

        /** It has not; these are the rows it lacks, in order. There is no lease with them. */
        record Behind(List<Revocation> rows) implements Renewal {
            public Behind {
                rows = List.copyOf(rows);
            }
        }

        /**
         * The node is no longer known: it was expelled, or this is not the database it joined. What
         * it holds is worth nothing.
         */
        record Expelled() implements Renewal {}
    }

    /**
     * A node and the last row it has reported as applied.
     *
     * @param node its name
     * @param applied the row's number
     */
    record NodeApplied(String node, long applied) {}

    /** Registers the node, in place of an earlier incarnation of the same name. */
    Joined join(String node);

    /**
     * Notes what the node has applied, and looks whether that is everything. Ordered with every
     * revocation: it locks the counter row that a revocation changes, so that no lease is granted
     * past a row that is committed.
     */
    Renewal renew(String node, long incarnation, long applied);

    /** Every node that is registered. */
    List<NodeApplied> nodes();

    /** Strikes out every node that has not applied that row; it must join again. */
    void expelBehind(long number);
}
