package drawbridge.server.admin;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.NodeRow;
import drawbridge.server.event.EventHub;
import drawbridge.server.storage.StoreUnavailableException;

import java.util.List;
import java.util.function.Supplier;

/**
 * Tells of the servers that share a database whenever one of them comes, goes, applies rows, or
 * holds its lease no more. One thread looks; the figures are for any.
 */
public final class NodesWatch {
    private final EventHub events;
    private final Supplier<List<NodeRow>> nodes;
    private volatile List<NodeRow> told = List.of();

    /**
     * @param nodes asks the database for every one that is registered
     */
    public NodesWatch(EventHub events, Supplier<List<NodeRow>> nodes) {
        this.events = events;
        this.nodes = nodes;
    }

    /**
     * Looks, and tells what has changed. While the database is away it is known of this node only
     * that its lease cannot be renewed.
     */
    public void look() {
        try {
            tell(nodes.get());
        } catch (StoreUnavailableException e) {
            tell(told.stream().map(node -> node.self() ? with(node, "lapsed", 0) : node).toList());
        }
    }

    private void tell(List<NodeRow> now) {
        boolean isNews =
                !now.stream()
                        .map(NodesWatch::timeless)
                        .toList()
                        .equals(told.stream().map(NodesWatch::timeless).toList());
        told = now;
        if (isNews) {
            events.publish((seq, at) -> new ServerEvent.NodesChanged(seq, at, now));
        }
    }

    /** How long a node has been silent always changes. */
    private static NodeRow timeless(NodeRow node) {
        return with(node, node.lease(), 0);
    }

    private static NodeRow with(NodeRow node, String lease, long silentMillis) {
        return new NodeRow(
                node.node(),
                node.incarnation(),
                node.applied(),
                lease,
                silentMillis,
                node.version(),
                node.url(),
                node.self());
    }

    /** How many were registered when it looked last. */
    public int registered() {
        return told.size();
    }

    /** How many of them held no lease. */
    public long lapsed() {
        return told.stream().filter(node -> !node.lease().equals("held")).count();
    }
}
