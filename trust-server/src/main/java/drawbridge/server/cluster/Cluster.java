package drawbridge.server.cluster;

import drawbridge.model.view.NodeRow;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.cluster.Barrier.Rest;
import drawbridge.server.session.LastTrusted;
import drawbridge.server.session.SessionCache;
import drawbridge.server.session.Tombstones;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.OwnConnections;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** This server among those that share its database, from start to end. Safe for many threads. */
public final class Cluster implements AutoCloseable {
    private static final Rest SLEEP = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());

    /**
     * Who this node is.
     *
     * @param isTold whether it listens for hints, which takes a connection that no pooler stands
     *     before
     */
    public record Identity(String node, String version, boolean isTold) {}

    /** What it answers from. */
    public record Answers(
            Tombstones tombstones, SessionCache sessions, Holdings settings, LastTrusted trusted) {}

    private final OwnConnections connections;
    private final boolean isTold;
    private final ClusterNode node;
    private final AtomicReference<String> url = new AtomicReference<>("");
    private @Nullable DatabaseHints hints;

    /**
     * Asks nothing of the database until {@link #start}; writes wait for the others from now on.
     */
    public Cluster(
            Database database,
            Identity self,
            Answers answers,
            DatabaseAuditLog audit,
            Clock clock) {
        this.connections = database.ownConnections();
        this.isTold = self.isTold();
        LeaseTerms terms = LeaseTerms.USUAL;
        DatabaseMembership membership =
                new DatabaseMembership(
                        connections,
                        new DatabaseMembership.Self(self.node(), self.version(), url::get),
                        audit,
                        clock);
        NodeLease lease = new NodeLease(System::nanoTime);
        LeaseKeeper keeper =
                new LeaseKeeper(
                        membership,
                        new LeaseKeeper.Memory(
                                lease,
                                answers.tombstones(),
                                answers.sessions(),
                                answers.settings(),
                                answers.trusted()),
                        terms,
                        clock,
                        System::nanoTime);
        Barrier barrier = new Barrier(membership, terms, clock, System::nanoTime, SLEEP);
        this.node =
                new ClusterNode(
                        self.node(),
                        new ClusterNode.Parts(membership, keeper, lease, barrier),
                        terms,
                        clock,
                        System::nanoTime);
        database.answerAfter(node);
        database.requireLog(answers.tombstones()::highest);
    }

    /** Joins; all that is held in memory is read afresh before this node answers from it. */
    public void start() {
        node.start();
        if (isTold) {
            hints = new DatabaseHints(connections.longLived(), node::poke);
        }
    }

    /** This node's standing, and what it sees of the others. */
    public ClusterNode node() {
        return node;
    }

    /** Tells the others where clients reach this node. */
    public void reachedAt(String publicUrl) {
        url.set(publicUrl);
    }

    /** Every node, as an administrator sees it. */
    public List<NodeRow> nodes() {
        return node.nodes();
    }

    @Override
    public void close() {
        DatabaseHints listening = hints;
        if (listening != null) {
            listening.close();
        }
        node.close();
        connections.close();
    }
}
