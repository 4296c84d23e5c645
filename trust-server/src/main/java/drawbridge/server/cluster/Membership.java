package drawbridge.server.cluster;

import drawbridge.server.session.Revocation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The database's part, as one node sees it: which nodes there are, what each has applied of the
 * revocation log, and the log. Each method is one transaction, and throws {@link
 * drawbridge.server.storage.StoreUnavailableException} when it is not sure to have happened. Safe
 * for many threads.
 */
public interface Membership {
    /**
     * A node that has just joined, with nothing in its memory.
     *
     * @param incarnation differs from every earlier one of any node
     * @param number the log's number now; what it holds is included in all that is read from here
     *     on
     * @param database which history the numbers belong to: another one after a failover or a
     *     restore
     */
    record Joined(long incarnation, long number, String database) {}

    /**
     * Rows of the log.
     *
     * @param rows in order, as far as there are any: numbers may be left out
     * @param through they are all that is committed up to this number
     */
    record News(List<Revocation> rows, long through) {
        public News {
            rows = List.copyOf(rows);
        }
    }

    /** How a renewal went. */
    sealed interface Renewal {
        /** The node has applied every row; its lease counts from before it asked. */
        record Granted() implements Renewal {}

        /** It has not, and this is what it lacks. There is no lease with it. */
        record Behind(News news) implements Renewal {}

        /**
         * The node is no longer known: it was expelled, or this is not the database it joined. What
         * it holds is worth nothing.
         */
        record Expelled() implements Renewal {}

        /**
         * Somebody is in the middle of a revocation and does not end. There is no lease, but the
         * log can be read.
         */
        record Blocked() implements Renewal {}
    }

    /**
     * When a node had last answered "valid" for the session that a row ended.
     *
     * @param number of the row
     */
    record LastValid(long number, Instant at) {}

    /**
     * A registered node.
     *
     * @param node its name, which an earlier incarnation of it may share
     * @param incarnation which of its lives
     * @param applied the last row it has reported as applied
     * @param renewals which of its reports was the last: each has a greater number, and none has
     *     one that another had, whatever a crash of the database made it forget
     * @param version of its program
     * @param lastValid what it told of the rows it has just applied
     * @param url where it is reached; empty while it is not
     */
    record Member(
            String node,
            long incarnation,
            long applied,
            long renewals,
            Map<Long, Instant> lastValid,
            String version,
            String url) {
        public Member {
            lastValid = Map.copyOf(lastValid);
        }
    }

    /**
     * The nodes of one instant.
     *
     * @param reached the number of the log's last row
     */
    record Nodes(long reached, List<Member> members) {
        public Nodes {
            members = List.copyOf(members);
        }
    }

    /**
     * Registers this node. Earlier incarnations of the same name stay: they may still hold a lease.
     *
     * @param known the last row this node knows to have been committed. A log that does not reach
     *     it has lost rows, and nobody can say what they ended: everything is ended first, by a row
     *     with a greater number
     */
    Joined join(long known);

    /**
     * Notes what the node has applied, and looks whether that is everything. Ordered with every
     * revocation: it locks the counter row that a revocation changes, so that no lease is granted
     * past a row that is committed.
     *
     * @param lastValid of the sessions that rows ended which it has just applied
     * @param isLasting whether no crash of the database may forget it. A lease may only follow from
     *     one that lasts: others strike out whose reports they do not see, and after a crash they
     *     would not see one that was forgotten
     */
    Renewal renew(Joined as, long applied, List<LastValid> lastValid, boolean isLasting);

    /**
     * What was committed after that number, without waiting for anybody; gives no lease.
     *
     * @return empty when the node was expelled, this is not the database it joined, or the log ends
     *     before that number
     */
    Optional<News> read(Joined as, long after);

    /** The number of the log's last row. */
    long reached();

    /** Every node that is registered, and how far the log goes, at one instant. */
    Nodes nodes();

    /** Every node that is registered. */
    default List<Member> members() {
        return nodes().members();
    }

    /** Strikes out every node that has not applied that row; it must join again. */
    void expelBehind(long number);

    /** Strikes a node out, unless it has renewed since it was seen so. */
    void expelSilent(Member asSeen);

    /** Takes this node away, which holds no lease any more. */
    void leave(Joined as);

    /** Tells the other nodes that there is something to read; may be lost. */
    void hint(long number);
}
