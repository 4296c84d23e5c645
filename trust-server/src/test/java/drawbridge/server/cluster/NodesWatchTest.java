package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.NodeRow;
import drawbridge.server.admin.NodesWatch;
import drawbridge.server.event.EventHub;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What is told of the nodes, and what while the database that knows them is away. */
class NodesWatchTest {
    private final EventHub events = new EventHub(10, Clock.systemUTC());
    private final long before = events.last();
    private @Nullable List<NodeRow> nodes = List.of();
    private final NodesWatch watch = new NodesWatch(events, this::nodes);

    private List<NodeRow> nodes() {
        List<NodeRow> known = nodes;
        if (known == null) {
            throw new StoreUnavailableException(
                    "database", "reading the nodes", new IllegalStateException("away"));
        }
        return known;
    }

    @Test
    void tellsOfAChangeOnceAndNotOfTheTimeThatPasses() throws InterruptedException {
        nodes = List.of(node("a", 7, "held", 10, true), node("b", 7, "held", 20, false));
        watch.look();
        nodes = List.of(node("a", 7, "held", 30, true), node("b", 7, "held", 40, false));
        watch.look();
        nodes = List.of(node("a", 8, "held", 30, true), node("b", 7, "lapsed", 2_500, false));
        watch.look();

        assertThat(told())
                .containsExactly(
                        List.of(node("a", 7, "held", 10, true), node("b", 7, "held", 20, false)),
                        List.of(
                                node("a", 8, "held", 30, true),
                                node("b", 7, "lapsed", 2_500, false)));
        assertThat(watch.registered()).isEqualTo(2);
        assertThat(watch.lapsed()).isEqualTo(1);
    }

    @Test
    void saysOfItselfOnlyThatItsLeaseRanOutWhileTheDatabaseIsAway() throws InterruptedException {
        nodes = List.of(node("a", 7, "held", 10, true), node("b", 7, "held", 20, false));
        watch.look();
        nodes = null;
        watch.look();
        watch.look();

        assertThat(told().getLast())
                .containsExactly(node("a", 7, "lapsed", 0, true), node("b", 7, "held", 20, false));
        assertThat(told()).hasSize(2);
        assertThat(watch.lapsed()).isEqualTo(1);
    }

    private List<List<NodeRow>> told() throws InterruptedException {
        return events.after(before, 10, Duration.ZERO).stream()
                .map(event -> ((ServerEvent.NodesChanged) event).nodes())
                .toList();
    }

    private static NodeRow node(
            String name, long applied, String lease, long silentMillis, boolean self) {
        return new NodeRow(name, 1, applied, lease, silentMillis, "1.0", null, self);
    }
}
